import {
  type Actor,
  accountsOfMembers,
  assignmentsOfMembers,
  clientSummaries,
  clientsOfScopes,
  getClients,
  getMembers,
  getResources,
  getRoles,
  getWorkspaces,
  grantsOfClients,
  scopesOfResources,
  tenantSummaries,
  useOfResources,
} from "@mintmark/domain";

type Load<T> = (actor: Actor, id: string) => Promise<T>;

interface Batch<T> {
  readonly ids: Set<string>;
  readonly loaded: Promise<ReadonlyMap<string, T>>;
}

/**
 * Collects the ids that one request's resolvers ask for at the same moment and loads them together: a page of a hundred
 * clients asks for its grants once. Nothing is kept, so that what a mutation changed is read again.
 */
export function batched<T>(loadMany: (actor: Actor, ids: readonly string[]) => Promise<readonly T[]>): Load<T> {
  const open = new WeakMap<Actor, Batch<T>>();
  const begin = (actor: Actor): Batch<T> => {
    const ids = new Set<string>();
    const loaded = new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
      open.delete(actor);
      const wanted = [...ids];
      const found = await loadMany(actor, wanted);
      return new Map(wanted.map((id, at) => [id, found[at] as T]));
    });
    const batch = { ids, loaded };
    open.set(actor, batch);
    return batch;
  };
  return async (actor, id) => {
    const { ids, loaded } = open.get(actor) ?? begin(actor);
    ids.add(id);
    return (await loaded).get(id) as T;
  };
}

export const loadWorkspace = batched(getWorkspaces);
export const loadResource = batched(getResources);
export const loadRole = batched(getRoles);
export const loadClient = batched(getClients);
export const loadMember = batched(getMembers);
export const loadMemberAccount = batched(accountsOfMembers);
export const loadMemberAssignments = batched(assignmentsOfMembers);
export const loadScopes = batched(scopesOfResources);
export const loadGrants = batched(grantsOfClients);
export const loadClientSummary = batched(clientSummaries);
export const loadTenantSummary = batched(tenantSummaries);
export const loadResourceUse = batched(useOfResources);
export const loadScopeClients = batched(clientsOfScopes);

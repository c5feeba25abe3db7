import type { ScopeGroup } from "../../ui/scope-grid.tsx";

/** One API with its scopes, as the server lists it. */
export interface Api {
  readonly id: string;
  readonly name: string;
  readonly identifier: string;
  readonly isOwnApi: boolean;
  readonly scopes?: readonly { readonly id: string; readonly name: string; readonly description: string }[] | null;
}

/** What a client may ask for at one API. */
export interface Grant {
  readonly scopes: readonly string[];
  /** ISO 8601; null: until it is withdrawn. */
  readonly expiresAt?: string | null;
  readonly resource?: Api | null;
}

/** What saving would do at one API, in scope names. */
export interface ApiChange {
  readonly api: Api;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** When what it holds there ends; null: it does not, or it holds nothing. */
  readonly expiresAt: string | null;
}

/** The grants that still give something. */
export const livingGrants = <Held extends Pick<Grant, "scopes" | "expiresAt">>(
  grants: readonly Held[],
  now: number,
): readonly Held[] =>
  grants.filter(({ scopes, expiresAt }) => scopes.length > 0 && (!expiresAt || Date.parse(expiresAt) > now));

/** Each API once, those that the client may call first, else in the server's order. */
export function apisOf(grants: readonly Grant[], listed: readonly Api[]): readonly Api[] {
  const granted = grants.flatMap(({ resource, scopes }) => (resource && scopes.length > 0 ? [resource] : []));
  const byId = new Map([...granted, ...listed].map((api) => [api.id, api]));
  return [...byId.values()];
}

/** The names that the client holds at that API. */
const heldAt = (grants: readonly Grant[], apiId: string): readonly string[] =>
  grants.find(({ resource }) => resource?.id === apiId)?.scopes ?? [];

/**
 * The rows of the grid. Scopes of Mintmark's own APIs that the person does not hold everywhere (`held`) are locked, and with them
 * the whole API when the client holds one of them.
 */
export function gridOf(
  apis: readonly Api[],
  grants: readonly Grant[],
  held: ReadonlySet<string>,
  reasons: { readonly scope: string; readonly api: string },
): readonly ScopeGroup[] {
  return apis.map((api) => {
    const names = heldAt(grants, api.id);
    const isBeyond = api.isOwnApi && names.some((name) => !held.has(name));
    return {
      id: api.id,
      name: api.name,
      identifier: api.identifier,
      scopes: (api.scopes ?? []).map((scope) => {
        const locked = isBeyond ? reasons.api : api.isOwnApi && !held.has(scope.name) ? reasons.scope : undefined;
        return {
          id: scope.id,
          name: scope.name,
          description: scope.description,
          granted: names.includes(scope.name),
          ...(locked === undefined ? {} : { lockedReason: locked }),
        };
      }),
    };
  });
}

/** The ids of all scopes that the grid holds as granted. */
export const grantedIn = (groups: readonly ScopeGroup[]): ReadonlySet<string> =>
  new Set(groups.flatMap(({ scopes }) => scopes.filter(({ granted }) => granted).map(({ id }) => id)));

/** What a person ticked and unticked (ids): it stays their choice whatever others change meanwhile. */
export interface Choice {
  readonly ticked: ReadonlySet<string>;
  readonly unticked: ReadonlySet<string>;
}

export const NO_CHOICE: Choice = { ticked: new Set(), unticked: new Set() };

/** What was chosen to come from `granted` to `wanted`. */
export const choiceOf = (granted: ReadonlySet<string>, wanted: ReadonlySet<string>): Choice => ({
  ticked: wanted.difference(granted),
  unticked: granted.difference(wanted),
});

/** What the client would hold, with the choice made on top of what it holds now. */
export const chosenOn = (granted: ReadonlySet<string>, { ticked, unticked }: Choice): ReadonlySet<string> =>
  granted.union(ticked).difference(unticked);

/** What must be saved, API by API, so that the client holds exactly `wanted` (ids) of what the grid shows. */
export function changesOf(
  apis: readonly Api[],
  grants: readonly Grant[],
  wanted: ReadonlySet<string>,
): readonly ApiChange[] {
  return apis.flatMap((api) => {
    const before = heldAt(grants, api.id);
    const after = (api.scopes ?? []).filter(({ id }) => wanted.has(id)).map(({ name }) => name);
    const added = after.filter((name) => !before.includes(name));
    const removed = before.filter((name) => !after.includes(name));
    const expiresAt = grants.find(({ resource }) => resource?.id === api.id)?.expiresAt ?? null;
    return added.length + removed.length === 0 ? [] : [{ api, before, after, added, removed, expiresAt }];
  });
}

/** The grid without what the search leaves out: an API stays whole when its own name matches. */
export function matching(groups: readonly ScopeGroup[], search: string): readonly ScopeGroup[] {
  const words = search.trim().toLowerCase();
  if (words === "") return groups;
  const has = (text: string) => text.toLowerCase().includes(words);
  return groups.flatMap((group) => {
    if (has(group.name) || has(group.identifier)) return [group];
    const scopes = group.scopes.filter(({ name, description }) => has(name) || has(description));
    return scopes.length > 0 ? [{ ...group, scopes }] : [];
  });
}

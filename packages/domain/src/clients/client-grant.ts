import { clientGrantScopes, clientGrants, clients, resources, scopes } from "@mintmark/db/schema";
import { and, asc, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { refuseBeyondHeld } from "../authority/escalation.ts";
import { holds } from "../authority/principal.ts";
import {
  type Actor,
  type Answer,
  type Changed,
  change,
  mayRead,
  type Operation,
  readerOf,
  refuse,
  refuseWithoutStepUp,
} from "../change/actor.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { newId } from "../id.ts";
import { futureInstant, id, instant } from "../input.ts";
import { found, type LivingRow, livingRow, livingRows, locateRow, naming, targetOf } from "../living-row.ts";
import { scopeName } from "../resources/scope-name.ts";
import { refuseOwned } from "./client-row.ts";
import { isGrantedAt } from "./living-grant.ts";

/** What a client may ask for at one resource. Without a scope it is nothing. */
export interface ClientGrant {
  readonly id: string;
  readonly workspaceId: string;
  /** The client's internal id. */
  readonly clientId: string;
  readonly resourceId: string;
  /** Names, sorted. */
  readonly scopes: readonly string[];
  /** From then on it gives nothing; null: until it is withdrawn. */
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
}

/** A grant of a row and the names of its scopes. */
export const grantOf = (row: Omit<ClientGrant, "scopes">, scopes: readonly string[]): ClientGrant => ({
  id: row.id,
  workspaceId: row.workspaceId,
  clientId: row.clientId,
  resourceId: row.resourceId,
  scopes,
  expiresAt: row.expiresAt,
  createdAt: row.createdAt,
});

/** The names of each grant's scopes, sorted. */
export async function scopesByGrant(read: Reader, grantIds: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  if (grantIds.length === 0) return new Map();
  const rows = await read.tx
    .select({ grantId: clientGrantScopes.grantId, name: scopes.name })
    .from(clientGrantScopes)
    .innerJoin(scopes, and(eq(scopes.tenantId, clientGrantScopes.tenantId), eq(scopes.id, clientGrantScopes.scopeId)))
    .where(and(eq(clientGrantScopes.tenantId, read.tenantId), inArray(clientGrantScopes.grantId, [...grantIds])))
    .orderBy(asc(scopes.name));
  return new Map([...Map.groupBy(rows, (row) => row.grantId)].map(([id, names]) => [id, names.map((row) => row.name)]));
}

/** The names of one grant's scopes. */
export const grantedScopes = z.array(scopeName).max(200, "At most 200 scopes in one grant.");

const setInput = z.strictObject({
  clientId: id,
  resourceId: id,
  scopes: grantedScopes,
  /** What the caller had read: where it is no longer so, nothing is done. */
  expectedScopes: grantedScopes.nullish(),
  /** Left out, the end stays; after it has passed it is to be said. */
  expiresAt: futureInstant.nullish(),
  /** The end that the caller had read. */
  expectedExpiresAt: instant.nullish(),
});
type SetInput = z.infer<typeof setInput>;

/** The resource, where it lies in that workspace and may be seen; otherwise the answer is that of a random id. */
async function grantable(write: Writer, client: LivingRow<typeof clients>, resourceId: string) {
  const resource = await livingRow(write, resources, resourceId);
  const isThere = resource?.workspaceId === client.workspaceId;
  const isSeen = isThere && holds(write.principal, "resource:read", targetOf(client));
  return found(isSeen ? resource : undefined, "resource", resourceId, ["resourceId"]);
}

async function scopesNamed(write: Writer, resourceId: string, names: readonly string[]) {
  const isOfResource = and(eq(scopes.tenantId, write.tenantId), eq(scopes.resourceId, resourceId));
  const rows = await write.tx.select({ id: scopes.id, name: scopes.name }).from(scopes).where(isOfResource);
  const byName = new Map(rows.map((row) => [row.name, row]));
  return names.map((name, at) => found(byName.get(name), "scope", name, ["scopes", String(at)]));
}

/** The grant's row, made where there is none, and what it held so far. */
async function grantRow(write: Writer, client: LivingRow<typeof clients>, resourceId: string) {
  const { tenantId, now, tx } = write;
  const place = { tenantId, workspaceId: client.workspaceId, clientId: client.id, resourceId };
  const gone = (noun: "client" | "resource", id: string) =>
    ({ code: "NOT_FOUND", noun, id, path: [`${noun}Id`] }) as const;
  await naming(
    { client_grants_client: gone("client", client.id), client_grants_resource: gone("resource", resourceId) },
    tx
      .insert(clientGrants)
      .values({ ...place, id: newId("clientGrant"), createdAt: now })
      .onConflictDoNothing({ target: [clientGrants.tenantId, clientGrants.clientId, clientGrants.resourceId] }),
  );
  const isGrant = and(
    eq(clientGrants.tenantId, tenantId),
    eq(clientGrants.clientId, client.id),
    eq(clientGrants.resourceId, resourceId),
  );
  const [row] = await tx.select().from(clientGrants).where(isGrant).for("no key update");
  const grant = found(row, "client", client.id, ["clientId"]);
  return { grant, before: (await scopesByGrant(write, [grant.id])).get(grant.id) ?? [] };
}

const isScopeOf = (write: Writer, grantId: string) =>
  and(eq(clientGrantScopes.tenantId, write.tenantId), eq(clientGrantScopes.grantId, grantId));

const isRow = ({ tenantId, id }: { readonly tenantId: string; readonly id: string }) =>
  and(eq(clientGrants.tenantId, tenantId), eq(clientGrants.id, id));

/** Where somebody else changed the grant after the caller read it, the caller's change would undo theirs unseen. */
function refuseIfChanged(before: readonly string[], expected: readonly string[]): void {
  const added = before.filter((name) => !expected.includes(name));
  const removed = [...new Set(expected)].filter((name) => !before.includes(name));
  if (added.length + removed.length > 0)
    refuse({ code: "CHANGED_MEANWHILE", noun: "clientGrant", path: ["expectedScopes"], added, removed });
}

/** The same of its end. */
function refuseIfMoved(before: Date | null, expected: Date | null | undefined): void {
  if (expected === undefined || expected?.getTime() === before?.getTime()) return;
  const end = before ? `its end: ${before.toISOString()}` : "that it does not end";
  refuse({ code: "CHANGED_MEANWHILE", noun: "clientGrant", path: ["expectedExpiresAt"], added: [end], removed: [] });
}

/**
 * When a grant ends that is set anew: as asked, else as before. Where that has passed it is to be said: somebody set a limit,
 * and who sends the same scopes again and again must not undo it unseen.
 */
function endOf({ expiresAt, scopes }: SetInput, before: Date | null, now: Date): Date | null {
  if (expiresAt !== undefined) return expiresAt;
  if (before === null || before > now || scopes.length === 0) return before;
  return refuse({
    code: "INVALID_INPUT",
    path: ["expiresAt"],
    problem: `This grant ended at ${before.toISOString()}.`,
    mend: "Say until when it holds now: an instant, or null where it is not to end.",
  });
}

/** What it gives: one that has ended is as one that was withdrawn. */
const livingScopes = ({ expiresAt }: { readonly expiresAt: Date | null }, names: readonly string[], now: Date) =>
  expiresAt && expiresAt <= now ? [] : names;

/** Whether something that ended once ends later now, or never. */
const endsLater = (before: Date | null, end: Date | null): boolean => before !== null && (end === null || end > before);

/** Sets one grant inside a change. @throws Refusal */
export async function setGrant(write: Writer, input: SetInput): Promise<Changed> {
  const { tx, tenantId } = write;
  const client = found(await livingRow(write, clients, input.clientId, "lock"), "client", input.clientId, ["clientId"]);
  refuseOwned(client);
  const resource = await grantable(write, client, input.resourceId);
  const wanted = await scopesNamed(write, resource.id, [...new Set(input.scopes)]);
  const names = wanted.map(({ name }) => name).sort();
  const { grant, before: listed } = await grantRow(write, client, resource.id);
  const before = livingScopes(grant, listed, write.now);
  // What holds nothing has no end either.
  const endBefore = listed.length > 0 ? grant.expiresAt : null;
  // The answer tells what is there: whoever may change it may read it.
  if (input.expectedScopes) refuseIfChanged(before, input.expectedScopes);
  refuseIfMoved(endBefore, input.expectedExpiresAt);
  // A direct grant of Mintmark's own scopes counts in every workspace; who may not give them may not take them either.
  if (resource.isOwnApi) refuseBeyondHeld(write, [...new Set([...before, ...names])], "all");
  const expiresAt = endOf(input, endBefore, write.now);
  // What administers the tenant outlives the session that raised it.
  const givesMore = names.some((name) => !before.includes(name)) || endsLater(endBefore, expiresAt);
  if (resource.isOwnApi && givesMore) refuseWithoutStepUp(write);
  await tx.update(clientGrants).set({ expiresAt }).where(isRow(grant));
  await tx.delete(clientGrantScopes).where(isScopeOf(write, grant.id));
  const place = { tenantId, workspaceId: grant.workspaceId, resourceId: resource.id, grantId: grant.id };
  const gone = { code: "NOT_FOUND", noun: "scope", id: names.join(" "), path: ["scopes"] } as const;
  if (wanted.length > 0)
    await naming(
      { client_grant_scopes_scope: gone },
      tx.insert(clientGrantScopes).values(wanted.map((scope) => ({ ...place, scopeId: scope.id }))),
    );
  const { id, workspaceId, clientId, resourceId } = grant;
  return {
    id,
    event: {
      type: "client-grant.changed",
      clientId,
      resourceId,
      scopes: names,
      expiresAt: expiresAt?.toISOString() ?? null,
    },
    workspaceId,
    touched: [{ kind: "clientGrant", id, workspaceId, clientId, body: { ...grantOf({ ...grant, expiresAt }, names) } }],
  };
}

const SetClientGrant: Operation<SetInput, "client-grant:write"> = {
  mutation: "setClientGrant",
  permission: "client-grant:write",
  input: setInput,
  locate: (read, input) => locateRow(read, clients, "client", input.clientId, ["clientId"]),
  run: setGrant,
};

const deleteInput = z.strictObject({ id });

const DeleteClientGrant: Operation<z.infer<typeof deleteInput>, "client-grant:write"> = {
  mutation: "deleteClientGrant",
  permission: "client-grant:write",
  input: deleteInput,
  locate: (read, input) => locateRow(read, clientGrants, "clientGrant", input.id, ["id"]),
  run: (write, input) => removeGrant(write, input.id),
};

/** Withdraws one grant inside a change. @throws Refusal */
export async function removeGrant(write: Writer, grantId: string): Promise<Changed> {
  const grant = found(await livingRow(write, clientGrants, grantId, "lock"), "clientGrant", grantId, ["id"]);
  const { id, workspaceId, clientId, resourceId } = grant;
  const names = (await scopesByGrant(write, [id])).get(id) ?? [];
  const resource = await livingRow(write, resources, resourceId);
  if (resource?.isOwnApi) refuseBeyondHeld(write, livingScopes(grant, names, write.now), "all");
  await write.tx.delete(clientGrants).where(isRow(grant));
  const event = { type: "client-grant.deleted", clientId, resourceId, scopes: names } as const;
  return { id, event, workspaceId, touched: [{ kind: "clientGrant", id, workspaceId, clientId, body: null }] };
}

/** Says which scopes of a resource a client may ask for, and until when; an empty list grants nothing. Needs client-grant:write. */
export const setClientGrant = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, SetClientGrant, raw);
/** Withdraws a client's access to a resource. */
export const deleteClientGrant = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, DeleteClientGrant, raw);

export async function getClientGrant(actor: Actor, id: string): Promise<ClientGrant | undefined> {
  const read = readerOf(actor);
  const row = await livingRow(read, clientGrants, id);
  if (!row || !mayRead(actor, "client:read", targetOf(row))) return undefined;
  return grantOf(row, (await scopesByGrant(read, [id])).get(id) ?? []);
}

/** The grants of each client that have not ended, oldest first; none where they may not be seen. In the order of the ids. */
export async function grantsOfClients(
  actor: Actor,
  clientIds: readonly string[],
): Promise<readonly (readonly ClientGrant[])[]> {
  const read = readerOf(actor);
  const living = await livingRows(read, clients, clientIds);
  const visible = living.filter((row) => mayRead(actor, "client:read", targetOf(row))).map((row) => row.id);
  if (visible.length === 0) return clientIds.map(() => []);
  const rows = await read.tx
    .select()
    .from(clientGrants)
    .where(
      and(eq(clientGrants.tenantId, read.tenantId), inArray(clientGrants.clientId, visible), isGrantedAt(read.now)),
    )
    .orderBy(asc(clientGrants.createdAt), asc(clientGrants.id));
  const names = await scopesByGrant(
    read,
    rows.map((row) => row.id),
  );
  const byClient = Map.groupBy(rows, (row) => row.clientId);
  return clientIds.map((id) => (byClient.get(id) ?? []).map((row) => grantOf(row, names.get(row.id) ?? [])));
}

/** A client's grants that have not ended, oldest first; empty where they may not be seen. */
export async function listClientGrants(actor: Actor, clientId: string): Promise<readonly ClientGrant[]> {
  const [grants] = await grantsOfClients(actor, [clientId]);
  return grants ?? [];
}

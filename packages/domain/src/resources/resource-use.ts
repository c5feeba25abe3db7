import { clientGrantScopes, clientGrants, resources, scopes } from "@mintmark/db/schema";
import { and, countDistinct, eq, exists, inArray, sql } from "drizzle-orm";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import type { Reader } from "../change/handle.ts";
import { type ClientGrant, grantOf, scopesByGrant } from "../clients/client-grant.ts";
import { isGrantedAt } from "../clients/living-grant.ts";
import { livingRow, livingRows, targetOf } from "../living-row.ts";
import { emptyPage, newestFirst, type Page, type PageRequest, pageByAge } from "../paging.ts";

/** How many scopes a resource has, and how many clients hold one of them: null where clients may not be seen. */
export interface ResourceUse {
  readonly scopes: number;
  readonly clients: number | null;
}

/** The use of each resource, in the order of the ids; nothing where it may not be seen. */
export async function useOfResources(actor: Actor, ids: readonly string[]): Promise<readonly ResourceUse[]> {
  const read = readerOf(actor);
  const rows = await livingRows(read, resources, ids);
  const seen = rows.filter((row) => mayRead(actor, "resource:read", targetOf(row)));
  const open = new Set(seen.filter((row) => mayRead(actor, "client:read", targetOf(row))).map((row) => row.id));
  const scopeCounts = await countScopes(
    read,
    seen.map((row) => row.id),
  );
  const clientCounts = await countClients(read, [...open]);
  return ids.map((id) => ({
    scopes: scopeCounts.get(id) ?? 0,
    clients: open.has(id) ? (clientCounts.get(id) ?? 0) : null,
  }));
}

async function countScopes({ tx, tenantId }: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ id: scopes.resourceId, count: sql<number>`count(*)::int` })
    .from(scopes)
    .where(and(eq(scopes.tenantId, tenantId), inArray(scopes.resourceId, [...ids])))
    .groupBy(scopes.resourceId);
  return new Map(rows.map(({ id, count }) => [id, count]));
}

const isOfGrant = and(
  eq(clientGrants.tenantId, clientGrantScopes.tenantId),
  eq(clientGrants.id, clientGrantScopes.grantId),
);

/** A grant without a scope is nothing, so grants are counted by their scopes; one that has ended is not counted. */
async function countClients(
  { tx, tenantId, now }: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ id: clientGrantScopes.resourceId, count: countDistinct(clientGrantScopes.grantId) })
    .from(clientGrantScopes)
    .innerJoin(clientGrants, isOfGrant)
    .where(
      and(eq(clientGrantScopes.tenantId, tenantId), inArray(clientGrantScopes.resourceId, [...ids]), isGrantedAt(now)),
    )
    .groupBy(clientGrantScopes.resourceId);
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** How many clients hold each scope, in the order of the ids; null where clients may not be seen. */
export async function clientsOfScopes(actor: Actor, ids: readonly string[]): Promise<readonly (number | null)[]> {
  const read = readerOf(actor);
  const rows = (await livingRows(read, scopes, ids)).filter((row) => mayRead(actor, "client:read", targetOf(row)));
  const seen = new Set(rows.map((row) => row.id));
  if (seen.size === 0) return ids.map(() => null);
  const counts = await read.tx
    .select({ id: clientGrantScopes.scopeId, count: sql<number>`count(*)::int` })
    .from(clientGrantScopes)
    .innerJoin(clientGrants, isOfGrant)
    .where(
      and(
        eq(clientGrantScopes.tenantId, read.tenantId),
        inArray(clientGrantScopes.scopeId, [...seen]),
        isGrantedAt(read.now),
      ),
    )
    .groupBy(clientGrantScopes.scopeId);
  const byId = new Map(counts.map(({ id, count }) => [id, count]));
  return ids.map((id) => (seen.has(id) ? (byId.get(id) ?? 0) : null));
}

/** Who can call a resource now: the living grants of its scopes, newest first; empty where they may not be seen. */
export async function listResourceGrants(
  actor: Actor,
  resourceId: string,
  page: PageRequest,
): Promise<Page<ClientGrant>> {
  const cut = newestFirst(clientGrants, page);
  const read = readerOf(actor);
  const resource = await livingRow(read, resources, resourceId);
  if (!resource || !mayRead(actor, "resource:read", targetOf(resource))) return emptyPage;
  if (!mayRead(actor, "client:read", targetOf(resource))) return emptyPage;
  const givesSomething = exists(read.tx.select({ one: sql`1` }).from(clientGrantScopes).where(isOfGrant));
  const isOfResource = and(eq(clientGrants.tenantId, read.tenantId), eq(clientGrants.resourceId, resourceId));
  const isHere = and(isOfResource, isGrantedAt(read.now));
  const rows = await read.tx
    .select()
    .from(clientGrants)
    .where(and(isHere, givesSomething, cut.after))
    .orderBy(...cut.orderBy)
    .limit(cut.limit);
  const found = pageByAge(rows, cut);
  const names = await scopesByGrant(
    read,
    found.items.map((row) => row.id),
  );
  return { ...found, items: found.items.map((row) => grantOf(row, names.get(row.id) ?? [])) };
}

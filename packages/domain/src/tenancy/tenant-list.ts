import { clients, tenants, usageHours, workspaces } from "@mintmark/db/schema";
import { and, eq, gte, ilike, inArray, isNotNull, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import { type Actor, mayRead, read, readerOf } from "../change/actor.ts";
import { containing } from "../change/audit-filter.ts";
import { newestFirst, type Page, type PageRequest, pageByAge } from "../paging.ts";
import { wasOwned } from "../people/owner-link.ts";
import { inLivingWorkspace } from "./tenant-limits.ts";
import { asTenant, isLiving, type Tenant, tenantColumns } from "./tenant-row.ts";

/** What a list of tenants may be narrowed to. */
export type TenantState = "active" | "suspended" | "deleted";

export interface TenantFilter {
  /** Part of a name or of a slug, or an id. */
  readonly search?: string | null | undefined;
  readonly state?: TenantState | null | undefined;
}

/** A list of tenants, and how many there are in all its pages. */
export interface TenantPage extends Page<Tenant> {
  readonly count: () => Promise<number>;
}

/**
 * All tenants of the installation, newest first; deleted ones within their grace.
 *
 * @throws Refusal when the actor may not see them
 */
export const listTenants = (actor: Actor, page: PageRequest, filter: TenantFilter = {}): Promise<TenantPage> =>
  read(actor, "tenant:read", null, async ({ tx }) => {
    const cut = newestFirst(tenants, page);
    const { search, state } = filter;
    const isListed = and(
      isLiving,
      search ? matches(search.replaceAll("\0", "")) : undefined,
      state ? isInState(state) : undefined,
    );
    const rows = await tx
      .select(tenantColumns)
      .from(tenants)
      .where(and(isListed, cut.after))
      .orderBy(...cut.orderBy)
      .limit(cut.limit);
    return { ...pageByAge(rows.map(asTenant), cut), count: () => tx.$count(tenants, isListed) };
  });

function matches(search: string): SQL | undefined {
  const pattern = containing(search);
  return or(ilike(tenants.name, pattern), ilike(tenants.slug, pattern), eq(tenants.id, search));
}

function isInState(state: TenantState): SQL | undefined {
  if (state === "deleted") return isNotNull(tenants.deletedAt);
  return and(eq(tenants.status, state), isNull(tenants.deletedAt));
}

/** How a tenant stands, and how much it holds and does, in numbers alone. */
export interface TenantSummary {
  /** No person ever owned it: another link can be made for its first owner. */
  readonly awaitsOwner: boolean;
  /** Custom ones: each tenant has its two special ones besides. */
  readonly workspaces: number;
  readonly clients: number;
  /** Tokens issued, and requests refused, in the last 24 hours by the clock (UTC). */
  readonly issued: number;
  readonly refused: number;
}

const HOUR_MS = 3_600_000;

/** A summary of each tenant, in one statement for all; undefined where tenants may not be seen. In the order of the ids. */
export async function tenantSummaries(
  actor: Actor,
  ids: readonly string[],
): Promise<readonly (TenantSummary | undefined)[]> {
  const { tx, now } = readerOf(actor);
  if (ids.length === 0 || !mayRead(actor, "tenant:read", null)) return ids.map(() => undefined);
  const since = new Date((Math.floor(now.getTime() / HOUR_MS) - 23) * HOUR_MS);
  const used = tx
    .select({
      tenantId: sql<string>`${usageHours.tenantId}`.as("used_by"),
      issued: sql<number>`sum(${usageHours.issued})::int`.as("issued"),
      refused: sql<number>`sum(${usageHours.refused})::int`.as("refused"),
    })
    .from(workspaces)
    // By workspace: so the hours before are not even looked at.
    .innerJoin(
      usageHours,
      and(
        eq(usageHours.tenantId, workspaces.tenantId),
        eq(usageHours.workspaceId, workspaces.id),
        gte(usageHours.hour, since),
      ),
    )
    .where(inArray(workspaces.tenantId, [...ids]))
    .groupBy(usageHours.tenantId)
    .as("used");
  const custom = and(
    eq(workspaces.tenantId, tenants.id),
    eq(workspaces.kind, "custom"),
    ne(workspaces.status, "deleted"),
  );
  const rows = await tx
    .select({
      id: tenants.id,
      awaitsOwner: sql<boolean>`not ${tenants.isRoot} and not ${wasOwned}`,
      workspaces: tx.$count(workspaces, custom),
      clients: tx.$count(clients, and(eq(clients.tenantId, tenants.id), inLivingWorkspace)),
      issued: sql<number>`coalesce(${used.issued}, 0)::int`,
      refused: sql<number>`coalesce(${used.refused}, 0)::int`,
    })
    .from(tenants)
    .leftJoin(used, eq(used.tenantId, tenants.id))
    .where(and(inArray(tenants.id, [...ids]), isLiving));
  const byId = new Map(rows.map(({ id, ...summary }) => [id, summary]));
  return ids.map((id) => byId.get(id));
}

import { tokenLog, usageHours } from "@mintmark/db/schema";
import { and, desc, eq, gte, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import type { Reader } from "../change/handle.ts";
import { livingWorkspace } from "../living-row.ts";

/** One of the last 24 hours by the clock (UTC); the current one has just begun, or is nearly over. */
export interface TokenHour {
  readonly from: Date;
  readonly issued: number;
  readonly refused: number;
}

/** What a workspace's token endpoint did in the last 24 hours. */
export interface TokenActivity {
  readonly workspaceId: string;
  /** Twenty-four, oldest first. */
  readonly hours: readonly TokenHour[];
  /** Clients that got a token. */
  readonly clients: number;
  /** Those that got the most, at most five. */
  readonly busiest: readonly { readonly client: string; readonly issued: number }[];
  /** Why others got none, the most frequent first, at most ten. */
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
  /** Null when there never was one, as far as the log goes back. */
  readonly lastIssuedAt: Date | null;
  /** False when more was refused than is looked through: then the reasons say less than happened. */
  readonly isComplete: boolean;
}

const HOUR_MS = 3600 * 1000;
const HOURS = 24;
/** The newest refusals that are looked through: what a query may cost does not grow with the traffic. */
const MOST_ROWS = 200_000;

interface Counted extends Record<string, unknown> {
  readonly what: "hour" | "reason" | "client" | "clients" | "rows";
  readonly key: string;
  readonly issued: number;
  readonly refused: number;
}

/** The start of the oldest hour, in milliseconds since 1970. */
const oldestHour = (now: Date): number => (Math.floor(now.getTime() / HOUR_MS) - HOURS + 1) * HOUR_MS;

/** Tokens from the hourly counters, which are exact and few; reasons, which those do not know, from the refused rows. */
async function counted({ tx, tenantId, now }: Reader, workspaceId: string): Promise<readonly Counted[]> {
  const since = new Date(oldestHour(now));
  const within = (table: { tenantId: PgColumn; workspaceId: PgColumn }) =>
    and(eq(table.tenantId, tenantId), eq(table.workspaceId, workspaceId));
  const used = tx
    .select({
      hour: usageHours.hour,
      client: sql`${usageHours.clientId}`.as("client"),
      issued: usageHours.issued,
      refused: usageHours.refused,
    })
    .from(usageHours)
    .where(and(within(usageHours), gte(usageHours.hour, since)));
  const refusals = tx
    .select({ reason: tokenLog.reason, count: tokenLog.count })
    .from(tokenLog)
    .where(and(within(tokenLog), eq(tokenLog.outcome, "refused"), gte(tokenLog.at, since)))
    .orderBy(desc(tokenLog.at))
    .limit(MOST_ROWS);
  const rows = await tx.execute<Counted>(sql`
    with used as materialized ${sql`(${used})`}, refusals as materialized ${sql`(${refusals})`},
    clients as (select client, sum(issued)::int as issued from used where issued > 0 and client <> '' group by 1)
    select 'hour' as what, extract(epoch from hour)::bigint::text as key, sum(issued)::int as issued,
      sum(refused)::int as refused from used group by hour
    union all (select 'reason', coalesce(reason, ''), 0, sum(count)::int from refusals
      group by reason order by 4 desc, 2 limit 10)
    union all (select 'client', client, issued, 0 from clients order by issued desc, client limit 5)
    union all select 'clients', '', count(*)::int, 0 from clients
    union all select 'rows', '', 0, count(*)::int from refusals`);
  return [...rows];
}

async function lastIssued({ tx, tenantId }: Reader, workspaceId: string): Promise<Date | null> {
  const [row] = await tx
    .select({ at: tokenLog.at })
    .from(tokenLog)
    .where(and(eq(tokenLog.tenantId, tenantId), eq(tokenLog.workspaceId, workspaceId), eq(tokenLog.outcome, "issued")))
    .orderBy(desc(tokenLog.at))
    .limit(1);
  return row?.at ?? null;
}

/** The last 24 hours of a workspace's token endpoint, or `undefined` where its token log may not be seen. */
export async function tokenActivity(actor: Actor, workspaceId: string): Promise<TokenActivity | undefined> {
  const read = readerOf(actor);
  const workspace = await livingWorkspace(read, workspaceId);
  if (!workspace || !mayRead(actor, "token-log:read", workspace)) return undefined;
  const [rows, lastIssuedAt] = await Promise.all([counted(read, workspaceId), lastIssued(read, workspaceId)]);
  const of = (what: Counted["what"]) => rows.filter((row) => row.what === what);
  const byStart = new Map(of("hour").map((row) => [Number(row.key) * 1000, row]));
  return {
    workspaceId,
    hours: Array.from({ length: HOURS }, (_, at) => {
      const from = oldestHour(read.now) + at * HOUR_MS;
      const hour = byStart.get(from);
      return { from: new Date(from), issued: hour?.issued ?? 0, refused: hour?.refused ?? 0 };
    }),
    clients: of("clients")[0]?.issued ?? 0,
    busiest: of("client").map(({ key, issued }) => ({ client: key, issued })),
    reasons: of("reason").map(({ key, refused }) => ({ reason: key, count: refused })),
    lastIssuedAt,
    isComplete: (of("rows")[0]?.refused ?? 0) < MOST_ROWS,
  };
}

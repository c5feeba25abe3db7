import { tokenLog } from "@mintmark/db/schema";
import { and, desc, eq, gte, sql } from "drizzle-orm";
import { type Actor, mayRead, readerOf } from "./actor.ts";
import type { Reader } from "./handle.ts";
import { livingWorkspace } from "./living-row.ts";

/** One of the last 24 hours, counted back from now. */
export interface TokenHour {
  readonly from: Date;
  readonly issued: number;
  readonly refused: number;
}

/** What a workspace's token endpoint did in the last 24 hours, from its token log. */
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
  /** False when there was more than is counted: then the oldest hours say less than happened. */
  readonly isComplete: boolean;
}

const HOUR_MS = 3600 * 1000;
const HOURS = 24;
/** The newest decisions that are counted: what a query may cost does not grow with the traffic. */
const MOST_ROWS = 200_000;

interface Counted extends Record<string, unknown> {
  readonly what: "hour" | "reason" | "client" | "clients" | "rows";
  readonly key: string;
  readonly issued: number;
  readonly refused: number;
}

/** One pass over the newest rows. */
async function counted({ tx, tenantId, now }: Reader, workspaceId: string): Promise<readonly Counted[]> {
  const since = new Date(now.getTime() - HOURS * HOUR_MS);
  const isRecent = and(eq(tokenLog.tenantId, tenantId), eq(tokenLog.workspaceId, workspaceId), gte(tokenLog.at, since));
  const newest = tx
    .select({
      at: tokenLog.at,
      outcome: tokenLog.outcome,
      reason: tokenLog.reason,
      client: tokenLog.client,
      count: tokenLog.count,
    })
    .from(tokenLog)
    .where(isRecent)
    .orderBy(desc(tokenLog.at))
    .limit(MOST_ROWS);
  const rows = await tx.execute<Counted>(sql`
    with recent as materialized ${sql`(${newest})`},
    hours as (
      select floor(extract(epoch from (${now.toISOString()}::timestamptz - at)) / 3600)::int as ago, outcome, count from recent),
    clients as (
      select client, sum(count)::int as issued from recent where outcome = 'issued' and client is not null group by 1)
    select 'hour' as what, ago::text as key, coalesce(sum(count) filter (where outcome = 'issued'), 0)::int as issued,
      coalesce(sum(count) filter (where outcome = 'refused'), 0)::int as refused from hours group by ago
    union all (select 'reason', coalesce(reason, ''), 0, sum(count)::int from recent where outcome = 'refused'
      group by reason order by 4 desc, 2 limit 10)
    union all (select 'client', client, issued, 0 from clients order by issued desc, client limit 5)
    union all select 'clients', '', count(*)::int, 0 from clients
    union all select 'rows', '', count(*)::int, 0 from recent`);
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
  const byAge = new Map(of("hour").map((row) => [Number(row.key), row]));
  return {
    workspaceId,
    hours: Array.from({ length: HOURS }, (_, at) => {
      const ago = HOURS - 1 - at;
      const hour = byAge.get(ago);
      const from = new Date(read.now.getTime() - (ago + 1) * HOUR_MS);
      return { from, issued: hour?.issued ?? 0, refused: hour?.refused ?? 0 };
    }),
    clients: of("clients")[0]?.issued ?? 0,
    busiest: of("client").map(({ key, issued }) => ({ client: key, issued })),
    reasons: of("reason").map(({ key, refused }) => ({ reason: key, count: refused })),
    lastIssuedAt,
    isComplete: (of("rows")[0]?.issued ?? 0) < MOST_ROWS,
  };
}

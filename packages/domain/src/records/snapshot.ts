import { type SQL, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import type { Reader } from "../change/handle.ts";

/**
 * What a reader of the database sees at an instant, as PostgreSQL writes it: `xmin:xmax:running,running`. Rows become
 * visible in another order than they are numbered or dated; two snapshots tell exactly which did between them.
 */
export type Snapshot = string;

const FORM = /^\d{1,19}:\d{1,19}:(\d{1,19}(,\d{1,19})*)?$/;
export const isSnapshot = (value: unknown): value is Snapshot => typeof value === "string" && FORM.test(value);

/** The first transaction that a snapshot knows nothing of. */
const endOf = (snapshot: Snapshot): bigint => BigInt(snapshot.split(":")[1] ?? 0);

/** Whether one was taken no later than the other, by the same database. */
export const isNoLater = (one: Snapshot, other: Snapshot): boolean => endOf(one) <= endOf(other);

/** What is seen now. */
export async function currentSnapshot(tx: Reader["tx"]): Promise<Snapshot> {
  const [row] = await tx.execute<{ now: string }>(sql`select pg_current_snapshot()::text as now`);
  return row?.now ?? "";
}

/**
 * Rows that became visible after `since` and by `upTo`. A row keeps 32 bits of the transaction that wrote it; what is
 * written in savepoints is not known by it.
 */
export function appearedBetween(table: PgTable, since: Snapshot, upTo: Snapshot): SQL {
  const end = endOf(upTo);
  const [round, place] = [end & ~0xffff_ffffn, end & 0xffff_ffffn];
  const former = round === 0n ? sql`3` : sql`${String(round - 0x1_0000_0000n)}::bigint + ${low(table)}`;
  const written = sql`(case when ${low(table)} < ${String(place)}::bigint
    then ${String(round)}::bigint + ${low(table)} else ${former} end)::text::xid8`;
  return sql`(pg_visible_in_snapshot(${written}, ${upTo}::pg_snapshot)
    and not pg_visible_in_snapshot(${written}, ${since}::pg_snapshot))`;
}

const low = (table: PgTable): SQL => sql`${table}.xmin::text::bigint`;

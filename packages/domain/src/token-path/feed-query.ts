import type { Sql } from "@mintmark/db";
import type { BeatCargo } from "../pulse/pulse-exchange.ts";
import type { WorkspacePulse } from "../pulse/pulse-meter.ts";
import type { FeedCursor, FeedRow, ShardHead } from "./feed-cursor.ts";

/** Rows of the feed read at once: whoever is further behind drops everything instead. */
export const MOST_ROWS = 5000;

/** What moved since a cursor; `null`: nothing. */
export interface FeedNews {
  readonly heads: readonly ShardHead[] | null;
  readonly rows: readonly FeedRow[] | null;
}

/** What a heartbeat brings back. */
export interface Beat extends FeedNews {
  /** The primary's clock. */
  readonly at: Date;
  /** How many servers had a heartbeat in the last ten seconds, this one included. */
  readonly fresh: number;
  /** What somebody watches at the other servers, and what those did there; `null`: nothing. */
  readonly watched: readonly string[] | null;
  readonly pulses: readonly (readonly WorkspacePulse[])[] | null;
}

/** A server, as its heartbeat names it. */
export interface BeatingServer {
  readonly id: string;
  readonly name: string;
  /** Names of the master keys that it knows; the first one wraps. */
  readonly masterKeys: readonly string[];
}

/** The counters that moved, and their rows from the cursor's on: of one moment, since it is one statement. */
function moved(sql: Sql, cursor: FeedCursor) {
  const known = [...cursor.values()];
  return sql`
    moved as (
      select s.shard, s.number, s.mark, k.number as known from feed_shards s
      join unnest(${known.map(({ shard }) => shard)}::int[], ${known.map(({ number }) => number)}::bigint[],
        ${known.map(({ mark }) => mark)}::text[]) as k (shard, number, mark) on k.shard = s.shard
      where s.number <> k.number or s.mark <> k.mark),
    feed as (
      select c.shard, c.number, c.mark, c.tenant_id as "tenantId", c.touched from moved m
      join change_feed c on c.shard = m.shard and c.number >= m.known
      order by c.shard, c.number limit ${MOST_ROWS})`;
}

/** Looks what changed. */
export async function readNews(sql: Sql, cursor: FeedCursor): Promise<FeedNews> {
  const [news] = await sql<FeedNews[]>`
    with ${moved(sql, cursor)}
    select (select json_agg(moved) from moved) as heads, (select json_agg(feed) from feed) as rows`;
  return news ?? { heads: null, rows: null };
}

/** Writes the heartbeat of a server through the primary, looks what changed, and what the others say with theirs. */
export async function writeBeat(
  sql: Sql,
  { id, name, masterKeys }: BeatingServer,
  cursor: FeedCursor,
  { watched, pulse }: BeatCargo,
): Promise<Beat> {
  const said = pulse.length > 0 ? JSON.stringify(pulse) : null;
  const [beat] = await sql<Beat[]>`
    with beat as (
      insert into replicas (id, name, master_keys, beat_at, watched, pulse)
      values (${id}, ${name}, ${[...masterKeys]}::text[], clock_timestamp(), ${[...watched]}::text[], ${said}::text::jsonb)
      on conflict (id) do update
        set beat_at = excluded.beat_at, watched = excluded.watched, pulse = excluded.pulse returning beat_at),
    others as materialized (
      select watched, pulse from replicas where id <> ${id} and beat_at > clock_timestamp() - interval '10 seconds'),
    ${moved(sql, cursor)}
    select (select beat_at from beat) as at, (select 1 + count(*)::int from others) as fresh,
      (select json_agg(distinct w.id) from others o, unnest(o.watched) as w (id)) as watched,
      (select json_agg(pulse) from others where pulse is not null) as pulses,
      (select json_agg(moved) from moved) as heads, (select json_agg(feed) from feed) as rows`;
  if (!beat) throw new Error("a heartbeat brought nothing back");
  return beat;
}

/** Where the feed ends now. */
export async function readEnd(sql: Sql): Promise<FeedCursor> {
  const heads = await sql<ShardHead[]>`select shard, number, mark from feed_shards`;
  return new Map(heads.map((head) => [head.shard, head]));
}

/** The changes since a cursor that set a client's cut-off, whatever became of the feed. */
export async function readCutOffRows(sql: Sql, cursor: FeedCursor): Promise<readonly FeedRow[]> {
  const known = [...cursor.values()];
  return sql<FeedRow[]>`
    select c.shard, c.number, c.mark, c.tenant_id as "tenantId", c.touched
    from unnest(${known.map(({ shard }) => shard)}::int[], ${known.map(({ number }) => number)}::bigint[]) as k (shard, number)
    join change_feed c on c.shard = k.shard and c.number > k.number
    where c.touched @? '$[*].notBefore'`;
}

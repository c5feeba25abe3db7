import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Database } from "@mintmark/db";
import { StoreUnavailable } from "@mintmark/token-issuer";
import { BoundedCache } from "./bounded-cache.ts";
import { FEED_CHANNEL, shardOf } from "./change-feed.ts";
import { type FeedCursor, type FeedRow, followFeed, type ShardHead } from "./feed-cursor.ts";
import { oneAfterAnother } from "./one-after-another.ts";

/** Milliseconds between two heartbeats, each with a look at the feed. */
const BEAT_MS = 1000;
/** A query that takes longer is given up: the next one gets a connection of its own. */
const PATIENCE_MS = 3000;
/** Least time between two looks at the feed that requests wait for. */
const PAUSE_MS = 5;
/** Rows of the feed read at once: whoever is further behind drops everything instead. */
const MOST_ROWS = 5000;
/** How far the machine's clock may be from the database's, in milliseconds. */
const MOST_SKEW_MS = 1000;
/** Seconds that a server goes on without hearing of changes, beside others and alone. */
const STALE_BESIDE_OTHERS = 60;
const STALE_ALONE = 900;

/** Tenants whose counter is remembered: to find it costs a hash. */
const MOST_TENANTS = 100_000;

/** Hears of changes, in the order of each tenant's. */
export interface FeedListener {
  changed(row: FeedRow): void;
  /** The feed does not continue: nothing in memory can be believed. Resolves when it may be believed again. */
  lost(): Promise<void>;
}

/** This process as one of the servers of the installation: how much of what was changed it knows. */
export interface Replica {
  readonly id: string;
  /** Begins to follow the feed; resolves when it stands at its end. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when everything that was changed before the call is known. @throws StoreUnavailable */
  confirm(): Promise<void>;
  /** @throws StoreUnavailable when changes were not heard of for longer than that many seconds; `null`: the default */
  requireFresh(maxStale: number | null): void;
  /** How many servers had a heartbeat lately, this one included; at least 1. */
  readonly fresh: number;
  /** The number of the last change of that tenant's counter that is known. */
  feedNumber(tenantId: string): number;
  /** Why it must not get requests; `undefined`: it may. */
  notReady(): string | undefined;
}

interface Beat {
  readonly at: Date;
  readonly fresh: number;
  readonly heads: readonly ShardHead[] | null;
  readonly rows: readonly FeedRow[] | null;
}

/**
 * Follows the change feed: once a second together with a heartbeat that is written through the primary, at once when the
 * database says that something changed, and when a request needs to be sure.
 */
export function createReplica(database: Database, listener: FeedListener): Replica {
  const { sql } = database;
  const id = `rpl_${randomBytes(9).toString("base64url")}`;
  const shards = new BoundedCache<number>(MOST_TENANTS);
  let cursor: FeedCursor = new Map();
  let heardAt = Number.NEGATIVE_INFINITY;
  let skew = 0;
  let fresh = 1;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let ear: { unlisten(): Promise<void> } | undefined;

  /** The counters that moved, and their rows from the cursor on. */
  const news = (shards: readonly ShardHead[]) => sql`
    select s.shard, s.number, s.mark, k.number as known from feed_shards s
    join unnest(${shards.map(({ shard }) => shard)}::int[], ${shards.map(({ number }) => number)}::bigint[],
      ${shards.map(({ mark }) => mark)}::text[]) as k (shard, number, mark) on k.shard = s.shard
    where s.number <> k.number or s.mark <> k.mark`;
  const looked = (shards: readonly ShardHead[]) => sql`
    moved as (${news(shards)}),
    feed as (
      select c.shard, c.number, c.mark, c.tenant_id as "tenantId", c.touched from moved m
      join change_feed c on c.shard = m.shard and c.number >= m.known
      order by c.shard, c.number limit ${MOST_ROWS})`;

  /** @returns false where the cursor moved while the query ran: a query that was given up answered after all */
  const apply = async (base: FeedCursor, { heads, rows }: Pick<Beat, "heads" | "rows">): Promise<boolean> => {
    if (base !== cursor) return false;
    if (!heads) return true;
    const followed = (rows?.length ?? 0) < MOST_ROWS ? followFeed(cursor, heads, rows ?? []) : "lost";
    if (followed === "lost") await begin();
    else {
      for (const row of followed.rows) listener.changed(row);
      cursor = followed.cursor;
    }
    return true;
  };
  /** Stands at the feed's end, with nothing in memory from before. */
  const begin = async (): Promise<void> => {
    const heads = await sql<ShardHead[]>`select shard, number, mark from feed_shards`;
    cursor = new Map(heads.map((head) => [head.shard, head]));
    await listener.lost();
  };

  const beat = async (): Promise<void> => {
    const base = cursor;
    const began = performance.now();
    const sentAt = Date.now();
    const [row] = await sql<Beat[]>`
      with beat as (
        insert into replicas (id, name, beat_at) values (${id}, ${`${hostname()} ${process.pid}`}, clock_timestamp())
        on conflict (id) do update set beat_at = excluded.beat_at returning beat_at),
      ${looked([...base.values()])}
      select (select beat_at from beat) as at,
        1 + (select count(*)::int from replicas where id <> ${id}
          and beat_at > clock_timestamp() - interval '10 seconds') as fresh,
        (select json_agg(moved) from moved) as heads, (select json_agg(feed) from feed) as rows`;
    if (!row || !(await apply(base, row))) return;
    skew = (sentAt + Date.now()) / 2 - row.at.getTime();
    fresh = row.fresh;
    heardAt = began;
  };
  const look = async (): Promise<void> => {
    const base = cursor;
    const [row] = await sql<Pick<Beat, "heads" | "rows">[]>`
      with ${looked([...base.values()])}
      select (select json_agg(moved) from moved) as heads, (select json_agg(feed) from feed) as rows`;
    if (row && !(await apply(base, row))) throw new StoreUnavailable("the feed was followed by an older look");
  };

  let isBeatDue = false;
  const confirm = oneAfterAnother(() => {
    const isBeat = isBeatDue;
    isBeatDue = false;
    return patient(isBeat ? beat() : look());
  }, PAUSE_MS);
  const beatAgain = (): void => {
    isBeatDue = true;
    void confirm()
      .catch(() => {})
      .finally(() => {
        if (!isStopped) timer = setTimeout(beatAgain, BEAT_MS);
      });
  };
  const stale = (maxStale: number | null) =>
    performance.now() - heardAt > (maxStale ?? (fresh > 1 ? STALE_BESIDE_OTHERS : STALE_ALONE)) * 1000;

  return {
    id,
    async start() {
      await begin();
      await beat();
      timer = setTimeout(beatAgain, BEAT_MS);
      ear = await sql.listen(FEED_CHANNEL, () => void confirm().catch(() => {}));
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await ear?.unlisten().catch(() => {});
      await sql`delete from replicas where id = ${id}`.catch(() => {});
    },
    confirm,
    requireFresh(maxStale) {
      if (stale(maxStale)) throw new StoreUnavailable("nothing was heard of changes for too long");
    },
    get fresh() {
      return fresh;
    },
    feedNumber(tenantId) {
      const shard = shards.get(tenantId) ?? shardOf(tenantId);
      shards.set(tenantId, shard);
      return cursor.get(shard)?.number ?? 0;
    },
    notReady() {
      if (Math.abs(skew) > MOST_SKEW_MS)
        return `This machine's clock is ${Math.round(skew)} ms off the database's. Set it by NTP.`;
      return stale(null) ? "The database has not been heard of for too long." : undefined;
    },
  };
}

/** Waits for the database, but not for ever. */
async function patient(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreUnavailable("the database did not answer in time")), PATIENCE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

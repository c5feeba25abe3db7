import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Database, Sql } from "@mintmark/db";
import { BoundedCache, StoreUnavailable } from "@mintmark/token-issuer";
import { FEED_CHANNEL, shardOf } from "../change/change-feed.ts";
import { openLine } from "../line.ts";
import { oneAfterAnother } from "../one-after-another.ts";
import type { PulseExchange } from "../pulse/pulse-exchange.ts";
import { clockError } from "./clock-error.ts";
import { type FeedCursor, type FeedRow, followFeed } from "./feed-cursor.ts";
import { type FeedNews, MOST_ROWS, readEnd, readNews, writeBeat } from "./feed-query.ts";

/**
 * Milliseconds from the beginning of a heartbeat, each with a look at the feed, to that of the next one: what is not
 * notified is heard of a second later and a query, and the timers of a busy machine are late by some of the rest.
 */
const BEAT_MS = 900;
/** A query that takes longer is given up, and its connection with it. */
const PATIENCE_MS = 3000;
/** The same for reading everything that must be known before anything is believed again. */
const LOST_PATIENCE_MS = 10_000;
/** Least time between two looks at the feed that requests wait for. */
const PAUSE_MS = 5;
/** How far the machine's clock may be from the database's, in milliseconds. */
const MOST_CLOCK_ERROR_MS = 1000;
/** Seconds that a server goes on without hearing of changes, beside others and alone. */
const STALE_BESIDE_OTHERS = 60;
const STALE_ALONE = 900;
/** Tenants whose counter is remembered: to find it costs a hash. */
const MOST_TENANTS = 100_000;

/** Hears of changes, in the order of each tenant's. */
export interface FeedListener {
  changed(row: FeedRow): void;
  /**
   * The feed does not continue: nothing in memory can be believed. Resolves when it may be believed again.
   *
   * @param known how far it was followed
   */
  lost(sql: Sql, known: FeedCursor): Promise<void>;
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

/** What servers tell each other with their heartbeats. */
type Cargo = Pick<PulseExchange, "load" | "unload">;

/** What a server is to the others. */
export interface ReplicaParts {
  /** Opens a pool of one connection. */
  readonly open: () => Database;
  /** Names of the master keys that it knows; the first one wraps. */
  readonly masterKeys: readonly string[];
  readonly listener: FeedListener;
  readonly cargo: Cargo;
}

/**
 * Follows the change feed: once a second together with a heartbeat that is written through the primary, at once when the
 * database says that something changed, and when a request needs to be sure. It has a connection of its own, so that
 * neither requests nor administrators make it wait.
 */
export function createReplica({ open, masterKeys, listener, cargo }: ReplicaParts): Replica {
  const line = openLine(open);
  const id = `rpl_${randomBytes(9).toString("base64url")}`;
  const me = { id, name: `${hostname()} ${process.pid}`, masterKeys };
  const shards = new BoundedCache<number>(MOST_TENANTS);
  let cursor: FeedCursor = new Map();
  let heardAt = Number.NEGATIVE_INFINITY;
  let clock = 0;
  let fresh = 1;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let ear: Database | undefined;

  /** Stands at the feed's end, with nothing in memory from before. Where it fails, the next look finds it lost again. */
  const begin = async (): Promise<void> => {
    const end = await line.ask(({ sql }) => readEnd(sql), PATIENCE_MS);
    await line.ask(({ sql }) => listener.lost(sql, cursor), LOST_PATIENCE_MS);
    cursor = end;
  };
  const apply = async ({ heads, rows }: FeedNews): Promise<void> => {
    if (!heads) return;
    const followed = (rows?.length ?? 0) < MOST_ROWS ? followFeed(cursor, heads, rows ?? []) : "lost";
    if (followed === "lost") return begin();
    for (const row of followed.rows) listener.changed(row);
    cursor = followed.cursor;
  };
  const look = async (): Promise<void> => {
    await apply(await line.ask(({ sql }) => readNews(sql, cursor), PATIENCE_MS));
  };
  const beat = async (): Promise<void> => {
    const { database } = line;
    try {
      const began = performance.now();
      const sentAt = Date.now();
      const row = await line.ask(({ sql }) => writeBeat(sql, me, cursor, cargo.load()), PATIENCE_MS);
      clock = clockError(sentAt, Date.now(), row.at.getTime());
      await apply(row);
      fresh = row.fresh;
      heardAt = began;
      hear(database);
      cargo.unload({ watched: row.watched ?? [], pulses: row.pulses ?? [], fresh });
    } catch (error) {
      // It may lead to a server that is no longer the primary.
      line.giveUp(database);
      throw error;
    }
  };
  /** Listens on each new connection. A notification only wakes: through a cut link none comes, so the beat looks as well. */
  const hear = (database: Database): void => {
    if (ear === database) return;
    ear = database;
    // The driver does not listen a second time on a connection where it failed.
    database.sql.listen(FEED_CHANNEL, () => void confirm().catch(() => {})).catch(() => line.giveUp(database));
  };

  let isBeatDue = false;
  const confirm = oneAfterAnother(() => {
    const isBeat = isBeatDue;
    isBeatDue = false;
    return isBeat ? beat() : look();
  }, PAUSE_MS);
  const beatAgain = (): void => {
    const began = performance.now();
    isBeatDue = true;
    void confirm()
      .catch(() => {})
      .finally(() => {
        if (!isStopped) timer = setTimeout(beatAgain, began + BEAT_MS - performance.now());
      });
  };
  const isStale = (maxStale: number | null) =>
    performance.now() - heardAt > (maxStale ?? (fresh > 1 ? STALE_BESIDE_OTHERS : STALE_ALONE)) * 1000;

  return {
    id,
    async start() {
      await begin();
      await beat();
      timer = setTimeout(beatAgain, BEAT_MS);
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      // The beat that may be on its way must not come after the farewell.
      await confirm().catch(() => {});
      await line.ask(({ sql }) => sql`delete from replicas where id = ${id}`, PATIENCE_MS).catch(() => {});
      await line.close().catch(() => {});
    },
    confirm,
    requireFresh(maxStale) {
      if (isStale(maxStale)) throw new StoreUnavailable("nothing was heard of changes for too long");
    },
    get fresh() {
      return fresh;
    },
    feedNumber(tenantId) {
      const known = shards.get(tenantId);
      const shard = known ?? shardOf(tenantId);
      if (known === undefined) shards.set(tenantId, shard);
      return cursor.get(shard)?.number ?? 0;
    },
    notReady() {
      if (Math.abs(clock) > MOST_CLOCK_ERROR_MS)
        return `This machine's clock is ${Math.round(clock)} ms off the database's. Set it by NTP.`;
      return isStale(null) ? "The database has not been heard of for too long." : undefined;
    },
  };
}

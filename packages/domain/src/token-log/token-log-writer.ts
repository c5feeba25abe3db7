import { type Database, isDatabaseUnavailable } from "@mintmark/db";
import { ReplayedId, StoreUnavailable } from "@mintmark/token-issuer";
import { patient } from "../patience.ts";
import type { WhenDatabaseAway } from "../settings/settings.ts";
import type { SetAside } from "./set-aside.ts";
import { shipTokenRows } from "./ship-rows.ts";
import type { Spool } from "./spool.ts";
import { BATCH_ROWS, type Replayed, writeTokenRows } from "./token-batch.ts";
import type { TokenRow } from "./token-row.ts";

/** Milliseconds that a batch may take before the database counts as away. */
const PATIENCE_MS = 1500;
/** Milliseconds between two looks whether it is back. */
const PROBE_MS = 500;
/** Milliseconds until what could not be shipped, for another reason than that it is away, is tried again. */
const RETRY_MS = 10_000;

/** What the writer stands on. */
export interface WriterParts {
  /** A connection of the writer's own; given up and opened anew when the database went away. */
  readonly open: () => Database;
  readonly spool: Spool;
  /** For rows of the spool that the database will never take. */
  readonly setAside: SetAside;
  /** Told what goes wrong without anybody's request failing by it. */
  readonly complain: (error: unknown) => void;
}

/** The one way into the token log. */
export interface TokenLogWriter {
  /** Resolves when the row is durable: committed, or on this server's disk. @throws StoreUnavailable, ReplayedId */
  append(row: TokenRow, whenAway: WhenDatabaseAway): Promise<void>;
  /** Resolves when everything that was appended so far is settled, one way or the other. */
  written(): Promise<void>;
  /** Resolves when everything that was appended is settled; then closes the connection. */
  close(): Promise<void>;
}

interface Waiting {
  readonly row: TokenRow;
  readonly whenAway: WhenDatabaseAway;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commits rows in groups: what comes while a batch is on its way goes with the next one, so that one commit serves many
 * requests and nobody waits for a timer. While the database is away rows go to the spool, and are shipped when it is back.
 */
export function tokenLogWriter({ open, spool, setAside, complain }: WriterParts): TokenLogWriter {
  let database = open();
  let waiting: Waiting[] = [];
  let isFlushing = false;
  let isScheduled = false;
  let isAway = false;
  let isClosed = false;
  let probe: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let appended = 0;
  let settled = 0;
  let watchers: readonly { readonly upTo: number; readonly resolve: () => void }[] = [];

  const flush = async (): Promise<void> => {
    isScheduled = false;
    if (isFlushing) return;
    isFlushing = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH_ROWS);
      waiting = waiting.slice(BATCH_ROWS);
      await settle(batch);
      settled += batch.length;
      for (const { resolve } of watchers.filter(({ upTo }) => upTo <= settled)) resolve();
      watchers = watchers.filter(({ upTo }) => upTo > settled);
    }
    isFlushing = false;
  };
  const settle = async (batch: readonly Waiting[]): Promise<void> => {
    if (isAway) return divert(batch);
    try {
      answer(batch, await patient(writeTokenRows(database, rowsOf(batch)), PATIENCE_MS));
    } catch (error) {
      if (!isGone(error)) return alone(batch, error);
      leave(error);
      await divert(batch.filter(maySpool));
      await tryAgain(batch.filter((one) => !maySpool(one)));
    }
  };
  /**
   * What may not be spooled is sent once more, over a new connection: nobody knows whether it was committed, and the second
   * time its rows know their own.
   */
  const tryAgain = async (batch: readonly Waiting[]): Promise<void> => {
    if (batch.length === 0) return;
    const fresh = open();
    try {
      answer(batch, await patient(writeTokenRows(fresh, rowsOf(batch)), PATIENCE_MS));
    } catch (error) {
      if (!isGone(error)) complain(error);
      for (const { reject } of batch) reject(away());
    } finally {
      void fresh.close().catch(() => {});
    }
  };
  /** A row that the database refuses must not take the others with it. */
  const alone = async (batch: readonly Waiting[], error: unknown): Promise<void> => {
    const [only, second] = batch;
    if (only && !second) return only.reject(error);
    for (const one of batch) await settle([one]);
  };
  const divert = async (batch: readonly Waiting[]): Promise<void> => {
    const going = batch.filter(maySpool);
    for (const one of batch) if (!maySpool(one)) one.reject(away());
    if (going.length === 0) return;
    try {
      await spool.append(rowsOf(going));
      for (const { resolve } of going) resolve();
      if (!isAway) void shipRest();
    } catch (error) {
      complain(error);
      for (const { reject } of going) reject(away());
    }
  };
  /** What was spooled goes where it belongs, while new rows are written already: a long outage must not last longer. */
  const shipRest = async (): Promise<void> => {
    const via = database;
    try {
      await spool.ship((rows) => shipTokenRows(via, setAside, rows), BATCH_ROWS);
    } catch (error) {
      if (via !== database || isAway) return;
      if (!isClosed && isGone(error)) return leave(error);
      complain(error);
      clearTimeout(retry);
      if (!isClosed) retry = setTimeout(() => void shipRest(), RETRY_MS).unref();
    }
  };
  const leave = (error: unknown): void => {
    isAway = true;
    complain(error);
    void database.close().catch(() => {});
    if (!isClosed) probe = setTimeout(() => void comeBack(), PROBE_MS);
  };
  const comeBack = async (): Promise<void> => {
    const fresh = open();
    try {
      await patient(fresh.sql`select 1`, PATIENCE_MS);
      if (isClosed) return void (await fresh.close());
      database = fresh;
      isAway = false;
      await shipRest();
    } catch (error) {
      if (!isGone(error)) complain(error);
      void fresh.close().catch(() => {});
      if (!isClosed) probe = setTimeout(() => void comeBack(), PROBE_MS);
    }
  };

  return {
    append: (row, whenAway) =>
      new Promise((resolve, reject) => {
        appended++;
        waiting.push({ row, whenAway, resolve, reject });
        if (isFlushing || isScheduled) return;
        isScheduled = true;
        // Whoever comes in the same turn goes along.
        setImmediate(() => void flush());
      }),
    async written() {
      const upTo = appended;
      if (settled < upTo) await new Promise<void>((resolve) => (watchers = [...watchers, { upTo, resolve }]));
    },
    async close() {
      isClosed = true;
      clearTimeout(probe);
      clearTimeout(retry);
      while (isFlushing || isScheduled) await new Promise((resolve) => setTimeout(resolve, 5));
      if (!spool.isEmpty) await shipRest();
      await spool.close();
      await database.close().catch(() => {});
    },
  };
}

const answer = (batch: readonly Waiting[], replayed: Replayed): void => {
  for (const { row, resolve, reject } of batch) {
    const used = replayed.get(row.jti);
    used === undefined ? resolve() : reject(new ReplayedId(used));
  }
};
const rowsOf = (batch: readonly Waiting[]): readonly TokenRow[] => batch.map(({ row }) => row);
/** Whether something was used before can only the database say. */
const maySpool = ({ row, whenAway }: Waiting): boolean => whenAway === "continue" && row.replays === undefined;
const isGone = (error: unknown): boolean => error instanceof StoreUnavailable || isDatabaseUnavailable(error);
const away = () => new StoreUnavailable("the database is away, and the record cannot be kept here");

import type { Database } from "@mintmark/db";

/** How far each of the sixteen counters was at one moment. The same object as long as nothing changed. */
export interface FeedNumbers {
  readonly numbers: readonly number[];
  /** One mark a counter, random with every change: a restored database shows by it. */
  readonly marks: readonly string[];
}

/** What a thing that follows these counters is valid under. */
export const cursorAt = ({ marks }: FeedNumbers, shards: readonly number[]): string =>
  shards.map((shard) => marks[shard]).join(" ");

export interface FeedReader {
  /** The counters, by a query that begins after the call. Calls that wait at once share one query. */
  read(): Promise<FeedNumbers>;
  /** The newest ones known. */
  latest(): FeedNumbers | undefined;
}

/** Reads the counters of the change feed: one small query for all requests that came in while the last one ran. */
export function feedReader({ sql }: Pick<Database, "sql">): FeedReader {
  let latest: FeedNumbers | undefined;
  let started = 0;
  let applied = 0;
  let running: Promise<FeedNumbers> | undefined;
  let next: Promise<FeedNumbers> | undefined;

  const query = async (): Promise<FeedNumbers> => {
    const turn = ++started;
    const rows = await sql<{ number: number; mark: string }[]>`select number, mark from feed_shards order by shard`;
    const marks = rows.map((row) => row.mark);
    const isSame = latest !== undefined && marks.every((mark, shard) => mark === latest?.marks[shard]);
    const found = isSame && latest ? latest : { numbers: rows.map((row) => row.number), marks };
    if (turn > applied) {
      applied = turn;
      latest = found;
    }
    return found;
  };
  const start = (): Promise<FeedNumbers> => {
    const begun = query().finally(() => {
      if (running === begun) running = undefined;
    });
    running = begun;
    return begun;
  };
  const startNext = (): Promise<FeedNumbers> => {
    next = undefined;
    return start();
  };
  return {
    latest: () => latest,
    read() {
      if (!running) return start();
      next ??= running.then(startNext, startNext);
      return next;
    },
  };
}

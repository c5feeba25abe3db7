import type { Database, Sql } from "@mintmark/db";

/**
 * One connection to the database that is given up when it does not answer: through a cut link nothing comes back for a
 * quarter of an hour, while a new connection may be made at once.
 */
export interface Line {
  /** The connection as it is now: to be asked for anew with each query. */
  readonly sql: Sql;
  /** Gives this very connection up, unless it was before. */
  giveUp(sql: Sql): void;
  close(): Promise<void>;
}

/**
 * @param open opens a pool of one connection
 * @param opened told of each connection, the first one included
 */
export function openLine(open: () => Database, opened: (sql: Sql) => void = () => {}): Line {
  let database = open();
  opened(database.sql);
  return {
    get sql() {
      return database.sql;
    },
    giveUp(sql) {
      if (sql !== database.sql) return;
      void database.close().catch(() => {});
      database = open();
      opened(database.sql);
    },
    close: () => database.close(),
  };
}

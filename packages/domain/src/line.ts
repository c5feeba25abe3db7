import type { Database } from "@mintmark/db";
import { StoreUnavailable } from "@mintmark/token-issuer";
import { patient } from "./patience.ts";

/**
 * One connection to the database that is given up when it does not answer: through a cut link nothing comes back for a
 * quarter of an hour, while a new connection may be made at once.
 */
export interface Line {
  /** The connection as it is now. */
  readonly database: Database;
  /** @throws StoreUnavailable when the work takes longer than that; the next one has another connection */
  ask<T>(work: (database: Database) => Promise<T>, milliseconds: number): Promise<T>;
  /** Gives this very connection up, unless it was before. */
  giveUp(database: Database): void;
  close(): Promise<void>;
}

/** @param open opens a pool of one connection */
export function openLine(open: () => Database): Line {
  let database = open();
  const giveUp = (given: Database): void => {
    if (given !== database) return;
    void given.close().catch(() => {});
    database = open();
  };
  return {
    get database() {
      return database;
    },
    async ask(work, milliseconds) {
      const asked = database;
      try {
        return await patient(work(asked), milliseconds);
      } catch (error) {
        if (error instanceof StoreUnavailable) giveUp(asked);
        throw error;
      }
    },
    giveUp,
    close: () => database.close(),
  };
}

import type { Database } from "@mintmark/db";
import { type Client, type Issuer, StoreUnavailable } from "@mintmark/token-issuer";
import { loadClients } from "./client-snapshot.ts";
import { loadBudget } from "./load-budget.ts";
import type { Snapshot } from "./snapshot-cache.ts";

/** Clients asked for in one query, and queries at once. */
const BATCH = 500;
const QUERIES = 2;

/** A client that is not in memory. */
export interface WantedClient {
  readonly issuer: Issuer;
  readonly clientId: string;
}

interface Waiting extends WantedClient {
  readonly resolve: (snapshot: Snapshot<Client>) => void;
  readonly reject: (error: unknown) => void;
}

/** Loads clients, many in one query: those that were asked for while the queries before ran go together. */
export function clientLoader(database: Database, now: () => Date, budget = loadBudget()) {
  const waiting: Waiting[] = [];
  let running = 0;
  let isScheduled = false;

  const run = async (batch: readonly Waiting[]): Promise<void> => {
    running++;
    try {
      const found = await loadClients(database, batch, now());
      batch.forEach(({ resolve, reject }, index) => {
        const snapshot = found[index];
        if (snapshot) resolve(snapshot);
        else reject(new Error("a client was not looked for"));
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      running--;
      start();
    }
  };
  const start = (): void => {
    isScheduled = false;
    while (running < QUERIES && waiting.length > 0) void run(waiting.splice(0, BATCH));
  };
  /** @throws StoreUnavailable when too many were asked for */
  return (wanted: WantedClient): Promise<Snapshot<Client>> => {
    if (!budget.take()) return Promise.reject(new StoreUnavailable("too many clients that are not in memory"));
    return new Promise((resolve, reject) => {
      waiting.push({ ...wanted, resolve, reject });
      if (isScheduled) return;
      isScheduled = true;
      // Whoever asks in the same turn goes along.
      setImmediate(start);
    });
  };
}

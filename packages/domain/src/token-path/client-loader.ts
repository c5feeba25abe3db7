import { type Client, type Issuer, StoreUnavailable } from "@mintmark/token-issuer";
import type { Line } from "../line.ts";
import { loadClients } from "./client-snapshot.ts";
import { loadBudget } from "./load-budget.ts";
import type { Snapshot } from "./snapshot-cache.ts";

/** Clients asked for in one query, and queries at once. */
const BATCH = 500;
const QUERIES = 2;
/** Least milliseconds between the starts of two queries for few: a start with thousands at once would ask for three at a time. */
const PAUSE_MS = 5;
const FEW = 64;
/** Milliseconds that a query may take: whoever waited is told to try again, and the next one has another connection. */
const PATIENCE_MS = 4000;

/** A client that is not in memory. */
export interface WantedClient {
  readonly issuer: Issuer;
  readonly clientId: string;
  /** Whether it was there when it was loaded last: then it costs no budget, since nobody but an administrator causes it. */
  readonly isKnown: boolean;
}

interface Waiting extends WantedClient {
  readonly resolve: (snapshot: Snapshot<Client>) => void;
  readonly reject: (error: unknown) => void;
}

/** Loads clients, many in one query: those that were asked for while the queries before ran go together. */
export function clientLoader(line: Line, now: () => Date, budget = loadBudget()) {
  let waiting: Waiting[] = [];
  let running = 0;
  let isScheduled = false;
  let beganAt = Number.NEGATIVE_INFINITY;

  const run = async (batch: readonly Waiting[]): Promise<void> => {
    running++;
    beganAt = performance.now();
    try {
      const found = await line.ask((database) => loadClients(database, batch, now()), PATIENCE_MS);
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
    while (running < QUERIES && waiting.length > 0) {
      const rest = beganAt + PAUSE_MS - performance.now();
      if (rest > 0 && waiting.length < FEW) {
        later(rest);
        return;
      }
      const batch = waiting.slice(0, BATCH);
      waiting = waiting.slice(BATCH);
      void run(batch);
    }
  };
  const later = (ms: number): void => {
    if (isScheduled) return;
    isScheduled = true;
    setTimeout(start, ms);
  };
  /** @throws StoreUnavailable when too many were asked for */
  return (wanted: WantedClient): Promise<Snapshot<Client>> => {
    if (!wanted.isKnown && !budget.take())
      return Promise.reject(new StoreUnavailable("too many clients that are not in memory"));
    return new Promise((resolve, reject) => {
      waiting.push({ ...wanted, resolve, reject });
      if (isScheduled) return;
      isScheduled = true;
      // Whoever asks in the same turn goes along.
      setImmediate(start);
    });
  };
}

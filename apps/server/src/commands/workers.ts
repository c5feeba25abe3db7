import cluster, { type Worker } from "node:cluster";
import type { Log } from "../log.ts";
import { CommandFailure } from "../shell.ts";
import { answerForAll } from "./worker-metrics.ts";

/** A worker that ends sooner than this is not replaced at once, in milliseconds. */
const YOUNG_MS = 5_000;
const PAUSE_MS = 1_000;
/** A worker that takes longer to end, in milliseconds, hangs: it had its time to drain. */
const HANGS_MS = 20_000;

/** Several processes that share one port. */
export interface Workers {
  /** Tells each to finish what it does, and resolves when all have ended. */
  stop(): Promise<void>;
}

/**
 * Starts so many workers and replaces each that ends by itself; resolves when the first one listens. A worker that asks
 * for the metrics gets those of all.
 *
 * @throws CommandFailure when a worker ends before any has listened: it has said why
 */
export async function startWorkers(count: number, log: Log): Promise<Workers> {
  const listening = new Map<number, Worker>();
  let isStopping = false;
  const start = (number: number): Worker => {
    const worker = cluster.fork();
    const began = Date.now();
    answerForAll(worker, listening);
    worker.once("listening", () => listening.set(number, worker));
    worker.once("exit", (code, signal) => {
      if (listening.get(number) === worker) listening.delete(number);
      // Where the first one cannot start, none can.
      if (isStopping || !isUp) return;
      log.error({ pid: worker.process.pid, code, signal }, "a worker ended by itself and is replaced");
      setTimeout(() => isStopping || start(number), Date.now() - began < YOUNG_MS ? PAUSE_MS : 0);
    });
    return worker;
  };
  let isUp = false;
  await firstListens(start(1));
  isUp = true;
  for (let number = 2; number <= count; number++) start(number);
  return {
    async stop() {
      isStopping = true;
      await Promise.all(Object.values(cluster.workers ?? {}).map((worker) => worker && end(worker)));
    },
  };
}

function firstListens(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new CommandFailure("The first worker could not start, for the reason above."));
    worker.once("exit", ended);
    worker.once("listening", () => {
      worker.off("exit", ended);
      resolve();
    });
  });
}

function end(worker: Worker): Promise<void> | undefined {
  if (worker.isDead()) return undefined;
  return new Promise((resolve) => {
    const timer = setTimeout(() => worker.process.kill("SIGKILL"), HANGS_MS);
    worker.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    worker.process.kill("SIGTERM");
  });
}

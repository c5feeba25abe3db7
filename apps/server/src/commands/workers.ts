import cluster, { type Worker } from "node:cluster";
import { AggregatorRegistry } from "prom-client";
import type { Log } from "../log.ts";

/** A worker that ends sooner than this is not replaced at once, in milliseconds. */
const YOUNG_MS = 5_000;
const PAUSE_MS = 1_000;

/** Several processes that share one port. */
export interface Workers {
  /** Tells each to finish what it does, and resolves when all have ended. */
  stop(): Promise<void>;
}

/**
 * Starts so many workers and replaces each that ends by itself; resolves when the first one listens. A worker that asks
 * for the metrics gets those of all.
 *
 * @throws Error when a worker ends before any has listened: it has said why
 */
export async function startWorkers(count: number, log: Log): Promise<Workers> {
  const metrics = new AggregatorRegistry();
  let isStopping = false;
  const start = (): Worker => {
    const worker = cluster.fork();
    const began = Date.now();
    worker.on("message", (message) => {
      if (message !== METRICS) return;
      // A worker that ends meanwhile answers nothing; the others' figures come with the next question.
      void metrics.clusterMetrics().then(
        (text) => worker.isConnected() && worker.send({ metrics: text }),
        () => worker.isConnected() && worker.send({ metrics: "" }),
      );
    });
    worker.once("exit", (code, signal) => {
      if (isStopping) return;
      log.error({ pid: worker.process.pid, code, signal }, "a worker ended by itself and is replaced");
      setTimeout(() => isStopping || start(), Date.now() - began < YOUNG_MS ? PAUSE_MS : 0);
    });
    return worker;
  };
  const first = start();
  await new Promise<void>((resolve, reject) => {
    const ended = () => {
      isStopping = true;
      reject(new Error("the first worker ended before it listened"));
    };
    first.once("exit", ended);
    first.once("listening", () => {
      first.off("exit", ended);
      resolve();
    });
  });
  for (let more = 1; more < count; more++) start();
  return {
    async stop() {
      isStopping = true;
      const workers = Object.values(cluster.workers ?? {}).flatMap((worker) => (worker ? [worker] : []));
      await Promise.all(
        workers.map((worker) => {
          const ended = new Promise((resolve) => worker.once("exit", resolve));
          worker.process.kill("SIGTERM");
          return worker.isDead() ? undefined : ended;
        }),
      );
    },
  };
}

/** What a worker sends to be told the metrics of all. */
const METRICS = "metrics";

/** The metrics of all workers, asked by one of them. */
export function metricsOfAll(): Promise<string> {
  return new Promise((resolve) => {
    const hear = (message: unknown) => {
      const { metrics } = (message ?? {}) as { metrics?: unknown };
      if (typeof metrics !== "string") return;
      cluster.worker?.off("message", hear);
      resolve(metrics);
    };
    cluster.worker?.on("message", hear);
    cluster.worker?.send(METRICS);
  });
}

import type { Worker } from "node:cluster";
import { AggregatorRegistry, type Registry } from "prom-client";

/** How long a worker may take to say what it counted, in milliseconds; without it the others' figures are shown. */
const WAIT_MS = 1_000;

type Figures = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;

/** What passes between the first process and a worker: one of them asks for all, each is asked for its own. */
interface Message {
  readonly ask?: "all" | { readonly ownAs: number };
  readonly all?: string;
  readonly own?: Figures;
}

/** An error is the other side's end, of which one hears otherwise. */
const tell = (worker: Worker, message: Message): void => void worker.send(message, () => {});

/**
 * In the first process: answers a worker that asks for all metrics. Each series carries its worker's number, so that
 * a replaced worker's counters begin anew as those of any restarted server, and no gauge is a sum.
 *
 * @param listening those that can answer, by number
 */
export function answerForAll(worker: Worker, listening: ReadonlyMap<number, Worker>): void {
  worker.on("message", async ({ ask }: Message) => {
    if (ask !== "all") return;
    const figures = await Promise.all([...listening].map(([number, each]) => figuresOf(each, number)));
    tell(worker, { all: await AggregatorRegistry.aggregate(figures).metrics() });
  });
}

function figuresOf(worker: Worker, number: number): Promise<Figures> {
  return new Promise((resolve) => {
    const end = (figures: Figures) => {
      clearTimeout(timer);
      worker.off("message", hear);
      resolve(figures);
    };
    const hear = ({ own }: Message) => own && end(own);
    const timer = setTimeout(end, WAIT_MS, []);
    worker.on("message", hear);
    tell(worker, { ask: { ownAs: number } });
  });
}

/** In a worker: says what it counted when asked, and prints the metrics of all. */
export function amongWorkers(me: Worker, own: Registry): () => Promise<string> {
  me.on("message", async ({ ask }: Message) => {
    if (typeof ask !== "object") return;
    own.setDefaultLabels({ worker: String(ask.ownAs) });
    tell(me, { own: await own.getMetricsAsJSON() });
  });
  return () =>
    new Promise((resolve) => {
      const hear = ({ all }: Message) => {
        if (all === undefined) return;
        me.off("message", hear);
        resolve(all);
      };
      me.on("message", hear);
      tell(me, { ask: "all" });
    });
}

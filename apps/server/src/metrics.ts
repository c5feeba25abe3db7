import type { Recorder } from "@mintmark/token-issuer";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What the server counts. Labels are routes, statuses and reasons: never a tenant, a client or anything they sent. */
export interface Metrics {
  /** One finished HTTP request; `seconds` from its first byte to its last answer. */
  requestEnded(route: string, status: number, seconds: number): void;
  /** One token record that the database refuses for ever, kept in a file of its own. */
  recordSetAside(): void;
  /** Counts token decisions; a `Recorder` for the token issuer. */
  readonly decisions: Recorder;
  /** In the Prometheus text format. */
  print(): Promise<string>;
  readonly contentType: string;
}

/** What the database is asked at each scrape. */
export interface Scraped {
  isDatabaseUp(): Promise<boolean>;
  /** `undefined`: it does not say now. */
  workspacesWithoutNextKey(): Promise<number | undefined>;
}

/**
 * @param among gives what prints the figures of all processes, where this is one of several
 */
export function createMetrics(
  { isDatabaseUp, workspacesWithoutNextKey }: Scraped,
  among: (own: Registry) => () => Promise<string> = (own) => () => own.metrics(),
): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "mintmark_http_requests_total",
    help: "HTTP requests by route and status.",
    labelNames: ["route", "status"],
    registers,
  });
  const durations = new Histogram({
    name: "mintmark_http_request_duration_seconds",
    help: "Time from a request's head to the end of its answer.",
    labelNames: ["route"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const decided = new Counter({
    name: "mintmark_token_decisions_total",
    help: "Decisions of the token, introspection and revocation endpoints by outcome; a refusal has its reason.",
    labelNames: ["outcome", "reason"],
    registers,
  });
  const setAside = new Counter({
    name: "mintmark_token_records_set_aside_total",
    help: "Token records that the database refuses for ever, kept in DATA_DIR/spool/refused *.rows.",
    registers,
  });
  new Gauge({
    name: "mintmark_database_up",
    help: "1 when the database answered this scrape's question.",
    registers,
    async collect() {
      this.set((await isDatabaseUp()) ? 1 : 0);
    },
  });
  new Gauge({
    name: "mintmark_workspaces_without_next_key",
    help: "Workspaces whose signing key has no published successor: above 0 for minutes, keys are not looked after.",
    registers,
    async collect() {
      const workspaces = await workspacesWithoutNextKey();
      if (workspaces !== undefined) this.set(workspaces);
    },
  });
  // To look a counter up by its labels costs more than to count.
  const issued = decided.labels("issued", "");
  const counters = new Map<string, Counter.Internal>();
  const ended = new Map<string, Histogram.Internal<"route">>();
  const counterOf = (key: string, make: () => Counter.Internal): Counter.Internal => {
    const counter = counters.get(key) ?? make();
    counters.set(key, counter);
    return counter;
  };
  return {
    requestEnded(route, status, seconds) {
      counterOf(`${route} ${status}`, () => requests.labels(route, String(status))).inc();
      const duration = ended.get(route) ?? durations.labels(route);
      ended.set(route, duration);
      duration.observe(seconds);
    },
    recordSetAside: () => setAside.inc(),
    decisions: {
      step(step) {
        if (step.step === "granted") issued.inc();
        if (step.step === "refused") decided.inc({ outcome: "refused", reason: step.failure.reason });
      },
    },
    print: among(registry),
    contentType: registry.contentType,
  };
}

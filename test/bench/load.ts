import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A client as the load draws it. */
export interface BenchClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The token endpoint's path. */
  readonly path: string;
}

/** A POST, ready to be sent many times. No member has a tab or a line's end in it. */
export interface BenchRequest {
  readonly path: string;
  readonly authorization: string;
  readonly contentType: string;
  readonly body: string;
}

/** What wrk saw. */
export interface Load {
  readonly requests: number;
  readonly microseconds: number;
  readonly refused: number;
  readonly failed: number;
  readonly broken: number;
  /** Microseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface LoadOptions {
  readonly origin: string;
  readonly requests: readonly BenchRequest[];
  /** What stands in every answer that is right. */
  readonly expected: string;
  readonly connections: number;
  readonly seconds: number;
  /** One after the other, instead of at random. */
  readonly inOrder?: boolean;
  /** The processors of the load. */
  readonly processors: string;
}

/** Sends requests for some seconds, each time one drawn at random unless they are to come in order. */
export async function load(options: LoadOptions): Promise<Load> {
  const folder = mkdtempSync(join(tmpdir(), "mintmark-bench-"));
  const file = join(folder, "requests");
  const lines = options.requests.map(({ path, authorization, contentType, body }) =>
    [path, authorization, contentType, body].join("\t"),
  );
  writeFileSync(file, lines.join("\n"));
  const script = join(import.meta.dirname, "load.lua");
  const args = [
    "-t1",
    "--timeout",
    "10s",
    `-c${options.connections}`,
    `-d${options.seconds}s`,
    "--latency",
    "-s",
    script,
    options.origin,
  ];
  const env = {
    ...process.env,
    BENCH_REQUESTS: file,
    BENCH_EXPECTED: options.expected,
    BENCH_IN_ORDER: options.inOrder ? "1" : "0",
  };
  const child = spawn("taskset", ["-c", options.processors, "wrk", ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  rmSync(folder, { recursive: true });
  const found = /^BENCH (.+)$/m.exec(output)?.[1];
  if (found === undefined) throw new Error(`wrk said nothing:\n${output}`);
  return JSON.parse(found) as Load;
}

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

/** What wrk saw. */
export interface Load {
  readonly requests: number;
  readonly microseconds: number;
  readonly refused: number;
  readonly failed: number;
  readonly broken: number;
  /** Microseconds. */
  readonly p50: number;
  readonly p99: number;
}

export interface LoadOptions {
  readonly origin: string;
  readonly clients: readonly BenchClient[];
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
  /** The processors of the load. */
  readonly processors: string;
  /** Each so many-th request has a wrong secret. */
  readonly wrongEach?: number;
}

const encode = (text: string) => new URLSearchParams([["", text]]).toString().slice(1);
const authorization = (clientId: string, secret: string) =>
  Buffer.from(`${encode(clientId)}:${encode(secret)}`).toString("base64");

/** Asks for tokens for some seconds, each time for a client drawn at random. */
export async function load(options: LoadOptions): Promise<Load> {
  const folder = mkdtempSync(join(tmpdir(), "mintmark-bench-"));
  const file = join(folder, "requests");
  const lines = options.clients.flatMap(({ path, clientId, clientSecret }) => {
    const right = `${path} ${authorization(clientId, clientSecret)}`;
    const wrong = `${path} ${authorization(clientId, `${clientSecret.slice(0, -1)}-`)}`;
    const { wrongEach } = options;
    return wrongEach === undefined ? [right] : [...Array<string>(wrongEach - 1).fill(right), wrong];
  });
  writeFileSync(file, lines.join("\n"));
  const script = join(import.meta.dirname, "token.lua");
  const args = ["-t1", `-c${options.connections}`, `-d${options.seconds}s`, "--latency", "-s", script, options.origin];
  const env = { ...process.env, BENCH_REQUESTS: file, BENCH_BODY: options.body };
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

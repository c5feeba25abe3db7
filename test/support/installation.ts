import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import postgres from "postgres";
import { freePort } from "./free-port.ts";
import { send } from "./http.ts";
import type { Bootstrapped } from "./server.ts";

const launcher = join(import.meta.dirname, "../../apps/server/launch.mjs");

type Env = Readonly<Record<string, string>>;

/** A command that ended. */
export interface Ended {
  /** `undefined` when a signal ended it. */
  readonly code: number | undefined;
  /** Everything it printed. */
  readonly output: string;
}

/** A command that may still run. */
interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  output(): string;
}

/** One data folder with its embedded database, used through `pnpm start`'s own command. */
export interface Installation {
  readonly dataDir: string;
  readonly port: number;
  readonly origin: string;
  /** Runs a command of the server; its environment is the installation's and `extra`. */
  run(args: readonly string[], extra?: Env): Running;
  /** Runs `serve` and waits until `/readyz` says so. */
  serve(extra?: Env): Promise<Running>;
  bootstrap(): Promise<Bootstrapped>;
  /** Whether `/readyz` says so now. */
  isReady(): Promise<boolean>;
  /** The process of the embedded database; `undefined` when none runs. */
  databasePid(): number | undefined;
  /** Asks the embedded database past the server; the first column of each row. */
  query(text: string): Promise<unknown[]>;
  /** Kills what still runs and removes everything. */
  destroy(): Promise<void>;
}

/** Whether a process runs; a zombie that waits for its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}

function runCommand(args: readonly string[], env: Env): Running {
  const child = spawn(process.execPath, [launcher, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => printed.push(text));
  }
  const output = () => printed.join("");
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (code) => resolve({ code: code ?? undefined, output: output() }));
  });
  return { child, ended, output };
}

/** PostgreSQL's note of its process: its number, and its port in the fourth line. */
function databaseNote(dataDir: string): { pid: number; port: number } | undefined {
  try {
    const lines = readFileSync(join(dataDir, "postgres/postmaster.pid"), "utf8").split("\n");
    const pid = Number(lines[0]);
    return isAlive(pid) ? { pid, port: Number(lines[3]) } : undefined;
  } catch {
    return undefined;
  }
}

async function queryDatabase(dataDir: string, text: string): Promise<unknown[]> {
  const { owner } = JSON.parse(readFileSync(join(dataDir, "database-passwords.json"), "utf8")) as { owner: string };
  const port = databaseNote(dataDir)?.port;
  const sql = postgres(`postgres://mintmark_owner:${owner}@127.0.0.1:${port}/mintmark`, { max: 1 });
  try {
    return (await sql.unsafe(text)).map((row) => Object.values(row)[0]);
  } finally {
    await sql.end();
  }
}

/** An installation below `folder`, which must be open to every account; a temporary folder by default. */
export async function newInstallation(folder?: string): Promise<Installation> {
  const base = folder ?? mkdtempSync(join(tmpdir(), "mintmark-installation-"));
  // PostgreSQL runs as an account of its own when this is root.
  chmodSync(base, 0o755);
  const dataDir = join(base, "data");
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const env = { PATH: process.env["PATH"] ?? "", PORT: String(port), DATA_DIR: dataDir };
  const all: Running[] = [];
  const run: Installation["run"] = (args, extra = {}) => {
    const running = runCommand(args, { ...env, ...extra });
    all.push(running);
    return running;
  };
  const isReady = async () => (await send(`${origin}/readyz`).catch(() => undefined))?.status === 200;
  return {
    dataDir,
    port,
    origin,
    run,
    isReady,
    serve: async (extra) => {
      const running = run(["serve"], extra);
      for (const deadline = Date.now() + 60_000; !(await isReady()); await pause(50)) {
        if (running.child.exitCode !== null || Date.now() > deadline)
          throw new Error(`not ready:\n${running.output()}`);
      }
      return running;
    },
    bootstrap: async () => {
      const { code, output } = await run(["bootstrap", "--json"], { LOG_LEVEL: "silent" }).ended;
      const json = output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1);
      if (code !== 0) throw new Error(`bootstrap ended with ${code}:\n${output}`);
      return JSON.parse(json) as Bootstrapped;
    },
    databasePid: () => databaseNote(dataDir)?.pid,
    query: (text) => queryDatabase(dataDir, text),
    destroy: async () => {
      for (const { child, ended } of all) {
        child.kill("SIGKILL");
        await ended;
      }
      await killDatabase(dataDir);
      rmSync(base, { recursive: true, force: true });
    },
  };
}

async function killDatabase(dataDir: string): Promise<void> {
  const pid = databaseNote(dataDir)?.pid;
  if (pid === undefined) return;
  process.kill(pid, "SIGQUIT");
  for (let tries = 0; tries < 200 && isAlive(pid); tries++) await pause(25);
}

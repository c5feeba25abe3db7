import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connect } from "../connect.ts";
import type { Account } from "./account.ts";
import { type Binaries, programEnvironment } from "./binaries.ts";
import { clusterFolder } from "./cluster.ts";
import { EmbeddedFailure, fileFailure, programFailure } from "./failure.ts";
import { identify, type ProcessIdentity, runs } from "./process-identity.ts";

/** What starting PostgreSQL takes. */
export interface PostmasterSettings {
  binaries: Binaries;
  /** The folder that holds `postgres/`. */
  base: string;
  /** The folder for PostgreSQL's log. */
  dataDir: string;
  account: Account | undefined;
  superuserPassword: string;
}

/** A PostgreSQL server that answered a query. */
export interface Postmaster {
  process: ProcessIdentity;
  port: number;
}

/** Milliseconds to wait for a start (a long crash recovery included) and for an end. */
const startPatience = 120_000;
const stopPatience = 30_000;

const settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "100",
  shared_buffers: "64MB",
  timezone: "UTC",
  // Refused statements are the application's to report; here they would only repeat people's data.
  log_min_messages: "log",
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
  log_checkpoints: "off",
};

/** The address of the superuser, for what only the launcher does. */
export const superuserUrl = (port: number, password: string): string =>
  `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;

const pidFile = (base: string): string => join(clusterFolder(base), "postmaster.pid");

/** PostgreSQL's own note of its process; `ready` is its word, to be checked by a query. */
function readPidFile(base: string): { pid: number; port: number; ready: boolean } | undefined {
  try {
    const lines = readFileSync(pidFile(base), "utf8").split("\n");
    const pid = Number(lines[0]);
    return pid > 0 ? { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process is a PostgreSQL of this folder, and not a stranger who was given its number later. */
function isOurs(pid: number, base: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(clusterFolder(base));
  } catch {
    return !existsSync("/proc/self/cmdline");
  }
}

/** Asks the server at the port whether it serves this folder: only an answered query means ready. */
async function answers(port: number, password: string, base: string): Promise<boolean> {
  const database = connect(superuserUrl(port, password), { maxConnections: 1, connectTimeout: 2 });
  try {
    const [row] = await database.sql<{ folder: string }[]>`select current_setting('data_directory') as folder`;
    return row?.folder === clusterFolder(base);
  } catch {
    return false;
  } finally {
    await database.close();
  }
}

/** The running PostgreSQL of this folder, waited for while it starts or ends; undefined when there is none. */
export async function findPostmaster(base: string, superuserPassword: string): Promise<Postmaster | undefined> {
  for (const deadline = Date.now() + startPatience; Date.now() < deadline; await pause(50)) {
    const file = readPidFile(base);
    const process = file && identify(file.pid);
    if (!process || !isOurs(process.pid, base)) return undefined;
    if (file.ready && (await answers(file.port, superuserPassword, base))) return { process, port: file.port };
  }
  throw new EmbeddedFailure(
    "start-failed",
    `A PostgreSQL runs in ${clusterFolder(base)} but does not answer. End process ${readPidFile(base)?.pid}, then start again.`,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .once("error", reject)
      .listen(0, "127.0.0.1", () => {
        const address = server.address();
        server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
      });
  });
}

/** Opens the log to append to; a file, because a pipe would break when this process is killed and PostgreSQL lives on. */
function openLog(dataDir: string): { log: number; path: string; from: number } {
  const path = join(dataDir, "postgres.log");
  if (existsSync(path) && statSync(path).size > 10_000_000) renameSync(path, `${path}.1`);
  const log = openSync(path, "a", 0o600);
  return { log, path, from: statSync(path).size };
}

async function launch(options: PostmasterSettings, port: number): Promise<Postmaster | string> {
  const { log, path, from } = openLog(options.dataDir);
  const folder = clusterFolder(options.base);
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(join(options.binaries.bin, "postgres"), ["-D", folder, "-p", String(port), ...flags], {
    ...options.account,
    env: programEnvironment,
    cwd: "/",
    // In a session of its own: Ctrl-C reaches the server, which ends its database in good order.
    detached: true,
    stdio: ["ignore", log, log],
  });
  let ended = false;
  child.once("exit", () => {
    ended = true;
  });
  child.once("error", () => {
    ended = true;
  });
  child.unref();
  closeSync(log);
  for (const deadline = Date.now() + startPatience; !ended && Date.now() < deadline; await pause(25)) {
    const process = child.pid === undefined ? undefined : identify(child.pid);
    const file = readPidFile(options.base);
    const ready =
      file?.ready && file.pid === child.pid && (await answers(port, options.superuserPassword, options.base));
    if (process && ready) return { process, port };
  }
  if (!ended) child.kill("SIGQUIT");
  return readFileSync(path).subarray(from).toString("utf8");
}

/**
 * PostgreSQL refuses to start while the process number in its file is alive, even when a stranger has it by now, or when it
 * is a zombie that nobody collects (containers without an init). Only the number is struck out: the rest of the file lets
 * PostgreSQL see children of a killed server that still write.
 */
function forgetDead(base: string): void {
  const file = readPidFile(base);
  if (!file || (identify(file.pid) && isOurs(file.pid, base))) return;
  const deadPid = "99999999";
  writeFileSync(pidFile(base), readFileSync(pidFile(base), "utf8").replace(/^\d+/, deadPid));
}

const passing = /Address already in use|shared memory block .* still in use/;

/**
 * Starts PostgreSQL and waits until it answers a query. Only under the lock, when `findPostmaster` found none.
 *
 * @param port Where a former one listened, so that open pools find the new one; a free port otherwise.
 */
export async function startPostmaster(options: PostmasterSettings, port?: number): Promise<Postmaster> {
  try {
    forgetDead(options.base);
    for (let tries = 0; ; tries++) {
      const answer = await launch(options, port ?? (await freePort()));
      if (typeof answer !== "string") return answer;
      if (!passing.test(answer) || tries === 10) throw programFailure("The start", clusterFolder(options.base), answer);
      await pause(500);
    }
  } catch (error) {
    throw fileFailure(options.dataDir, error);
  }
}

function signal({ process: postmaster }: Postmaster, name: NodeJS.Signals): void {
  if (runs(postmaster)) process.kill(postmaster.pid, name);
}

/** Ends PostgreSQL: open transactions are rolled back, everything committed is on disk. */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
  signal(postmaster, "SIGINT");
  const deadline = Date.now() + stopPatience;
  while (runs(postmaster.process) && Date.now() < deadline) await pause(20);
  // Too slow: stop at once, and the next start recovers from the log.
  killPostmaster(postmaster);
}

/** Ends PostgreSQL at once, as a crash would. */
export const killPostmaster = (postmaster: Postmaster): void => signal(postmaster, "SIGQUIT");

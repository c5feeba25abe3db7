import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findBinaries } from "./embedded/binaries.ts";
import { checkVersion, clusterExists, createCluster } from "./embedded/cluster.ts";
import { EmbeddedFailure } from "./embedded/failure.ts";
import { type DataDirLock, isHeldNear, isHolder, lockDataDir } from "./embedded/lock.ts";
import { ensurePasswords, readPasswords } from "./embedded/passwords.ts";
import { makeDataDir, settlePlace } from "./embedded/place.ts";
import {
  findPostmaster,
  killPostmaster,
  type PostmasterSettings,
  startPostmaster,
  stopPostmaster,
} from "./embedded/postmaster.ts";
import { addresses, ensureRoles } from "./embedded/roles.ts";
import { type Supervisor, supervise } from "./embedded/supervise.ts";

export { EmbeddedFailure } from "./embedded/failure.ts";

export interface EmbeddedOptions {
  /** The one folder that everything lives in. Made when missing. */
  dataDir: string;
  /** The command that asks, as in `mintmark serve`. Two `serve` on one folder are refused; others attach to a `serve`. */
  command: string;
  /** A folder with `initdb` and `postgres` to use instead of the npm package's. */
  pgBin?: string | undefined;
  /** Takes a sentence for the operator when something noteworthy happens. */
  log?: (line: string) => void;
}

export interface Embedded {
  /** For migrations: the role that owns the database. */
  ownerUrl: string;
  /** For everything else: the role that owns nothing. */
  appUrl: string;
  /** True when a PostgreSQL was already running there, left by a killed server or held by another command. */
  reused: boolean;
  /** Ends the database if this process holds the folder; otherwise does nothing. Close the pools first. */
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL in the data folder, or attaches to the one that a running server holds there. Returns when a
 * query was answered.
 *
 * @throws EmbeddedFailure with a sentence for the operator.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = resolve(options.dataDir);
  makeDataDir(dataDir);
  const lock = await lockDataDir(dataDir, options.command);
  if (isHolder(lock)) return attach(dataDir);
  try {
    return await startHeld(dataDir, lock, options);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startHeld(dataDir: string, lock: DataDirLock, options: EmbeddedOptions): Promise<Embedded> {
  const { base, account } = settlePlace(dataDir);
  const binaries = findBinaries(options.pgBin, account);
  const passwords = ensurePasswords(dataDir, clusterExists(base));
  if (!clusterExists(base)) createCluster(binaries, base, passwords.superuser, account);
  checkVersion(binaries, base, dataDir);

  const settings: PostmasterSettings = { binaries, base, dataDir, account, superuserPassword: passwords.superuser };
  const orphan = await findPostmaster(base, passwords.superuser);
  if (orphan) options.log?.("Found the database of a server that was killed, and goes on with it.");
  const postmaster = orphan ?? (await startPostmaster(settings));
  const supervisor = supervise(settings, postmaster, options.log ?? (() => undefined), lock.isHeld);
  const stop = async () => {
    await stopPostmaster(await supervisor.end());
    lock.release();
  };
  lock.onLost(() => void giveUp(dataDir, supervisor));
  try {
    await ensureRoles(postmaster.port, passwords);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...addresses(postmaster.port, passwords), reused: orphan !== undefined, stop };
}

/** Two databases on one folder would lose data: ours ends at once, and this process with it. */
async function giveUp(dataDir: string, supervisor: Supervisor): Promise<never> {
  killPostmaster(supervisor.abandon());
  throw new EmbeddedFailure(
    "data-dir-in-use",
    `This server stood still so long that another one took over the data folder ${dataDir}. It ends now.`,
  );
}

/** Uses the database of the process that holds the folder, which may still be starting it. */
async function attach(dataDir: string): Promise<Embedded> {
  while (isHeldNear(dataDir)) {
    const passwords = readPasswords(dataDir);
    const found = passwords && (await findPostmaster(settlePlace(dataDir).base, passwords.superuser));
    if (found) return { ...addresses(found.port, passwords), reused: true, stop: async () => undefined };
    await pause(100);
  }
  throw new EmbeddedFailure("start-failed", `The server that held ${dataDir} has ended. Start this command again.`);
}

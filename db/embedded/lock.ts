import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { EmbeddedFailure, fileFailure } from "./failure.ts";
import { identify, type ProcessIdentity, runs } from "./process-identity.ts";

/** The process that holds a data folder, and the command it runs. */
export interface Holder extends ProcessIdentity {
  command: string;
}

export interface DataDirLock {
  release(): void;
}

const lockName = /^lock\.\d+\.[0-9a-f]+$/;

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}

/** The living holder among the folder's lock files but `own`. A dead process's file is removed: its name never returns. */
function otherHolder(dataDir: string, own: string): Holder | undefined {
  for (const name of readdirSync(dataDir)) {
    const path = join(dataDir, name);
    if (!lockName.test(name) || path === own) continue;
    const holder = readHolder(path);
    if (holder && runs(holder)) return holder;
    rmSync(path, { force: true });
  }
  return undefined;
}

/** Writes the own file first and looks afterwards: of two at once at least one sees the other, and who sees gives way. */
function tryLock(dataDir: string, command: string): DataDirLock | Holder {
  const me = identify(process.pid);
  if (!me) throw new Error("This process cannot find itself in the process table.");
  const name = `lock.${me.pid}.${randomBytes(8).toString("hex")}`;
  const own = join(dataDir, name);
  const release = () => rmSync(own, { force: true });
  try {
    writeFileSync(join(dataDir, `.${name}`), JSON.stringify({ ...me, command } satisfies Holder), { mode: 0o600 });
    renameSync(join(dataDir, `.${name}`), own);
    const other = otherHolder(dataDir, own);
    if (!other) return { release };
    release();
    return other;
  } catch (error) {
    rmSync(join(dataDir, `.${name}`), { force: true });
    throw fileFailure(dataDir, error);
  }
}

/** Who holds the folder now, or undefined. */
export const holderOf = (dataDir: string): Holder | undefined => otherHolder(dataDir, "");

export const isHolder = (answer: DataDirLock | Holder): answer is Holder => "pid" in answer;

/**
 * Takes the data folder for this process. A short command waits for another short command, and gets the holder back
 * where a server runs; a server waits for a short command.
 *
 * @throws EmbeddedFailure `data-dir-in-use` when a second server asks, or nobody lets go in `patience` milliseconds.
 */
export async function lockDataDir(dataDir: string, command: string, patience = 30_000): Promise<DataDirLock | Holder> {
  const deadline = Date.now() + patience;
  for (let tries = 0; ; tries++) {
    const answer = tryLock(dataDir, command);
    if (!isHolder(answer)) return answer;
    // Two that gave way to each other try again at different moments.
    if (tries >= 3 && answer.command === "serve") {
      if (command !== "serve") return answer;
      throw inUse(dataDir, answer);
    }
    if (Date.now() > deadline) throw inUse(dataDir, answer);
    await pause(20 + Math.random() * 80);
  }
}

const inUse = (dataDir: string, holder: Holder) =>
  new EmbeddedFailure(
    "data-dir-in-use",
    `The data folder ${dataDir} is in use by \`mintmark ${holder.command}\` (process ${holder.pid}). ` +
      "Stop that one first, or give this one a folder of its own with DATA_DIR.",
  );

import { randomBytes } from "node:crypto";
import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { EmbeddedFailure, fileFailure } from "./failure.ts";
import { identify, type ProcessIdentity, runs } from "./process-identity.ts";

/** The process that holds a data folder, and the command it runs. */
export interface Holder extends ProcessIdentity {
  command: string;
  /** Where its process number counts; absent in a file of an older version. */
  namespace?: string;
}

/** Another process's lock as it was found. */
interface Found extends Holder {
  /** Its process number means something here; another container's or another machine's does not. */
  isNear: boolean;
  /** When its file was last written, in milliseconds of the file system's clock. */
  beat: number;
}

export interface DataDirLock {
  release(): void;
  /** Whether nobody has taken the folder over. */
  isHeld(): boolean;
  /** Calls back once when another process has taken the folder over because this one was silent too long. */
  onLost(lost: () => void): void;
}

const lockName = /^lock\.\d+\.[0-9a-f]+$/;

/** A holder writes its file this often; one from elsewhere that was silent so long is dead. Milliseconds. */
const beatInterval = 1000;
const longestSilence = 15_000;

function myself(): ProcessIdentity & { namespace: string } {
  const me = identify(process.pid);
  if (!me) throw new Error("This process cannot find itself in the process table.");
  try {
    return { ...me, namespace: readlinkSync("/proc/self/ns/pid") };
  } catch {
    return { ...me, namespace: "" };
  }
}

function readHolder(path: string): Found | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, "utf8")) as Holder;
    const me = myself();
    const isNear = holder.bootId === me.bootId && (holder.namespace ?? me.namespace) === me.namespace;
    return { ...holder, isNear, beat: statSync(path).mtimeMs };
  } catch {
    return undefined;
  }
}

/**
 * The living holder among the folder's lock files but `own`, which was written just now and so tells the file system's
 * time. A dead process's file is removed: its name never returns.
 */
function otherHolder(dataDir: string, own: string): Found | undefined {
  const now = statSync(own).mtimeMs;
  for (const name of readdirSync(dataDir)) {
    const path = join(dataDir, name);
    if (!lockName.test(name) || path === own) continue;
    const holder = readHolder(path);
    if (holder && (holder.isNear ? runs(holder) : now - holder.beat <= longestSilence)) return holder;
    rmSync(path, { force: true });
  }
  return undefined;
}

/** Writes the same bytes over the file, so that its time moves on and its content is whole at every moment. */
function keepBeating(path: string, content: string): DataDirLock {
  let lost = () => {};
  const timer = setInterval(() => {
    try {
      writeFileSync(path, content, { flag: "r+" });
    } catch (error) {
      // A full disk or the like is no loss: only a file that is gone was taken.
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) return;
      clearInterval(timer);
      lost();
    }
  }, beatInterval).unref();
  return {
    release() {
      clearInterval(timer);
      rmSync(path, { force: true });
    },
    isHeld: () => existsSync(path),
    onLost(call) {
      lost = call;
    },
  };
}

/** Writes the own file first and looks afterwards: of two at once at least one sees the other, and who sees gives way. */
function tryLock(dataDir: string, command: string): DataDirLock | Found {
  const me = myself();
  const name = `lock.${me.pid}.${randomBytes(8).toString("hex")}`;
  const own = join(dataDir, name);
  const content = JSON.stringify({ ...me, command } satisfies Holder);
  try {
    writeFileSync(join(dataDir, `.${name}`), content, { mode: 0o600 });
    renameSync(join(dataDir, `.${name}`), own);
    const other = otherHolder(dataDir, own);
    if (!other) return keepBeating(own, content);
    rmSync(own, { force: true });
    return other;
  } catch (error) {
    rmSync(join(dataDir, `.${name}`), { force: true });
    throw fileFailure(dataDir, error);
  }
}

/** Whether a process of this machine or container still holds the folder. */
export const isHeldNear = (dataDir: string): boolean =>
  readdirSync(dataDir).some((name) => {
    const holder = lockName.test(name) ? readHolder(join(dataDir, name)) : undefined;
    return holder?.isNear === true && runs(holder);
  });

export const isHolder = <H extends Holder>(answer: DataDirLock | H): answer is H => "pid" in answer;

/**
 * Takes the data folder for this process. A short command waits for another short command, and gets the holder back
 * where a server runs; a server waits for a short command. A server in another container or on another machine is
 * watched until its file moves, which refuses everybody here, or is silent too long, which means that it was killed.
 *
 * @throws EmbeddedFailure `data-dir-in-use` when a second server asks, or nobody lets go in `patience` milliseconds.
 */
export async function lockDataDir(dataDir: string, command: string, patience = 30_000): Promise<DataDirLock | Holder> {
  const deadline = Date.now() + patience;
  let far: Found | undefined;
  for (let tries = 0; ; tries++) {
    const answer = tryLock(dataDir, command);
    if (!isHolder(answer)) return answer;
    // Two that gave way to each other try again at different moments.
    if (tries >= 3 && answer.command === "serve" && answer.isNear) {
      if (command !== "serve") return answer;
      throw inUse(dataDir, answer);
    }
    if (answer.command === "serve" && !answer.isNear) {
      if (far?.pid === answer.pid && far.startTime === answer.startTime && answer.beat > far.beat)
        throw inUse(dataDir, answer);
      far = answer;
    }
    if (Date.now() > deadline) throw inUse(dataDir, answer);
    await pause(20 + Math.random() * 80);
  }
}

const inUse = (dataDir: string, { command, pid, isNear }: Found) =>
  new EmbeddedFailure(
    "data-dir-in-use",
    `The data folder ${dataDir} is in use by \`mintmark ${command}\` ${isNear ? `(process ${pid})` : "in another container or on another machine"}. ` +
      `${isNear ? "Stop" : "Run other commands there, or stop"} that one first, or give this one a folder of its own with DATA_DIR.`,
  );

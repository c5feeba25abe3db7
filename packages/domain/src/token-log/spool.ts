import { type FileHandle, mkdir, open, readdir, readFile, stat, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { identify, type ProcessIdentity, runs } from "@mintmark/db/process";
import type { TokenRow } from "./token-row.ts";

/** Bytes a spool takes: about half a million rows. Beyond it no token is issued. */
const SIZE_LIMIT = 256 * 1024 * 1024;

/** Rows that the database cannot take now, on this server's disk. */
export interface Spool {
  /** Whether rows wait to be shipped. */
  readonly isEmpty: boolean;
  /** Resolves when the rows are on the disk. A row that is not is not there at all. @throws Error when there is no room */
  append(rows: readonly TokenRow[]): Promise<void>;
  /** Hands every waiting row to `write`, in order, and forgets them once it has them all. */
  ship(write: (rows: readonly TokenRow[]) => Promise<void>, atOnce: number): Promise<void>;
  close(): Promise<void>;
}

/** One row as a line: its checksum, so that a torn or spoilt line shows, and its JSON. */
export const spoolLine = (row: TokenRow): string => {
  const json = JSON.stringify(row);
  return `${crc32(json).toString(16).padStart(8, "0")} ${json}\n`;
};

/** The rows of a spool; reading ends at the first line that is torn or spoilt: nothing behind it was acknowledged. */
export function readSpoolLines(text: string): readonly TokenRow[] {
  const rows: TokenRow[] = [];
  for (const line of text.split("\n").slice(0, -1)) {
    const json = line.slice(9);
    if (crc32(json).toString(16).padStart(8, "0") !== line.slice(0, 8)) break;
    rows.push(JSON.parse(json) as TokenRow);
  }
  return rows;
}

const nameOf = ({ pid, startTime, bootId }: ProcessIdentity): string =>
  `${[hostname(), pid, startTime, bootId].map(encodeURIComponent).join(" ")}.spool`;

/** Opens this process's spool in a folder; the file is made with the first row. */
export async function openSpool(folder: string, limit = SIZE_LIMIT): Promise<Spool> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const me = identify(process.pid);
  const path = join(folder, me ? nameOf(me) : `${process.pid}.spool`);
  let file: FileHandle | undefined;
  let size = 0;
  let isSpoilt = false;
  let last: Promise<unknown> = Promise.resolve();
  let shipped: Promise<void> = Promise.resolve();
  /** Appending and forgetting must not meet: what was just acknowledged would be cut off. */
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work, work);
    last = done.catch(() => {});
    return done;
  };

  const append = async (rows: readonly TokenRow[]): Promise<void> => {
    const bytes = Buffer.from(rows.map(spoolLine).join(""));
    if (isSpoilt) throw new Error(`the spool ${path} cannot be mended`);
    if (size + bytes.length > limit) throw new Error(`the spool ${path} is full`);
    file ??= await create(folder, path);
    try {
      await file.appendFile(bytes);
      await file.datasync();
      const { nlink } = await file.stat();
      size += bytes.length;
      if (nlink > 0) return;
    } catch (error) {
      // Half a batch must not stand before the next one: reading would end there.
      await file.truncate(size).catch(() => {
        isSpoilt = true;
      });
      throw error;
    }
    // Somebody took it for left behind, and shipped what it held before: the next batch begins a new one.
    await file.close().catch(() => {});
    file = undefined;
    size = 0;
    throw new Error(`the spool ${path} was taken away`);
  };
  const read = async (from: number, to: number): Promise<readonly TokenRow[]> => {
    const bytes = Buffer.alloc(to - from);
    await file?.read(bytes, 0, bytes.length, from);
    return readSpoolLines(bytes.toString("utf8"));
  };
  /** @returns false where more came meanwhile */
  const forget = async (to: number): Promise<boolean> => {
    if (size !== to) return false;
    await file?.truncate(0);
    size = 0;
    await file?.datasync();
    return true;
  };
  const ship: Spool["ship"] = async (write, atOnce) => {
    for (let from = 0; size > 0; ) {
      const to = size;
      const rows = await read(from, to);
      for (let at = 0; at < rows.length; at += atOnce) await write(rows.slice(at, at + atOnce));
      from = to;
      if (await alone(() => forget(to))) return;
    }
  };

  return {
    get isEmpty() {
      return size === 0;
    },
    append: (rows) => alone(() => append(rows)),
    ship(write, atOnce) {
      // One at a time: a second one would forget what came after the first had forgotten.
      shipped = shipped.catch(() => {}).then(() => ship(write, atOnce));
      return shipped;
    },
    async close() {
      await file?.close();
      if (file && size === 0) await unlink(path).catch(() => {});
    },
  };
}

/** A file whose name is on the disk as well: without it the rows would be lost with the power. */
async function create(folder: string, path: string): Promise<FileHandle> {
  const file = await open(path, "a+", 0o600);
  const names = await open(folder, "r");
  try {
    await names.sync();
  } finally {
    await names.close();
  }
  return file;
}

/** A spool that nobody writes to keeps its last time; its owner touches no file for hours only when it is gone. */
const ABANDONED_MS = 3_600_000;

/** Ships what servers that are gone left behind. Safe for several servers at once: a row that is there stays as it is. */
export async function shipLeftSpools(
  folder: string,
  write: (rows: readonly TokenRow[]) => Promise<void>,
  atOnce: number,
): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".spool")) continue;
    const rows = await readLeft(folder, name);
    if (!rows) continue;
    for (let at = 0; at < rows.length; at += atOnce) await write(rows.slice(at, at + atOnce));
    await unlink(join(folder, name)).catch(() => {});
  }
}

/** The rows of a spool whose owner is gone; undefined where it is not, or another server was quicker. */
async function readLeft(folder: string, name: string): Promise<readonly TokenRow[] | undefined> {
  try {
    if (!(await isLeft(folder, name))) return undefined;
    return readSpoolLines(await readFile(join(folder, name), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function isLeft(folder: string, name: string): Promise<boolean> {
  const [host, pid, startTime = "", bootId = ""] = name
    .replace(/\.spool$/, "")
    .split(" ")
    .map(decodeURIComponent);
  if (host === hostname()) return !runs({ pid: Number(pid), startTime, bootId });
  const { mtimeMs } = await stat(join(folder, name));
  return Date.now() - mtimeMs > ABANDONED_MS;
}

import { type FileHandle, mkdir, open, readdir, stat, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { identify, type ProcessIdentity, runs } from "@mintmark/db/process";
import type { TokenRow } from "./token-row.ts";

/** Bytes a spool takes: about half a million rows. Beyond it no token is issued. */
const SIZE_LIMIT = 256 * 1024 * 1024;
/** Bytes of a spool read at once: all of it would take a gigabyte of memory, and stop everything else for seconds. */
const PIECE = 1024 * 1024;

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

/** The rows of a piece of a spool up to the first line that is torn or spoilt, and how many bytes they take. */
export function readSpoolLines(bytes: Buffer): { readonly rows: readonly TokenRow[]; readonly length: number } {
  const rows: TokenRow[] = [];
  let length = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, length)) {
    const json = bytes.toString("utf8", length + 9, end);
    if (crc32(json).toString(16).padStart(8, "0") !== bytes.toString("utf8", length, length + 8)) break;
    rows.push(JSON.parse(json) as TokenRow);
    length = end + 1;
  }
  return { rows, length };
}

/** The rows of a spool, piece by piece; reading ends at a line that is torn or spoilt: nothing behind it was acknowledged. */
async function* readPieces(file: FileHandle, from: number, to: number): AsyncGenerator<readonly TokenRow[]> {
  for (let at = from; at < to; ) {
    const bytes = Buffer.alloc(Math.min(PIECE, to - at));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, at);
    const { rows, length } = readSpoolLines(bytes.subarray(0, bytesRead));
    if (length === 0) return;
    yield rows;
    at += length;
  }
}

async function writePieces(
  pieces: AsyncIterable<readonly TokenRow[]>,
  write: (rows: readonly TokenRow[]) => Promise<void>,
  atOnce: number,
): Promise<void> {
  for await (const rows of pieces)
    for (let at = 0; at < rows.length; at += atOnce) await write(rows.slice(at, at + atOnce));
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
    file ??= await createSynced(folder, path);
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
      if (file) await writePieces(readPieces(file, from, to), write, atOnce);
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
async function createSynced(folder: string, path: string): Promise<FileHandle> {
  const file = await open(path, "a+", 0o600);
  await syncNames(folder);
  return file;
}

/** Puts the names of a folder on the disk. */
export async function syncNames(folder: string): Promise<void> {
  const names = await open(folder, "r");
  try {
    await names.sync();
  } finally {
    await names.close();
  }
}

/** A spool that nobody writes to keeps its last time; its owner touches no file for hours only when it is gone. */
const ABANDONED_MS = 3_600_000;

/** Ships what servers that are gone left behind. Safe for several servers at once: a row that is there stays as it is. */
export async function shipLeftSpools(
  folder: string,
  write: (rows: readonly TokenRow[]) => Promise<void>,
  atOnce: number,
): Promise<void> {
  const failures: unknown[] = [];
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".spool")) continue;
    try {
      if (await isLeft(folder, name)) await shipLeft(join(folder, name), write, atOnce);
    } catch (error) {
      // Another server was quicker, or it cannot be read or shipped: the others can.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function shipLeft(
  path: string,
  write: (rows: readonly TokenRow[]) => Promise<void>,
  atOnce: number,
): Promise<void> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    await writePieces(readPieces(file, 0, size), write, atOnce);
  } finally {
    await file.close();
  }
  await unlink(path).catch(() => {});
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

import { randomBytes } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { createSynced, spoolLine } from "./spool.ts";
import type { TokenRow } from "./token-row.ts";

/** Told of each row that was set aside: why, and in which file it is now. */
export type SetAsideListener = (error: unknown, row: TokenRow, path: string) => void;

/** Keeps rows that the database refuses for ever, so that those behind them are shipped. */
export interface SetAside {
  /** Resolves when the row is on the disk, once however often it comes. @throws Error when there is no room */
  keep(row: TokenRow, error: unknown): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a file of its own beside the spools, made with the first row. Its lines are those of a spool: renamed to end with
 * `.spool` it is shipped again, an hour after its last line at the latest.
 */
export function openSetAside(folder: string, told: SetAsideListener): SetAside {
  const path = join(folder, `refused ${randomBytes(6).toString("hex")}.rows`);
  // A spool whose shipping fails half-way begins again at its first row.
  const kept = new Set<string>();
  let file: Promise<FileHandle> | undefined;
  return {
    async keep(row, error) {
      if (kept.has(row.jti)) return;
      file ??= createSynced(folder, path);
      const handle = await file.catch((failure) => {
        file = undefined;
        throw failure;
      });
      await handle.appendFile(spoolLine(row));
      await handle.datasync();
      kept.add(row.jti);
      told(error, row, path);
    },
    async close() {
      await (await file)?.close();
    },
  };
}

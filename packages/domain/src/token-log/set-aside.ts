import { createHash } from "node:crypto";
import { access, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { spoolLine, syncNames } from "./spool.ts";
import type { TokenRow } from "./token-row.ts";

/** Told of each row that was set aside: why, and in which file it is now. */
export type SetAsideListener = (error: unknown, row: TokenRow, path: string) => void;

/** Keeps rows that the database refuses for ever, so that those behind them are shipped. */
export interface SetAside {
  /** Resolves when the row is on the disk, once however often it comes. @throws Error when there is no room */
  keep(row: TokenRow, error: unknown): Promise<void>;
}

/**
 * Keeps each row in a file of its own beside the spools, there whole or not at all. Its line is that of a spool: renamed
 * to end with `.spool` it is shipped again, an hour later at the latest; refused again, it is set aside again.
 */
export function openSetAside(folder: string, told: SetAsideListener): SetAside {
  return {
    async keep(row, error) {
      const path = join(folder, `refused ${createHash("sha256").update(row.jti).digest("hex").slice(0, 24)}.rows`);
      // A spool whose shipping fails half-way begins again at its first row.
      if (await isThere(path)) return;
      await writeWhole(folder, path, spoolLine(row));
      told(error, row, path);
    },
  };
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function writeWhole(folder: string, path: string, text: string | Uint8Array): Promise<void> {
  const part = `${path}.part`;
  const file = await open(part, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await rename(part, path);
  await syncNames(folder);
}

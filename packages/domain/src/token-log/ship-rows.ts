import { type Database, isRefusedData } from "@mintmark/db";
import { patient } from "../patience.ts";
import { sumLateDays } from "../records/usage-days.ts";
import { revokeOvertakenRows } from "../token-path/overtaken-tokens.ts";
import type { SetAside } from "./set-aside.ts";
import { writeTokenRows } from "./token-batch.ts";
import type { TokenRow } from "./token-row.ts";

/** Milliseconds that a full batch from a disk may take. */
const PATIENCE_MS = 10_000;

/**
 * Writes rows that waited on a disk, takes back those of their tokens that a cut-off overtook meanwhile, and counts them
 * in their own day. All of it may be done twice. Rows that the database refuses for ever are set aside, the others written.
 */
export async function shipTokenRows(database: Database, setAside: SetAside, rows: readonly TokenRow[]): Promise<void> {
  try {
    await patient(ship(database, rows), PATIENCE_MS);
  } catch (error) {
    if (!isRefusedData(error)) throw error;
    const [only, second] = rows;
    if (only && !second) return leaveAside(database, setAside, only, error);
    // Which row it was the database does not say.
    const middle = Math.ceil(rows.length / 2);
    await shipTokenRows(database, setAside, rows.slice(0, middle));
    await shipTokenRows(database, setAside, rows.slice(middle));
  }
}

/** Whether its token was overtaken by a cut-off does not wait until somebody mends the row. */
async function leaveAside(database: Database, setAside: SetAside, row: TokenRow, error: unknown): Promise<void> {
  await setAside.keep(row, error);
  try {
    await patient(revokeOvertakenRows(database, [row], new Date()), PATIENCE_MS);
  } catch (failure) {
    if (!isRefusedData(failure)) throw failure;
  }
}

async function ship(database: Database, rows: readonly TokenRow[]): Promise<void> {
  const now = new Date();
  await writeTokenRows(database, rows);
  await revokeOvertakenRows(database, rows, now);
  await sumLateDays(database, rows, now);
}

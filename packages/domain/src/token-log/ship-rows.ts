import type { Database } from "@mintmark/db";
import { revokeOvertakenRows } from "../overtaken-tokens.ts";
import { writeTokenRows } from "./token-batch.ts";
import type { TokenRow } from "./token-row.ts";

/** Writes rows that waited on a disk, and takes back those of their tokens that a cut-off overtook meanwhile. */
export async function shipTokenRows(database: Database, rows: readonly TokenRow[]): Promise<void> {
  await writeTokenRows(database, rows);
  await revokeOvertakenRows(database, rows, new Date());
}

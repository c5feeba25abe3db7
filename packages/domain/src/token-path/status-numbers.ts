import { randomInt } from "node:crypto";
import type { Database } from "@mintmark/db";
import { type Issuer, STATUS_PLACES, StoreUnavailable } from "@mintmark/token-issuer";
import type { Snapshot } from "./snapshot-cache.ts";

/** Draws before it is given up: each hits a number that somebody has as often as the share that is given out. */
const TRIES = 12;

/** A client that has no number since its last cut-off. */
export interface Unnumbered {
  readonly tenantId: string;
  readonly workspaceId: string;
  /** The internal id. */
  readonly client: string;
  readonly cutOffs: number;
}

/**
 * Draws each client's number in the status lists, the same for all servers: one row for a client and each of its cut-offs.
 *
 * @returns by internal id
 * @throws StoreUnavailable when too many numbers are given out
 */
export async function drawStatusNumbers(
  { sql }: Pick<Database, "sql">,
  wanted: readonly Unnumbered[],
): Promise<ReadonlyMap<string, number>> {
  const drawn = new Map<string, number>();
  for (let left = wanted, tries = 0; left.length > 0; left = left.filter(({ client }) => !drawn.has(client))) {
    if (tries++ === TRIES) throw new StoreUnavailable("no number is left for the status lists of this workspace");
    const rows = JSON.stringify(left.map((one) => ({ ...one, number: randomInt(STATUS_PLACES) })));
    const given = sql`json_to_recordset(${rows}::text::json) as g
      ("tenantId" text, "workspaceId" text, client text, "cutOffs" int, number int)`;
    await sql`
      insert into status_numbers (tenant_id, workspace_id, client_id, cut_offs, number)
      select "tenantId", "workspaceId", client, "cutOffs", number from ${given} order by 1, 3, 4
      on conflict do nothing`;
    const found = await sql<{ client: string; number: number }[]>`
      select g.client, n.number from ${given} join status_numbers n
        on n.tenant_id = g."tenantId" and n.client_id = g.client and n.cut_offs = g."cutOffs"`;
    for (const { client, number } of found) drawn.set(client, number);
  }
  return drawn;
}

/** The numbers of a workspace whose tokens count no more: a cut-off came since, or the client is disabled, not approved or deleted. */
export async function loadEndedNumbers(
  { sql }: Pick<Database, "sql">,
  { tenantId, workspaceId }: Issuer,
): Promise<Snapshot<readonly number[]>> {
  const rows = await sql<{ number: number }[]>`
    select n.number from status_numbers n
    left join clients c on c.tenant_id = n.tenant_id and c.id = n.client_id
    where n.tenant_id = ${tenantId} and n.workspace_id = ${workspaceId}
      and (c.id is null or c.cut_offs <> n.cut_offs or c.status <> 'active' or c.approval <> 'approved')`;
  return {
    value: rows.map(({ number }) => number),
    tags: [`ended ${workspaceId}`],
    validUntil: Number.POSITIVE_INFINITY,
  };
}

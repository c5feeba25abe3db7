import type { Database } from "@mintmark/db";
import { workspaceLatencies } from "@mintmark/db/schema";
import { and, eq, gte } from "drizzle-orm";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import { livingWorkspace } from "../living-row.ts";
import type { Minute } from "./pulse-meter.ts";
import { addTo, emptyTally, type Figures, figuresOf } from "./tally.ts";

const MINUTE_MS = 60_000;
/** Minutes of the past that are told, beside the current one. */
const MINUTES = 60;
/** Rows sent in one statement. */
const BATCH = 1000;

/** One minute of a workspace's token endpoint by the clock, of all servers together. */
export interface TokenMinute extends Figures {
  readonly from: Date;
}

/** Writes what a server counted: the whole of each minute so far, so that to write it twice changes nothing. */
export async function writeMinutes(
  { sql }: Pick<Database, "sql">,
  replica: string,
  minutes: readonly Minute[],
): Promise<void> {
  for (let first = 0; first < minutes.length; first += BATCH) {
    const rows = minutes.slice(first, first + BATCH).map(({ tenantId, workspaceId, minute, counts, refused }) => {
      const at = new Date(minute).toISOString();
      return { tenantId, workspaceId, minute: at, counts: Array.from(counts), refused };
    });
    await sql`
      insert into workspace_latencies (tenant_id, workspace_id, minute, replica, counts, refused)
      select g."tenantId", g."workspaceId", g.minute, ${replica}, g.counts, g.refused
      from json_to_recordset(${JSON.stringify(rows)}::text::json)
        as g ("tenantId" text, "workspaceId" text, minute timestamptz, counts int[], refused int)
      order by 1, 2, 3
      on conflict (tenant_id, workspace_id, minute, replica)
        do update set counts = excluded.counts, refused = excluded.refused`;
  }
}

/**
 * The last sixty minutes of a workspace's token endpoint and the current one, oldest first, as far as the servers have
 * written: each does every ten seconds. `undefined` where its token log may not be seen.
 */
export async function tokenMinutes(actor: Actor, workspaceId: string): Promise<readonly TokenMinute[] | undefined> {
  const read = readerOf(actor);
  const workspace = await livingWorkspace(read, workspaceId);
  if (!workspace || !mayRead(actor, "token-log:read", workspace)) return undefined;
  const oldest = (Math.floor(read.now.getTime() / MINUTE_MS) - MINUTES) * MINUTE_MS;
  const { minute, counts, refused } = workspaceLatencies;
  const rows = await read.tx
    .select({ minute, counts, refused })
    .from(workspaceLatencies)
    .where(
      and(
        eq(workspaceLatencies.tenantId, read.tenantId),
        eq(workspaceLatencies.workspaceId, workspaceId),
        gte(minute, new Date(oldest)),
      ),
    );
  const tallies = Array.from({ length: MINUTES + 1 }, emptyTally);
  for (const row of rows) {
    const tally = tallies[(row.minute.getTime() - oldest) / MINUTE_MS];
    if (tally) addTo(tally, row);
  }
  return tallies.map((tally, at) => ({ from: new Date(oldest + at * MINUTE_MS), ...figuresOf(tally) }));
}

import type { Database } from "@mintmark/db";
import { auditEvents, auditHeads } from "@mintmark/db/schema";
import { and, asc, eq, gt, lte } from "drizzle-orm";
import { ChainCheck } from "../change/audit-chain.ts";
import { type AuditCheckpoint, readCut, signCheckpoint } from "../change/audit-checkpoint.ts";
import type { Installation } from "../change/handle.ts";

/** Rows cut in one transaction, under the lock of the chain's head: an act that is audited meanwhile waits for it. */
const BATCH = 1000;
/** Milliseconds in one go: the rest waits for the next. */
const SPAN_MS = 10_000;

/** A chain with rows that have had their time. */
interface DueChain {
  readonly tenantId: string;
  readonly workspaceId: string;
  /** `acme/payments`. */
  readonly place: string;
  readonly days: number;
}

/**
 * Cuts off the chains of the audit log what their workspaces' `auditRetention` no longer keeps, oldest first, each time
 * behind a signed checkpoint. What does not verify is not cut: it is evidence. The newest row always stays.
 *
 * @param keep given the checkpoint of each cut, to be kept outside the database
 * @param complain told of a chain that could not be cut; the others do not wait for it
 * @returns how many rows
 */
export async function cutAuditLogs(
  installation: Installation,
  keep: (checkpoint: AuditCheckpoint) => void,
  complain: (error: unknown) => void,
): Promise<number> {
  const end = Date.now() + SPAN_MS;
  let rows = 0;
  for (const chain of await dueChains(installation.database, installation.now())) {
    try {
      for (let count = BATCH; count >= BATCH && Date.now() < end; rows += count) {
        const done = await cutOnce(installation, chain);
        if (done) keep(done.checkpoint);
        count = done?.count ?? 0;
      }
    } catch (error) {
      complain(error);
    }
  }
  return rows;
}

/** The shortest that installation, tenant and workspace say; where nobody says anything, for ever. */
const dueChains = ({ sql }: Pick<Database, "sql">, now: Date): PromiseLike<readonly DueChain[]> => sql<DueChain[]>`
  select w.tenant_id as "tenantId", w.id as "workspaceId", t.slug || '/' || w.slug as place, kept.days
  from workspaces w
  join tenants t on t.id = w.tenant_id
  join audit_heads h on h.tenant_id = w.tenant_id and h.workspace_id = w.id
  cross join installation i
  cross join lateral (select least((w.settings ->> 'auditRetention')::int, (t.settings ->> 'auditRetention')::int,
    (i.settings ->> 'auditRetention')::int) as days) kept
  where kept.days is not null and exists (
    select from audit_events e where e.tenant_id = w.tenant_id and e.workspace_id = w.id and e.sequence < h.sequence
      and e.at < ${now}::timestamptz - make_interval(days => kept.days))`;

/** @throws Error where the rows are not what was written, or the database does not let them go */
function cutOnce(
  { database, keyring, now }: Installation,
  { tenantId, workspaceId, place, days }: DueChain,
): Promise<{ readonly checkpoint: AuditCheckpoint; readonly count: number } | undefined> {
  const at = now();
  const limit = at.getTime() - days * 86_400_000;
  return database.transaction(async (tx) => {
    const isHead = and(eq(auditHeads.tenantId, tenantId), eq(auditHeads.workspaceId, workspaceId));
    const inChain = and(eq(auditEvents.tenantId, tenantId), eq(auditEvents.workspaceId, workspaceId));
    const [head] = await tx.select().from(auditHeads).where(isHead).for("update");
    if (!head) return undefined;
    const former = head.cut === null ? undefined : readCut(keyring, { tenantId, workspaceId }, head.cut);
    const rows = await tx
      .select()
      .from(auditEvents)
      .where(and(inChain, gt(auditEvents.sequence, former?.sequence ?? 0)))
      .orderBy(asc(auditEvents.sequence))
      .limit(BATCH);
    const staying = rows.findIndex((row) => row.at.getTime() >= limit || row.sequence >= head.sequence);
    const due = staying < 0 ? rows : rows.slice(0, staying);
    const last = due.at(-1);
    if (!last) return undefined;
    const check = new ChainCheck([], former);
    const [fault] = due.flatMap((row) => check.next(row));
    if (fault)
      throw new Error(
        `The audit log of ${place} keeps entries that have had their time: entry ${fault.sequence} is not what was written (${fault.fault}). See what \`mintmark audit verify\` says.`,
      );
    const gone = await tx
      .delete(auditEvents)
      .where(and(inChain, lte(auditEvents.sequence, last.sequence)))
      .returning({ sequence: auditEvents.sequence });
    if (gone.length !== due.length)
      throw new Error(`The database keeps entries of the audit log of ${place}: by its clock they are too young.`);
    const checkpoint = signCheckpoint(keyring, {
      tenantId,
      workspaceId,
      place,
      sequence: last.sequence,
      hash: last.hash.toString("hex"),
      at: at.toISOString(),
      cut: { lastAt: last.at.toISOString(), days },
    });
    await tx.update(auditHeads).set({ cut: checkpoint }).where(isHead);
    return { checkpoint, count: due.length };
  });
}

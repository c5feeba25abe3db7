import { auditEvents, auditHeads } from "@mintmark/db/schema";
import { and, asc, eq, gt, lte } from "drizzle-orm";
import { decode, encode, MOST_LOOKED_AT } from "../paging.ts";
import { type LogTail, TAIL_ENTRIES } from "../records/log-tail.ts";
import { type Actor, readerOf } from "./actor.ts";
import type { AuditFilter } from "./audit-filter.ts";
import { type AuditEntry, auditEntriesOf } from "./audit-log.ts";

/**
 * What a workspace's audit log has had since. A chain is numbered in the order in which its entries became visible, so
 * that its head says how far it can be read.
 *
 * @param after the cursor of the tail before; without one it begins now, with nothing
 * @throws Refusal INVALID_INPUT for what is no cursor; why it may not be seen
 */
export async function tailAuditLog(
  actor: Actor,
  workspaceId: string,
  filter: AuditFilter,
  after: string | undefined,
): Promise<LogTail<AuditEntry>> {
  const { tx, tenantId } = readerOf(actor);
  const [given] = after === undefined ? [] : decode(after, ([number]) => Number.isSafeInteger(number));
  const [head] = await tx
    .select({ sequence: auditHeads.sequence })
    .from(auditHeads)
    .where(and(eq(auditHeads.tenantId, tenantId), eq(auditHeads.workspaceId, workspaceId)));
  const end = head?.sequence ?? 0;
  const last = given === undefined ? end : Number(given);
  const isWhole = last <= end && end - last <= MOST_LOOKED_AT;
  const from = Math.max(Math.min(last, end), end - MOST_LOOKED_AT);
  const found =
    from === end
      ? []
      : await auditEntriesOf(actor, workspaceId, filter, {
          within: and(gt(auditEvents.sequence, from), lte(auditEvents.sequence, end)),
          orderBy: asc(auditEvents.sequence),
          limit: TAIL_ENTRIES,
        });
  const hasMore = found.length === TAIL_ENTRIES;
  return { entries: found, cursor: encode([hasMore ? (found.at(-1)?.sequence ?? end) : end]), hasMore, isWhole };
}

import { type AuditContext, writeAudit } from "../change/audit.ts";
import { lockShards } from "../change/change-feed.ts";
import type { Installation } from "../change/handle.ts";
import { countRefusal } from "../change/refused-act.ts";
import { inTurn } from "../turns.ts";

/**
 * Audits that somebody who is no trusted proxy sent a header that only a proxy may send, in the chain of the workspace
 * whose endpoint it came to. A flood is counted, not stored one by one.
 */
export async function recordDroppedCertificate(
  { database, now }: Installation,
  { tenantId, workspaceId }: { readonly tenantId: string; readonly workspaceId: string },
  context: Omit<AuditContext, "actor" | "at">,
): Promise<void> {
  const at = now();
  await countRefusal(`certificate-header ${tenantId}/${workspaceId}`, at, (uncounted) =>
    inTurn(tenantId, () =>
      database.transaction(async (tx) => {
        await lockShards(tx, [tenantId]);
        const said = { ...context, actor: "server", at };
        await writeAudit(tx, { tenantId, workspaceId }, said, { type: "certificate-header.refused", uncounted });
      }),
    ),
  );
}

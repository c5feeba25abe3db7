import { tenants, workspaces } from "@mintmark/db/schema";
import { and, eq, ne } from "drizzle-orm";
import { type AuditContext, writeAudit } from "../change/audit.ts";
import { lockShards } from "../change/change-feed.ts";
import type { Installation } from "../change/handle.ts";
import { countRefusal } from "../change/refused-act.ts";
import { inTurn } from "../turns.ts";

/**
 * Audits that somebody who is no trusted proxy sent a header that only a proxy may send, in the chain of the workspace
 * whose endpoint it came to. A flood is counted, not stored one by one; what no workspace was asked is nobody's row.
 */
export async function recordDroppedCertificate(
  { database, now }: Installation,
  path: { readonly tenant: string; readonly workspace: string },
  context: Omit<AuditContext, "actor" | "at">,
): Promise<void> {
  const at = now();
  await countRefusal(`certificate-header ${path.tenant}/${path.workspace}`, at, async (uncounted) => {
    const [place] = await database
      .select({ tenantId: workspaces.tenantId, workspaceId: workspaces.id })
      .from(workspaces)
      .innerJoin(tenants, eq(tenants.id, workspaces.tenantId))
      .where(and(eq(tenants.slug, path.tenant), eq(workspaces.slug, path.workspace), ne(workspaces.status, "deleted")));
    if (!place) return;
    await inTurn(place.tenantId, () =>
      database.transaction(async (tx) => {
        await lockShards(tx, [place.tenantId]);
        await writeAudit(
          tx,
          place,
          { ...context, actor: "server", at },
          { type: "certificate-header.refused", uncounted },
        );
      }),
    );
  });
}

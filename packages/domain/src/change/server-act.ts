import type { Transaction } from "@mintmark/db";
import { newCorrelationId } from "../id.ts";
import { type AuditContext, adminWorkspaceOf, writeAudit } from "./audit.ts";
import type { AuditEvent } from "./audit-event.ts";
import { appendToFeed, type Touched } from "./change-feed.ts";
import type { Installation } from "./handle.ts";

/** What the server did by itself, and where. */
export interface ServerAct {
  readonly tenantId: string;
  /** `null`: the tenant as a whole, audited in its admin workspace. */
  readonly workspaceId: string | null;
  readonly touched: readonly Touched[];
  readonly event: AuditEvent;
  /** Who asked for it at an issuer; absent: nobody. */
  readonly from?: Omit<AuditContext, "at">;
}

/**
 * The last statements of what the server does when nobody asked, or a client at its issuer: it stands in the feed, in history and in the audit log
 * like everything else.
 */
export async function recordByServer(
  tx: Transaction,
  { now }: Installation,
  { tenantId, workspaceId, touched, event, from }: ServerAct,
): Promise<void> {
  const at = now();
  const feedNumber = await appendToFeed(tx, tenantId, workspaceId, touched, at);
  const chain = { tenantId, workspaceId: workspaceId ?? (await adminWorkspaceOf(tx, tenantId)) };
  const nobody = { actor: "server", correlationId: newCorrelationId(), address: "local", agent: undefined };
  const context = { ...(from ?? nobody), at };
  await writeAudit(tx, chain, context, event, feedNumber);
}

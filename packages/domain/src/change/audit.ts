import { randomBytes } from "node:crypto";
import type { Database, Transaction } from "@mintmark/db";
import { auditEvents, auditHeads, workspaces } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import { newId } from "../id.ts";
import type { AuditEvent } from "./audit-event.ts";
import { chainHash, commitmentOf } from "./audit-hash.ts";

const refusals: ReadonlySet<AuditEvent["type"]> = new Set([
  "act.refused",
  "certificate-header.refused",
  "member.sign-in-refused",
  "sso-sign-in.refused",
]);

/** Who acted, from where; the personal part can be erased without breaking the chain. */
export interface AuditContext {
  readonly actor: string;
  readonly correlationId: string;
  readonly address: string;
  readonly agent: string | undefined;
  readonly at: Date;
}

/** The workspace whose chain keeps a tenant's own acts. */
export async function adminWorkspaceOf(tx: Database | Transaction, tenantId: string): Promise<string> {
  const isAdmin = and(eq(workspaces.tenantId, tenantId), eq(workspaces.kind, "admin"));
  const [row] = await tx.select({ id: workspaces.id }).from(workspaces).where(isAdmin);
  if (!row) throw new Error(`tenant ${tenantId} has no admin workspace`);
  return row.id;
}

/**
 * The single writer of the audit log: moves the chain's head and appends one row, in the change's own transaction,
 * under the lock of the tenant's feed shard. `workspaceId` names the chain; tenant-wide acts are in the admin chain.
 *
 * @param feedNumber of the change in that tenant's feed, so that its history is found from the row; outside the hash
 */
export async function writeAudit(
  tx: Transaction,
  chain: { readonly tenantId: string; readonly workspaceId: string },
  context: AuditContext,
  event: AuditEvent,
  feedNumber: number | null = null,
): Promise<void> {
  const inChain = and(eq(auditHeads.tenantId, chain.tenantId), eq(auditHeads.workspaceId, chain.workspaceId));
  await tx
    .insert(auditHeads)
    .values({ ...chain, sequence: 0, hash: Buffer.alloc(32) })
    .onConflictDoNothing();
  const [head] = await tx.select().from(auditHeads).where(inChain).for("update");
  if (!head) throw new Error(`audit chain ${chain.workspaceId} has no head`);
  const { type, ...body } = event;
  const row = {
    ...chain,
    sequence: head.sequence + 1,
    id: newId("auditEvent"),
    at: context.at,
    type,
    outcome: refusals.has(type) ? ("refused" as const) : ("done" as const),
    actor: context.actor,
    correlationId: context.correlationId,
    body,
  };
  const personal = { address: context.address, agent: context.agent ?? null };
  const salt = randomBytes(16);
  const commitment = commitmentOf(salt, personal);
  const hash = chainHash(head.hash, row, commitment);
  await tx
    .insert(auditEvents)
    .values({ ...row, feedNumber, personal, salt, commitment, previousHash: head.hash, hash });
  await tx.update(auditHeads).set({ sequence: row.sequence, hash }).where(inChain);
}

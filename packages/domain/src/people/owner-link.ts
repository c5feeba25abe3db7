import { history, invitations, roles, tenants } from "@mintmark/db/schema";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Making } from "../tenancy/new-workspace.ts";

/** How long a link for a tenant's first owner is open. */
export const OWNER_LINK_MS = 7 * 86_400_000;

const owning = sql`from ${history} h
  join ${roles} r on r.tenant_id = h.tenant_id and r.is_built_in and r.name = 'owner' and r.id = h.body->>'roleId'
  where h.tenant_id = ${tenants.id} and h.kind = 'assignment' and h.body->>'memberId' is not null`;

/** A condition: a person was once given that tenant, whatever became of them. History forgets nobody who was. */
export const wasOwned = sql<boolean>`exists (select ${owning})`;

/**
 * A condition on a link and its tenant: the server itself made it for an owner, and since then a person was given the tenant in
 * some way. One of `owner reset` may be for a tenant that had owners before. In the root tenant, set-up decides.
 */
export const isOvertaken = sql<boolean>`(${invitations.userId} is null and ${invitations.invitedBy} is null
  and not ${tenants.isRoot} and exists (select ${owning} and h.at >= ${invitations.createdAt}))`;

/** Ends the links for an owner that the server itself made and nobody used. What somebody was invited by stays good. */
export async function endOwnerLinks({ tx, now }: Pick<Making, "tx" | "now">, tenantId: string): Promise<void> {
  const isPrinted = and(isNull(invitations.userId), isNull(invitations.invitedBy));
  const isOpen = and(isNull(invitations.usedAt), isNull(invitations.revokedAt));
  await tx
    .update(invitations)
    .set({ revokedAt: now })
    .where(and(eq(invitations.tenantId, tenantId), isPrinted, isOpen));
}

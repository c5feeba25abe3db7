import { assignments, members, roles, ssoIdentities } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import { refuseUnlessOwner } from "../authority/escalation.ts";
import { isUnexpiredAt } from "../authority/powers.ts";
import type { Writer } from "../change/handle.ts";

/**
 * Whoever ends a provider shuts its people out, so where owners are among them only an owner does: nobody removes who can do
 * more than they.
 *
 * @throws Refusal MORE_THAN_HELD
 */
export async function refuseToShutOwnersOut(write: Writer, issuer: string): Promise<void> {
  const { tx, tenantId, now } = write;
  const [owner] = await tx
    .select({ id: members.id })
    .from(ssoIdentities)
    .innerJoin(members, and(eq(members.tenantId, ssoIdentities.tenantId), eq(members.userId, ssoIdentities.userId)))
    .innerJoin(assignments, and(eq(assignments.tenantId, members.tenantId), eq(assignments.memberId, members.id)))
    .innerJoin(roles, and(eq(roles.tenantId, assignments.tenantId), eq(roles.id, assignments.roleId)))
    .where(
      and(
        eq(ssoIdentities.tenantId, tenantId),
        eq(ssoIdentities.issuer, issuer),
        eq(roles.isBuiltIn, true),
        eq(roles.name, "owner"),
        isUnexpiredAt(now),
      ),
    )
    .limit(1);
  if (owner) refuseUnlessOwner(write);
}

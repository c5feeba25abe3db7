import type { Database, Transaction } from "@mintmark/db";
import { assignments, members, roles } from "@mintmark/db/schema";
import { and, asc, eq } from "drizzle-orm";
import type { WorkspaceTarget } from "../authority/permission.ts";
import { isActiveAt } from "../authority/powers.ts";
import { holds, type SignedIn } from "../authority/principal.ts";
import type { Actor } from "../change/actor.ts";

/** As many names as a sentence can hold. */
const MOST_NAMES = 3;

/**
 * The names of people who own the tenant now, for who must ask one of them; none where the principal may not see members.
 */
export async function ownersToAsk(
  tx: Database | Transaction,
  principal: SignedIn,
  now: Date,
): Promise<readonly string[]> {
  if (!holds(principal, "member:read", null)) return [];
  const { tenantId } = principal;
  const rows = await tx
    .selectDistinct({ name: members.displayName, id: members.id })
    .from(assignments)
    .innerJoin(roles, and(eq(roles.tenantId, assignments.tenantId), eq(roles.id, assignments.roleId)))
    .innerJoin(members, and(eq(members.tenantId, assignments.tenantId), eq(members.id, assignments.memberId)))
    .where(
      and(
        eq(assignments.tenantId, tenantId),
        eq(roles.isBuiltIn, true),
        eq(roles.name, "owner"),
        eq(assignments.targetAll, true),
        isActiveAt(now),
      ),
    )
    .orderBy(asc(members.displayName), asc(members.id))
    .limit(MOST_NAMES);
  return rows.map(({ name }) => name);
}

/** Whom to ask for what a closed workspace holds; `undefined` where it is open to the actor, empty without names. */
export async function gatekeepersOf(
  { installation, principal }: Actor,
  workspace: WorkspaceTarget,
): Promise<readonly string[] | undefined> {
  if (principal.kind === "anonymous" || workspace.kind === "custom") return undefined;
  if (holds(principal, "client:read", workspace)) return undefined;
  return ownersToAsk(installation.database, principal, installation.now());
}

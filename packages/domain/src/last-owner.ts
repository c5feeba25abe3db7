import { assignments, clients, roles, workspaces } from "@mintmark/db/schema";
import { and, eq, isNotNull, or } from "drizzle-orm";
import { refuse } from "./actor.ts";
import type { Writer } from "./handle.ts";
import { isActiveAt } from "./powers.ts";

/** What is about to go: one assignment, or everything a client holds. */
export type Leaving = { readonly assignmentId: string } | { readonly clientId: string };

/**
 * The last owner stays: refuses when an owner leaves and nobody is owner for good besides. Changes that take owners
 * away wait for each other here, so that two of them cannot each count on the other's owner.
 *
 * @throws Refusal LAST_OWNER
 */
export async function refuseLastOwner({ tx, tenantId, now }: Writer, leaving: Leaving): Promise<void> {
  const [owner] = await tx
    .select({ id: roles.id })
    .from(roles)
    .innerJoin(workspaces, and(eq(workspaces.tenantId, roles.tenantId), eq(workspaces.id, roles.workspaceId)))
    .where(
      and(
        eq(roles.tenantId, tenantId),
        eq(workspaces.kind, "admin"),
        eq(roles.isBuiltIn, true),
        eq(roles.name, "owner"),
      ),
    )
    .for("no key update", { of: roles });
  if (!owner) return;
  const owners = await tx
    .select({ id: assignments.id, clientId: assignments.clientId, expiresAt: assignments.expiresAt })
    .from(assignments)
    .leftJoin(clients, and(eq(clients.tenantId, assignments.tenantId), eq(clients.id, assignments.clientId)))
    .where(
      and(
        eq(assignments.tenantId, tenantId),
        eq(assignments.roleId, owner.id),
        eq(assignments.targetAll, true),
        isActiveAt(now),
        or(isNotNull(assignments.memberId), eq(clients.status, "active")),
      ),
    );
  const leaves = (row: (typeof owners)[number]) =>
    "clientId" in leaving ? row.clientId === leaving.clientId : row.id === leaving.assignmentId;
  // An owner whose assignment ends by itself does not count as one who stays.
  const stays = owners.some((row) => !leaves(row) && row.expiresAt === null);
  if (owners.some(leaves) && !stays) refuse({ code: "LAST_OWNER" });
}

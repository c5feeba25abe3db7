import { assignments, clientSecrets, clients, roles, workspaces } from "@mintmark/db/schema";
import { and, eq, isNotNull, or } from "drizzle-orm";
import { isActiveAt } from "../authority/powers.ts";
import { refuse } from "../change/actor.ts";
import type { Writer } from "../change/handle.ts";
import { isLivingAt } from "../credentials/credential.ts";

/** What is about to go: one assignment, everything a client holds, or one of its secrets. */
export type Leaving = { readonly assignmentId: string } | { readonly clientId: string } | { readonly secretId: string };

/**
 * The last owner stays: refuses when an owner leaves and nobody who can sign in is owner for good besides. Changes that
 * take owners away wait for each other here, so that two of them cannot each count on the other's owner.
 *
 * @throws Refusal LAST_OWNER
 */
export async function refuseLastOwner(write: Writer, leaving: Leaving): Promise<void> {
  const ownerRole = await lockedOwnerRole(write);
  if (ownerRole === undefined) return;
  const owners = await ownersBy(write, ownerRole);
  const leaves = (row: (typeof owners)[number]) => {
    if ("secretId" in leaving) return row.secretId === leaving.secretId;
    return "clientId" in leaving ? row.clientId === leaving.clientId : row.id === leaving.assignmentId;
  };
  // An owner whose assignment ends by itself, or a client without a secret, does not count as one who stays.
  const stays = owners.some(
    (row) => !leaves(row) && row.expiresAt === null && (row.clientId === null || row.secretId !== null),
  );
  if (owners.some(leaves) && !stays) refuse({ code: "LAST_OWNER" });
}

async function lockedOwnerRole({ tx, tenantId }: Writer): Promise<string | undefined> {
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
  return owner?.id;
}

/** Who is owner of the whole tenant now: a row for each living secret, and one without for a client that has none. */
function ownersBy({ tx, tenantId, now }: Writer, roleId: string) {
  const isItsSecret = and(
    eq(clientSecrets.tenantId, assignments.tenantId),
    eq(clientSecrets.clientId, assignments.clientId),
    isLivingAt(clientSecrets, now),
  );
  return tx
    .select({
      id: assignments.id,
      clientId: assignments.clientId,
      expiresAt: assignments.expiresAt,
      secretId: clientSecrets.id,
    })
    .from(assignments)
    .leftJoin(clients, and(eq(clients.tenantId, assignments.tenantId), eq(clients.id, assignments.clientId)))
    .leftJoin(clientSecrets, isItsSecret)
    .where(
      and(
        eq(assignments.tenantId, tenantId),
        eq(assignments.roleId, roleId),
        eq(assignments.targetAll, true),
        isActiveAt(now),
        or(isNotNull(assignments.memberId), eq(clients.status, "active")),
      ),
    );
}

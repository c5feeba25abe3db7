import { assignments, invitations, members, roles, users } from "@mintmark/db/schema";
import { and, asc, eq, isNull } from "drizzle-orm";
import { isActiveAt } from "../authority/powers.ts";
import { adminWorkspaceOf, writeAudit } from "../change/audit.ts";
import { lockShards } from "../change/change-feed.ts";
import type { Installation } from "../change/handle.ts";
import { newCorrelationId } from "../id.ts";
import type { Making } from "../tenancy/new-workspace.ts";
import { rootTenant } from "../tenancy/tenant.ts";
import type { Tenant } from "../tenancy/tenant-row.ts";
import { insertInvitation } from "./invitation.ts";
import { ownerRoles } from "./new-member.ts";

const HOUR_MS = 3_600_000;

/** The link, or why there is none. */
export type OwnerReset =
  | { readonly kind: "link"; readonly link: string; readonly email: string | null }
  | { readonly kind: "no-tenant" }
  /** The tenant has owners, and none was named or none has that address. */
  | { readonly kind: "which"; readonly emails: readonly string[] };

/**
 * For somebody with a shell on the server: a link, good for an hour and once, that gives an owner of the root tenant
 * their lost account back, or makes an owner where no person is one. Audited as `cli`.
 *
 * @param email which owner; not needed where there is only one
 */
export async function resetOwner(installation: Installation, email: string | undefined): Promise<OwnerReset> {
  const tenant = await rootTenant(installation);
  if (!tenant) return { kind: "no-tenant" };
  return installation.database.transaction(async (tx): Promise<OwnerReset> => {
    const making = { tx, installation, now: installation.now() };
    const owners = await ownersOf(making, tenant);
    const named = email === undefined ? owners : owners.filter((owner) => owner.email === email.trim().toLowerCase());
    const [owner] = named;
    if (owners.length > 0 && (named.length !== 1 || !owner))
      return { kind: "which", emails: owners.map((person) => person.email) };
    const link = await makeLink(making, tenant, owner);
    return { kind: "link", link, email: owner?.email ?? null };
  });
}

interface Owner {
  readonly userId: string;
  readonly memberId: string;
  readonly email: string;
}

/** People who own the tenant now. */
async function ownersOf({ tx, now }: Making, tenant: Tenant): Promise<readonly Owner[]> {
  return tx
    .selectDistinct({ userId: users.id, memberId: members.id, email: users.email })
    .from(assignments)
    .innerJoin(roles, and(eq(roles.tenantId, assignments.tenantId), eq(roles.id, assignments.roleId)))
    .innerJoin(members, and(eq(members.tenantId, assignments.tenantId), eq(members.id, assignments.memberId)))
    .innerJoin(users, eq(users.id, members.userId))
    .where(
      and(
        eq(assignments.tenantId, tenant.id),
        eq(roles.isBuiltIn, true),
        eq(roles.name, "owner"),
        eq(assignments.targetAll, true),
        isActiveAt(now),
      ),
    )
    .orderBy(asc(users.email));
}

async function makeLink(making: Making, tenant: Tenant, owner: Owner | undefined): Promise<string> {
  const { tx, now } = making;
  const tenantId = tenant.id;
  if (owner) {
    // One link a person: an older one may lie in a terminal's history.
    const isOlder = and(eq(invitations.tenantId, tenantId), eq(invitations.userId, owner.userId));
    await tx
      .update(invitations)
      .set({ revokedAt: now })
      .where(and(isOlder, isNull(invitations.usedAt)));
  }
  const does = owner ? { userId: owner.userId } : { roles: await ownerRoles(making, tenant) };
  const made = await insertInvitation(making, { tenantId, lifetimeMs: HOUR_MS, ...does });
  await lockShards(tx, [tenantId]);
  const chain = { tenantId, workspaceId: await adminWorkspaceOf(tx, tenantId) };
  const by = { actor: "cli", correlationId: newCorrelationId(), address: "local", agent: undefined, at: now };
  const event = { type: "invitation.created", invitationId: made.id, memberId: owner?.memberId ?? null } as const;
  await writeAudit(tx, chain, by, event);
  return made.link;
}

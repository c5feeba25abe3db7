import { assignments, invitations, members, roles, tenants, users } from "@mintmark/db/schema";
import { and, asc, eq, isNull } from "drizzle-orm";
import { isActiveAt } from "../authority/powers.ts";
import { adminWorkspaceOf, writeAudit } from "../change/audit.ts";
import { lockShards } from "../change/change-feed.ts";
import type { Installation } from "../change/handle.ts";
import { newCorrelationId } from "../id.ts";
import { isNoSsoUser } from "../sso/sso-identity.ts";
import type { Making } from "../tenancy/new-workspace.ts";
import { rootTenant } from "../tenancy/tenant.ts";
import { asTenant, isLiving, type Tenant, tenantColumns } from "../tenancy/tenant-row.ts";
import { insertInvitation } from "./invitation.ts";
import { ownerRoles } from "./new-member.ts";

const HOUR_MS = 3_600_000;

/** The link, or why there is none. */
export type OwnerReset =
  | { readonly kind: "link"; readonly link: string; readonly email: string | null }
  | { readonly kind: "no-tenant" }
  /** The tenant has owners, and none was named, or nobody there has that address. */
  | { readonly kind: "which"; readonly emails: readonly string[] };

/** Whose account is lost. */
export interface LostAccount {
  /** The slug of a tenant that they belong to; left out: the root tenant. */
  readonly tenant?: string | undefined;
  /** Their address; not needed for the only owner. */
  readonly email?: string | undefined;
}

/**
 * For somebody with a shell on the server: a link, good for an hour and once, that gives a member of a tenant their lost
 * account back, whatever else they belong to; or makes an owner where no person is one. Audited as `cli`.
 */
export async function resetOwner(
  installation: Installation,
  { tenant: slug, email }: LostAccount,
): Promise<OwnerReset> {
  const tenant = slug === undefined ? await rootTenant(installation) : await tenantOfSlug(installation, slug);
  if (!tenant) return { kind: "no-tenant" };
  return installation.database.transaction(async (tx): Promise<OwnerReset> => {
    const making = { tx, installation, now: installation.now() };
    const owners = await ownersOf(making, tenant);
    const named = email === undefined ? owners : await membersWith(making, tenant, email.trim().toLowerCase());
    const [person] = named;
    if (named.length > 1 || (!person && (owners.length > 0 || email !== undefined)))
      return { kind: "which", emails: owners.map((owner) => owner.email) };
    const link = await makeLink(making, tenant, person);
    return { kind: "link", link, email: person?.email ?? null };
  });
}

async function tenantOfSlug({ database }: Installation, slug: string): Promise<Tenant | undefined> {
  const [row] = await database
    .select(tenantColumns)
    .from(tenants)
    .where(and(eq(tenants.slug, slug), isLiving));
  return row && asTenant(row);
}

/** Members of the tenant with that address: one, or none. */
function membersWith({ tx }: Making, tenant: Tenant, email: string): Promise<readonly Owner[]> {
  return tx
    .select({ userId: users.id, memberId: members.id, email: users.email })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.tenantId, tenant.id), eq(users.email, email), isNoSsoUser()));
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
        isNoSsoUser(),
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

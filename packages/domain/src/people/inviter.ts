import type { Database, Transaction } from "@mintmark/db";
import { type invitations, members, roles, tenants, workspaces } from "@mintmark/db/schema";
import { and, eq, ne } from "drizzle-orm";
import { lackingOf } from "../authority/escalation.ts";
import { permissionNames } from "../authority/permission.ts";
import { isActiveAt, isUnexpiredAt, loadClientPrincipal, powersOfMember } from "../authority/powers.ts";
import { holds, makesOwner, mayMakeOwners, notHeld, type SignedIn } from "../authority/principal.ts";
import { ownApiNames, scopesIn } from "../authority/role.ts";
import { nounOf } from "../id.ts";
import { isSsoUser } from "../sso/sso-identity.ts";
import { findWorkspace } from "../tenancy/workspace-row.ts";

type Link = Pick<typeof invitations.$inferSelect, "tenantId" | "userId" | "invitedBy" | "roles">;
type Tx = Database | Transaction;

/** Whether the person belongs to another tenant as well, suspended ones too: their account is not one tenant's to open. */
export async function belongsElsewhere(tx: Tx, tenantId: string, userId: string): Promise<boolean> {
  return (await tx.$count(members, and(eq(members.userId, userId), ne(members.tenantId, tenantId)))) > 0;
}

/**
 * Whether whoever made a link could make it now: nobody grants more than they hold, nor by a link that lies around. One
 * that the server itself made (at bootstrap, by a command) stands by itself.
 */
export async function isStillGood(tx: Tx, link: Link, now: Date): Promise<boolean> {
  const { tenantId, userId, invitedBy } = link;
  if (invitedBy === null) return true;
  const inviter = await inviterNow(tx, tenantId, invitedBy, now);
  if (!inviter) return false;
  if (userId !== null) return mayReset(tx, inviter, userId, now);
  return holds(inviter, "invitation:write", null) && mayGiveAll(tx, inviter, link.roles);
}

/** Whether whoever said what roles a provider's people get could say so now; nobody means a shell on the server. */
export async function mayGiveStill(
  tx: Tx,
  { tenantId, roles: given, rolesBy }: { tenantId: string; roles: Link["roles"]; rolesBy: string | null },
  now: Date,
): Promise<boolean> {
  if (rolesBy === null) return true;
  const giver = await inviterNow(tx, tenantId, rolesBy, now);
  return giver !== undefined && holds(giver, "sso-provider:write", null) && mayGiveAll(tx, giver, given);
}

async function mayGiveAll(tx: Tx, inviter: SignedIn, all: Link["roles"]): Promise<boolean> {
  for (const given of all) if (!(await mayGive(tx, inviter, given))) return false;
  return true;
}

/** Whoever opens a reset link has the account, and everything that it can do by then. */
async function mayReset(tx: Tx, inviter: SignedIn, userId: string, now: Date): Promise<boolean> {
  const { tenantId } = inviter;
  if (!holds(inviter, "member:reset", null) || (await belongsElsewhere(tx, tenantId, userId))) return false;
  // Whoever is known by their provider alone has no password to lose.
  if (await isSsoUser(tx, userId)) return false;
  const isThey = and(eq(members.tenantId, tenantId), eq(members.userId, userId));
  const [member] = await tx.select({ id: members.id }).from(members).where(isThey);
  if (!member) return false;
  const powers = await powersOfMember(tx, tenantId, member.id, isUnexpiredAt(now));
  return (await lackingOf({ tx, tenantId, principal: inviter }, powers)).length === 0;
}

/** What the inviter holds at this moment; a token's narrower scopes were judged when it made the link. */
async function inviterNow(tx: Tx, tenantId: string, invitedBy: string, now: Date): Promise<SignedIn | undefined> {
  if (nounOf(invitedBy) === "member") {
    const [tenant] = await tx.select({ isRoot: tenants.isRoot }).from(tenants).where(eq(tenants.id, tenantId));
    const powers = await powersOfMember(tx, tenantId, invitedBy, isActiveAt(now));
    const isRootTenant = tenant?.isRoot ?? false;
    return { kind: "member", tenantId, isRootTenant, memberId: invitedBy, userId: "", powers, authenticatedAt: now };
  }
  const isAdmin = and(eq(workspaces.tenantId, tenantId), eq(workspaces.kind, "admin"));
  const [admin] = await tx.select({ id: workspaces.id }).from(workspaces).where(isAdmin);
  const client = { tenantId, workspaceId: admin?.id ?? "", clientId: invitedBy };
  return loadClientPrincipal(tx, now, { ...client, tokenScopes: new Set(permissionNames) });
}

/** A role, or a workspace, that is gone by now gives nothing. */
async function mayGive(tx: Tx, inviter: SignedIn, given: Link["roles"][number]): Promise<boolean> {
  const { tenantId } = inviter;
  const [role] = await tx
    .select()
    .from(roles)
    .where(and(eq(roles.tenantId, tenantId), eq(roles.id, given.roleId)));
  if (!role) return true;
  if (makesOwner(role) && !mayMakeOwners(inviter)) return false;
  const names = ownApiNames(await scopesIn({ tx, tenantId }, role.id));
  const target = given.targetWorkspaceId;
  const workspace = target === null ? undefined : await findWorkspace(tx, tenantId, target);
  if (target !== null && !workspace) return true;
  const reach = workspace ? { workspaceId: workspace.id, kind: workspace.kind } : ("all" as const);
  return notHeld(inviter, names, reach).length === 0;
}

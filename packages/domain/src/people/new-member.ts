import { accounts, assignments, members, roles, users, workspaces } from "@mintmark/db/schema";
import { and, eq, inArray, or } from "drizzle-orm";
import type { Touched } from "../change/change-feed.ts";
import { newId } from "../id.ts";
import { naming } from "../living-row.ts";
import type { Making } from "../tenancy/new-workspace.ts";

/** A role as it is given to somebody new. */
export interface GivenRole {
  readonly roleId: string;
  /** Null: everywhere. */
  readonly targetWorkspaceId: string | null;
}

/** An account as it is made, its password hashed. */
export interface NewAccount {
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
}

/**
 * Makes a person's account with a password.
 *
 * @returns the user's id
 * @throws Refusal SIGN_IN_FIRST when the address has an account
 */
export async function insertAccount({ tx, now }: Making, account: NewAccount): Promise<string> {
  const userId = newId("user");
  const { name, email, passwordHash } = account;
  const stamps = { createdAt: now, updatedAt: now };
  const user = tx.insert(users).values({ id: userId, name, email, ...stamps });
  await naming({ users_email_unique: { code: "SIGN_IN_FIRST" } }, user);
  const login = { providerId: "credential", accountId: userId, password: passwordHash };
  await tx.insert(accounts).values({ id: newId("user"), userId, ...login, ...stamps });
  return userId;
}

/** Makes a person a member of a tenant, with roles, until an instant where that is given. */
export async function insertMember(
  { tx, now }: Making,
  tenantId: string,
  person: { readonly userId: string; readonly displayName: string },
  given: readonly GivenRole[],
  expiresAt: Date | null = null,
): Promise<{ readonly id: string; readonly touched: readonly Touched[] }> {
  const id = newId("member");
  const exists = { code: "ALREADY_EXISTS", noun: "member", path: [], value: "with this account" } as const;
  await naming({ members_once: exists }, tx.insert(members).values({ tenantId, id, ...person, createdAt: now }));
  const roleIds = given.map((role) => role.roleId);
  // A role that was deleted since the invitation gives nothing.
  const living = await tx
    .select({ id: roles.id, workspaceId: roles.workspaceId })
    .from(roles)
    .where(and(eq(roles.tenantId, tenantId), inArray(roles.id, roleIds)));
  const rows = given.flatMap(({ roleId, targetWorkspaceId }) => {
    const role = living.find((row) => row.id === roleId);
    const target = { targetAll: targetWorkspaceId === null, targetWorkspaceId };
    const times = { notBefore: now, expiresAt, createdAt: now };
    const assignment = { id: newId("assignment"), roleId, memberId: id, ...target, ...times };
    return role ? [{ tenantId, workspaceId: role.workspaceId, ...assignment }] : [];
  });
  if (rows.length > 0) await tx.insert(assignments).values(rows);
  return {
    id,
    touched: [
      // The name is left out: history is kept when a person is erased.
      { kind: "member", id, workspaceId: null, body: { userId: person.userId, createdAt: now } },
      ...rows.map(({ tenantId: _, ...body }) => ({
        kind: "assignment",
        id: body.id,
        workspaceId: body.workspaceId,
        body: { ...body, clientId: null },
      })),
    ],
  };
}

/** What the owner of a tenant holds: `owner` in its admin workspace and, in the root tenant, `operator` in its system workspace. */
export async function ownerRoles(
  { tx }: Making,
  tenant: { readonly id: string; readonly isRoot: boolean },
): Promise<readonly GivenRole[]> {
  const isOwner = and(eq(workspaces.kind, "admin"), eq(roles.name, "owner"));
  const isOperator = and(eq(workspaces.kind, "system"), eq(roles.name, "operator"));
  const rows = await tx
    .select({ roleId: roles.id })
    .from(roles)
    .innerJoin(workspaces, and(eq(workspaces.tenantId, roles.tenantId), eq(workspaces.id, roles.workspaceId)))
    .where(
      and(
        eq(roles.tenantId, tenant.id),
        eq(roles.isBuiltIn, true),
        or(isOwner, tenant.isRoot ? isOperator : undefined),
      ),
    );
  return rows.map(({ roleId }) => ({ roleId, targetWorkspaceId: null }));
}

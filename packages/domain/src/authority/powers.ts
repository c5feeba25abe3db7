import type { Database, Transaction } from "@mintmark/db";
import {
  apiTokens,
  assignments,
  clientGrantScopes,
  clientGrants,
  clients,
  members,
  resources,
  roleScopes,
  roles,
  scopes,
  tenants,
  workspaces,
} from "@mintmark/db/schema";
import { and, eq, gt, isNotNull, isNull, lte, or, type SQL } from "drizzle-orm";
import type { Installation } from "../change/handle.ts";
import { isGrantedAt } from "../clients/living-grant.ts";
import { isLivingAt } from "../credentials/living-credential.ts";
import { boundedPowers } from "./bounded-power.ts";
import type { ClientPrincipal, MemberPrincipal, Power, SignedIn } from "./principal.ts";

/** Which client signed in, in which workspace, with which scopes in its token. */
export interface SignedInClient {
  readonly tenantId: string;
  readonly workspaceId: string;
  /** The internal id, `cli_…`. */
  readonly clientId: string;
  readonly tokenScopes: ReadonlySet<string>;
  /** The static token that it came with, if any. */
  readonly apiTokenId?: string | undefined;
}

/**
 * The principal of a client whose access token was accepted, with what it holds at this moment. `undefined` when the
 * tenant, the workspace or the client is suspended, disabled or gone, or when the workspace's tokens open no API of ours.
 */
export const clientPrincipal = (
  { database, now }: Pick<Installation, "database" | "now">,
  client: SignedInClient,
): Promise<ClientPrincipal | undefined> => loadClientPrincipal(database, now(), client);

/** The same principal with what it holds inside this transaction; `undefined` once it is stopped. */
export async function renewedPrincipal(tx: Transaction, principal: SignedIn, now: Date): Promise<SignedIn | undefined> {
  // Whether a registration token still counts is decided by the change that it is for, under its lock.
  if (principal.kind === "cli" || principal.kind === "registrar") return principal;
  return principal.kind === "client" ? loadClientPrincipal(tx, now, principal) : renewedMember(tx, principal, now);
}

async function renewedMember(tx: Transaction, member: MemberPrincipal, now: Date): Promise<SignedIn | undefined> {
  const { tenantId, memberId, personalTokenId } = member;
  if (personalTokenId !== undefined && !(await isLivingToken(tx, tenantId, personalTokenId, now))) return undefined;
  const [found] = await tx
    .select({ id: members.id })
    .from(members)
    .innerJoin(tenants, eq(tenants.id, members.tenantId))
    .where(and(eq(members.tenantId, tenantId), eq(members.id, memberId), eq(tenants.status, "active")));
  return found && { ...member, powers: await powersOfMember(tx, tenantId, memberId, isActiveAt(now)) };
}

/** The same inside a transaction, at that instant. */
export async function loadClientPrincipal(
  database: Database | Transaction,
  now: Date,
  { tenantId, workspaceId, clientId, tokenScopes, apiTokenId }: SignedInClient,
): Promise<ClientPrincipal | undefined> {
  const isClient = and(eq(clients.tenantId, tenantId), eq(clients.workspaceId, workspaceId), eq(clients.id, clientId));
  const [[found], powers] = await Promise.all([
    database
      .select({ isRoot: tenants.isRoot, api: workspaces.kind, ownerMemberId: clients.ownerMemberId })
      .from(clients)
      .innerJoin(workspaces, and(eq(workspaces.tenantId, clients.tenantId), eq(workspaces.id, clients.workspaceId)))
      .innerJoin(tenants, eq(tenants.id, clients.tenantId))
      .where(
        and(
          isClient,
          eq(clients.status, "active"),
          eq(clients.approval, "approved"),
          eq(workspaces.status, "active"),
          eq(tenants.status, "active"),
        ),
      ),
    powersOfClient(database, tenantId, clientId, now, isActiveAt),
  ]);
  if (!found || found.api === "custom") return undefined;
  if (apiTokenId !== undefined && !(await isLivingToken(database, tenantId, apiTokenId, now))) return undefined;
  return {
    kind: "client",
    tenantId,
    isRootTenant: found.isRoot,
    workspaceId,
    clientId,
    api: found.api,
    tokenScopes,
    ...(apiTokenId !== undefined && { apiTokenId }),
    ...(found.ownerMemberId !== null && { ownerMemberId: found.ownerMemberId }),
    powers,
  };
}

async function isLivingToken(tx: Database | Transaction, tenantId: string, id: string, now: Date): Promise<boolean> {
  const isIt = and(eq(apiTokens.tenantId, tenantId), eq(apiTokens.id, id), isLivingAt(apiTokens, now));
  const [row] = await tx.select({ id: apiTokens.id }).from(apiTokens).where(isIt);
  return row !== undefined;
}

/**
 * What a client holds at Mintmark's own APIs: its direct grant (everywhere, until it ends) and each assignment that `counts`;
 * a member's own client as far as that member holds it, and nothing once they are gone.
 */
export async function powersOfClient(
  tx: Database | Transaction,
  tenantId: string,
  clientId: string,
  now: Date,
  counts: Counts,
): Promise<Power[]> {
  // One after the other: inside a transaction there is one connection.
  const [bound] = await tx
    .select({ ownerMemberId: clients.ownerMemberId, followsOwner: clients.followsOwner })
    .from(clients)
    .where(and(eq(clients.tenantId, tenantId), eq(clients.id, clientId), isNotNull(clients.ownerMemberId)));
  if (!bound?.ownerMemberId) return unboundedPowers(tx, tenantId, clientId, now, counts);
  const ofOwner = await powersOfMember(tx, tenantId, bound.ownerMemberId, counts(now));
  if (bound.followsOwner) return ofOwner;
  return boundedPowers(await unboundedPowers(tx, tenantId, clientId, now, counts), ofOwner);
}

async function unboundedPowers(
  tx: Database | Transaction,
  tenantId: string,
  clientId: string,
  now: Date,
  counts: Counts,
): Promise<Power[]> {
  const granted = await grantedScopes(tx, tenantId, clientId, now);
  const assigned = await assignedPowers(tx, tenantId, eq(assignments.clientId, clientId), counts(now));
  const direct: Power[] = [];
  if (granted.length > 0) direct.push({ scopes: new Set(granted), target: "all", builtInRole: undefined });
  return [...direct, ...assigned];
}

/** What a member holds at Mintmark's own APIs: each assignment that `counts`. */
export const powersOfMember = (
  tx: Database | Transaction,
  tenantId: string,
  memberId: string,
  counts: SQL | undefined,
): Promise<Power[]> => assignedPowers(tx, tenantId, eq(assignments.memberId, memberId), counts);

async function assignedPowers(
  tx: Database | Transaction,
  tenantId: string,
  isSubject: SQL,
  counts: SQL | undefined,
): Promise<Power[]> {
  const byAssignment = Map.groupBy(await assignedScopes(tx, tenantId, isSubject, counts), (row) => row.id);
  return [...byAssignment.values()].flatMap((rows): Power[] => {
    const [first] = rows;
    if (!first) return [];
    const builtInRole = first.isBuiltIn ? first.role : undefined;
    return [{ scopes: new Set(rows.map((row) => row.scope)), target: first.target ?? "all", builtInRole }];
  });
}

async function grantedScopes(
  tx: Database | Transaction,
  tenantId: string,
  clientId: string,
  now: Date,
): Promise<string[]> {
  const rows = await tx
    .select({ scope: scopes.name })
    .from(clientGrants)
    .innerJoin(
      clientGrantScopes,
      and(eq(clientGrantScopes.tenantId, clientGrants.tenantId), eq(clientGrantScopes.grantId, clientGrants.id)),
    )
    .innerJoin(scopes, and(eq(scopes.tenantId, clientGrantScopes.tenantId), eq(scopes.id, clientGrantScopes.scopeId)))
    .innerJoin(resources, and(eq(resources.tenantId, scopes.tenantId), eq(resources.id, scopes.resourceId)))
    .where(
      and(
        eq(clientGrants.tenantId, tenantId),
        eq(clientGrants.clientId, clientId),
        isGrantedAt(now),
        eq(resources.isOwnApi, true),
      ),
    );
  return rows.map((row) => row.scope);
}

/** Which assignments are looked at, at an instant. */
type Counts = (now: Date) => SQL | undefined;

/** Whether an assignment counts at that instant or will count later. */
export const isUnexpiredAt = (now: Date) => or(isNull(assignments.expiresAt), gt(assignments.expiresAt, now));

/** Whether an assignment counts at that instant. */
export const isActiveAt = (now: Date) => and(lte(assignments.notBefore, now), isUnexpiredAt(now));

function assignedScopes(tx: Database | Transaction, tenantId: string, isSubject: SQL, counts: SQL | undefined) {
  return tx
    .select({
      id: assignments.id,
      target: assignments.targetWorkspaceId,
      role: roles.name,
      isBuiltIn: roles.isBuiltIn,
      scope: scopes.name,
    })
    .from(assignments)
    .innerJoin(roles, and(eq(roles.tenantId, assignments.tenantId), eq(roles.id, assignments.roleId)))
    .innerJoin(roleScopes, and(eq(roleScopes.tenantId, roles.tenantId), eq(roleScopes.roleId, roles.id)))
    .innerJoin(scopes, and(eq(scopes.tenantId, roleScopes.tenantId), eq(scopes.id, roleScopes.scopeId)))
    .innerJoin(resources, and(eq(resources.tenantId, scopes.tenantId), eq(resources.id, scopes.resourceId)))
    .where(and(eq(assignments.tenantId, tenantId), isSubject, eq(resources.isOwnApi, true), counts));
}

import type { Transaction } from "@mintmark/db";
import { resources, roleScopes, roles, scopes } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import type { Touched } from "../change/change-feed.ts";
import { newId } from "../id.ts";
import { type BuiltInRole, builtInRoles, ownApiScopes, permissions } from "./permission.ts";

/** The special workspace whose own API is meant. */
export interface OwnApiPlace {
  readonly tenantId: string;
  readonly workspaceId: string;
  readonly kind: "admin" | "system";
  readonly isRootTenant: boolean;
  readonly issuer: string;
}

/** The resource identifier of Mintmark's own API below an issuer: the `aud` of its tokens. */
export const ownApiIdentifier = (issuer: string): string => `${issuer}/api`;

/** The roles that come with a special workspace, and the scopes they hold there. */
export function rolesOf(
  kind: "admin" | "system",
  isRootTenant: boolean,
): readonly (readonly [BuiltInRole, string[]])[] {
  const known = new Set<string>(ownApiScopes(kind, isRootTenant));
  return (Object.entries(builtInRoles) as [BuiltInRole, readonly string[]][])
    .map(([role, names]) => [role, names.filter((name) => known.has(name))] as const)
    .filter(([, names]) => names.length > 0);
}

const roleDescriptions: Record<BuiltInRole, string> = {
  owner: "Everything in the tenant, its admin and system workspace included.",
  admin: "Everything but deleting workspaces and making owners.",
  developer: "Clients, credentials, APIs and access in the workspaces it is given for.",
  auditor: "Sees everything, changes nothing.",
  operator: "Everything the System API can do.",
};

/**
 * Brings the own API of a special workspace to what this version of the program declares: resource, scopes, built-in
 * roles. Adds what is missing, and does nothing when all is there.
 *
 * @returns what was added
 */
export async function completeOwnApi(tx: Transaction, place: OwnApiPlace): Promise<readonly Touched[]> {
  const { tenantId, workspaceId } = place;
  const [resource, touchedResource] = await completeResource(tx, place);
  const declared = ownApiScopes(place.kind, place.isRootTenant).map((name) => ({
    tenantId,
    workspaceId,
    id: newId("scope"),
    resourceId: resource,
    name,
    description: permissions[name].description,
  }));
  const newScopes = await tx.insert(scopes).values(declared).onConflictDoNothing().returning();
  const newRoles = await completeRoles(tx, place, resource);
  return [
    ...touchedResource,
    ...newScopes.map(({ id, name, description }) => ({
      kind: "scope",
      id,
      workspaceId,
      body: { resourceId: resource, name, description },
    })),
    ...newRoles,
  ];
}

/** What history keeps of an own API's resource. */
export const touchedOwnApi = (
  row: Pick<typeof resources.$inferSelect, "id" | "workspaceId" | "identifier" | "name" | "description" | "isOwnApi">,
): Touched => ({
  kind: "resource",
  id: row.id,
  workspaceId: row.workspaceId,
  body: { identifier: row.identifier, name: row.name, description: row.description, isOwnApi: row.isOwnApi },
});

async function completeResource(tx: Transaction, place: OwnApiPlace): Promise<[string, Touched[]]> {
  const { tenantId, workspaceId } = place;
  const isOwn = and(
    eq(resources.tenantId, tenantId),
    eq(resources.workspaceId, workspaceId),
    eq(resources.isOwnApi, true),
  );
  const [found] = await tx.select({ id: resources.id }).from(resources).where(isOwn);
  if (found) return [found.id, []];
  const body = {
    identifier: ownApiIdentifier(place.issuer),
    name: place.kind === "admin" ? "Admin API" : "System API",
    description: "Mintmark's own API; its scopes come with the program.",
    isOwnApi: true,
  };
  const id = newId("resource");
  await tx.insert(resources).values({ tenantId, workspaceId, id, ...body });
  return [id, [touchedOwnApi({ id, workspaceId, ...body })]];
}

async function completeRoles(tx: Transaction, place: OwnApiPlace, resourceId: string): Promise<Touched[]> {
  const { tenantId, workspaceId } = place;
  const declared = rolesOf(place.kind, place.isRootTenant);
  const rows = declared.map(([name]) => ({
    tenantId,
    workspaceId,
    id: newId("role"),
    name,
    description: roleDescriptions[name],
    isBuiltIn: true,
  }));
  await tx.insert(roles).values(rows).onConflictDoNothing();
  const inWorkspace = and(eq(roles.tenantId, tenantId), eq(roles.workspaceId, workspaceId), eq(roles.isBuiltIn, true));
  const present = await tx.select().from(roles).where(inWorkspace);
  const scopeIds = await scopeIdsByName(tx, tenantId, resourceId);
  const wanted = present.flatMap((role) =>
    (declared.find(([name]) => name === role.name)?.[1] ?? []).flatMap((name) => {
      const scopeId = scopeIds.get(name);
      return scopeId === undefined ? [] : [{ tenantId, workspaceId, roleId: role.id, scopeId }];
    }),
  );
  const added = await tx.insert(roleScopes).values(wanted).onConflictDoNothing().returning();
  const grown = new Set(added.map((row) => row.roleId));
  return present
    .filter((role) => grown.has(role.id))
    .map(({ id, name, description, isBuiltIn }) => ({
      kind: "role",
      id,
      workspaceId,
      body: { name, description, isBuiltIn, scopes: declared.find(([declaredName]) => declaredName === name)?.[1] },
    }));
}

async function scopeIdsByName(tx: Transaction, tenantId: string, resourceId: string): Promise<Map<string, string>> {
  const rows = await tx
    .select({ id: scopes.id, name: scopes.name })
    .from(scopes)
    .where(and(eq(scopes.tenantId, tenantId), eq(scopes.resourceId, resourceId)));
  return new Map(rows.map((row) => [row.name, row.id]));
}

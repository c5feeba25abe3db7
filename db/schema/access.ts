import { sql } from "drizzle-orm";
import { boolean, check, foreignKey, index, integer, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { clients } from "./clients.ts";
import { createdAt, instant, tenantId, workspaceId } from "./columns.ts";
import { members } from "./people.ts";
import { workspaces } from "./tenancy.ts";

/** Protected APIs. The identifier becomes `aud`; it never changes. */
export const resources = pgTable(
  "resources",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    id: text("id").notNull(),
    identifier: text("identifier").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    /** Mintmark's own API in a special workspace: its scopes come with the program and are not edited. */
    isOwnApi: boolean("is_own_api").notNull().default(false),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("resources_identifier").on(t.tenantId, t.workspaceId, t.identifier),
    unique("resources_in_workspace").on(t.tenantId, t.workspaceId, t.id),
    foreignKey({
      name: "resources_workspace",
      columns: [t.tenantId, t.workspaceId],
      foreignColumns: [workspaces.tenantId, workspaces.id],
    }),
  ],
);

/** Permissions on a resource; a name is local to its resource. */
export const scopes = pgTable(
  "scopes",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    id: text("id").notNull(),
    resourceId: text("resource_id").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("scopes_name").on(t.tenantId, t.resourceId, t.name),
    unique("scopes_in_resource").on(t.tenantId, t.workspaceId, t.resourceId, t.id),
    unique("scopes_in_workspace").on(t.tenantId, t.workspaceId, t.id),
    foreignKey({
      name: "scopes_resource",
      columns: [t.tenantId, t.workspaceId, t.resourceId],
      foreignColumns: [resources.tenantId, resources.workspaceId, resources.id],
    }).onDelete("cascade"),
  ],
);

/** What a client may ask for at one resource. No scope row means nothing. */
export const clientGrants = pgTable(
  "client_grants",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    id: text("id").notNull(),
    clientId: text("client_id").notNull(),
    resourceId: text("resource_id").notNull(),
    /** From then on it gives nothing; null: until it is withdrawn. */
    expiresAt: instant("expires_at"),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("client_grants_once").on(t.tenantId, t.clientId, t.resourceId),
    unique("client_grants_in_resource").on(t.tenantId, t.workspaceId, t.resourceId, t.id),
    // With the id, because a planner without statistics takes it for foreign keys too.
    index("client_grants_by_resource").on(t.tenantId, t.resourceId, t.id),
    foreignKey({
      name: "client_grants_client",
      columns: [t.tenantId, t.workspaceId, t.clientId],
      foreignColumns: [clients.tenantId, clients.workspaceId, clients.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "client_grants_resource",
      columns: [t.tenantId, t.workspaceId, t.resourceId],
      foreignColumns: [resources.tenantId, resources.workspaceId, resources.id],
    }).onDelete("cascade"),
  ],
);

export const clientGrantScopes = pgTable(
  "client_grant_scopes",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    resourceId: text("resource_id").notNull(),
    grantId: text("grant_id").notNull(),
    scopeId: text("scope_id").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.grantId, t.scopeId] }),
    index("client_grant_scopes_by_scope").on(t.tenantId, t.scopeId),
    foreignKey({
      name: "client_grant_scopes_grant",
      columns: [t.tenantId, t.workspaceId, t.resourceId, t.grantId],
      foreignColumns: [clientGrants.tenantId, clientGrants.workspaceId, clientGrants.resourceId, clientGrants.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "client_grant_scopes_scope",
      columns: [t.tenantId, t.workspaceId, t.resourceId, t.scopeId],
      foreignColumns: [scopes.tenantId, scopes.workspaceId, scopes.resourceId, scopes.id],
    }).onDelete("cascade"),
  ],
);

/** Which clients may introspect and report use for a resource, besides a token's own client. */
export const resourceServers = pgTable(
  "resource_servers",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    resourceId: text("resource_id").notNull(),
    clientId: text("client_id").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.resourceId, t.clientId] }),
    index("resource_servers_by_client").on(t.tenantId, t.clientId),
    foreignKey({
      name: "resource_servers_resource",
      columns: [t.tenantId, t.workspaceId, t.resourceId],
      foreignColumns: [resources.tenantId, resources.workspaceId, resources.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "resource_servers_client",
      columns: [t.tenantId, t.workspaceId, t.clientId],
      foreignColumns: [clients.tenantId, clients.workspaceId, clients.id],
    }).onDelete("cascade"),
  ],
);

/** Named bundles of scopes of one workspace's resources. */
export const roles = pgTable(
  "roles",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    id: text("id").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    isBuiltIn: boolean("is_built_in").notNull().default(false),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("roles_name").on(t.tenantId, t.workspaceId, t.name),
    unique("roles_in_workspace").on(t.tenantId, t.workspaceId, t.id),
    foreignKey({
      name: "roles_workspace",
      columns: [t.tenantId, t.workspaceId],
      foreignColumns: [workspaces.tenantId, workspaces.id],
    }),
  ],
);

export const roleScopes = pgTable(
  "role_scopes",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    roleId: text("role_id").notNull(),
    scopeId: text("scope_id").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.roleId, t.scopeId] }),
    index("role_scopes_by_scope").on(t.tenantId, t.scopeId),
    foreignKey({
      name: "role_scopes_role",
      columns: [t.tenantId, t.workspaceId, t.roleId],
      foreignColumns: [roles.tenantId, roles.workspaceId, roles.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "role_scopes_scope",
      columns: [t.tenantId, t.workspaceId, t.scopeId],
      foreignColumns: [scopes.tenantId, scopes.workspaceId, scopes.id],
    }).onDelete("cascade"),
  ],
);

/** A role given to one client or one member, for one target workspace or, as a value of its own, for ALL. */
export const assignments = pgTable(
  "assignments",
  {
    tenantId: tenantId(),
    /** The role's workspace, which is the client's too. */
    workspaceId: workspaceId(),
    id: text("id").notNull(),
    roleId: text("role_id").notNull(),
    clientId: text("client_id"),
    memberId: text("member_id"),
    targetAll: boolean("target_all").notNull(),
    targetWorkspaceId: text("target_workspace_id"),
    notBefore: instant("not_before").notNull().defaultNow(),
    expiresAt: instant("expires_at"),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("assignments_by_client").on(t.tenantId, t.clientId),
    index("assignments_by_member").on(t.tenantId, t.memberId),
    index("assignments_by_role").on(t.tenantId, t.roleId),
    foreignKey({
      name: "assignments_role",
      columns: [t.tenantId, t.workspaceId, t.roleId],
      foreignColumns: [roles.tenantId, roles.workspaceId, roles.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "assignments_client",
      columns: [t.tenantId, t.workspaceId, t.clientId],
      foreignColumns: [clients.tenantId, clients.workspaceId, clients.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "assignments_member",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "assignments_target",
      columns: [t.tenantId, t.targetWorkspaceId],
      foreignColumns: [workspaces.tenantId, workspaces.id],
    }),
    check("assignments_one_subject", sql`num_nonnulls(${t.clientId}, ${t.memberId}) = 1`),
    check("assignments_one_target", sql`${t.targetAll} = (${t.targetWorkspaceId} is null)`),
  ],
);

/** Rules that may refuse a token request although the scope is granted. */
export const policies = pgTable(
  "policies",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    id: text("id").notNull(),
    name: text("name").notNull(),
    source: text("source").notNull(),
    mode: text("mode").$type<"off" | "shadow" | "enforced">().notNull(),
    version: integer("version").notNull().default(1),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("policies_name").on(t.tenantId, t.workspaceId, t.name),
    foreignKey({
      name: "policies_workspace",
      columns: [t.tenantId, t.workspaceId],
      foreignColumns: [workspaces.tenantId, workspaces.id],
    }),
  ],
);

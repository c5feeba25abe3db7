import {
  clientCounts,
  createWorkspace,
  deleteWorkspace,
  findTokenLogEntry,
  gatekeepersOf,
  getWorkspace,
  holds,
  listAuditEntries,
  listClients,
  listResources,
  listRoles,
  listSigningKeys,
  listTokenLog,
  listWorkspaces,
  permissionNames,
  resumeWorkspace,
  revokeToken,
  revokeWorkspaceTokens,
  suspendWorkspace,
  updateWorkspace,
  workspaceBySlug,
  workspaceSettings,
} from "@mintmark/domain";
import { needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { clientListArgs, filterOf } from "./client-list.ts";
import { pageArgs, pageOf, perPage } from "./connection.ts";
import { ActivityStatus, SigningAlgorithmEnum, WorkspaceKind } from "./enums.ts";
import { auditFilterArgs, tokenLogFilterArgs } from "./log-filters.ts";
import { changed, deleted, mutation } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import {
  AuditEntryConnection,
  ClientConnection,
  ClientCountsRef,
  ResourceConnection,
  RoleConnection,
  SettingsRef,
  SigningKeyRef,
  TokenLogEntryConnection,
  TokenLogEntryRef,
  WorkspaceConnection,
  WorkspaceRef,
} from "./refs.ts";

registerNode("workspace", "Workspace", getWorkspace);

WorkspaceRef.implement({
  description: "A container inside a tenant, with its own issuer and keys.",
  interfaces: [Node],
  ...needs("workspace:read"),
  fields: (t) => ({
    slug: t.expose("slug", { type: "Slug" }),
    name: t.exposeString("name"),
    kind: t.expose("kind", { type: WorkspaceKind }),
    status: t.expose("status", { type: ActivityStatus }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    tokensNotBefore: t.expose("tokensNotBefore", {
      type: "DateTime",
      nullable: true,
      description: "Tokens issued before are dead, whoever's they are.",
    }),
    issuer: t.exposeString("issuer", { description: "The exact `iss` of its tokens." }),
    tokenEndpoint: t.string({ resolve: ({ issuer }) => `${issuer}/oauth2/token` }),
    introspectionEndpoint: t.string({ resolve: ({ issuer }) => `${issuer}/oauth2/introspect` }),
    revocationEndpoint: t.string({ resolve: ({ issuer }) => `${issuer}/oauth2/revoke` }),
    mtlsTokenEndpoint: t.string({
      nullable: true,
      description: "Where clients show certificates (RFC 8705); null where they cannot.",
      resolve: ({ issuer }, _, { actor: { installation } }) =>
        installation.mtlsOrigin && `${installation.mtlsOrigin}${new URL(issuer).pathname}/oauth2/token`,
    }),
    jwksUri: t.string({ resolve: ({ issuer }) => `${issuer}/.well-known/jwks.json` }),
    metadataUri: t.string({ resolve: ({ issuer }) => `${issuer}/.well-known/oauth-authorization-server` }),
    viewerPermissions: t.field({
      type: ["ScopeName"],
      description: "What you may do here.",
      resolve: ({ id, kind }, _, { actor }) =>
        permissionNames.filter((name) => holds(actor.principal, name, { workspaceId: id, kind } as never)),
    }),
  }),
});

builder.objectFields(WorkspaceRef, (t) => ({
  gatekeepers: t.stringList({
    ...needs("workspace:read"),
    description:
      "Whom to ask for what is in a special workspace: owners by name, as far as you may see names. Null where it is open to you.",
    nullable: true,
    resolve: async ({ id: workspaceId, kind }, _, { actor }) => {
      const names = await gatekeepersOf(actor, { workspaceId, kind });
      return names && [...names];
    },
  }),
  resources: t.field({
    ...needs("resource:read"),
    type: ResourceConnection,
    nullable: true,
    args: {
      ...pageArgs(t.arg),
      search: t.arg.string({ description: "Part of a name or of an identifier, or an id." }),
    },
    complexity: perPage,
    resolve: ({ id }, args, { actor }) => listResources(actor, id, pageOf(args), { search: args.search }),
  }),
  clients: t.field({
    ...needs("client:read"),
    type: ClientConnection,
    nullable: true,
    args: { ...pageArgs(t.arg), ...clientListArgs(t.arg) },
    complexity: perPage,
    resolve: ({ id }, args, { actor }) =>
      listClients(actor, id, pageOf(args), filterOf(args), {
        by: args.sort ?? "created",
        // Names begin at A, times with the latest.
        direction: args.direction ?? (args.sort === "name" ? "ascending" : "descending"),
      }),
  }),
  clientCounts: t.field({
    ...needs("client:read"),
    description: "How many clients there are in each state.",
    type: ClientCountsRef,
    nullable: true,
    resolve: ({ id }, _, { actor }) => clientCounts(actor, id),
  }),
  roles: t.field({
    ...needs("role:read"),
    type: RoleConnection,
    nullable: true,
    args: pageArgs(t.arg),
    complexity: perPage,
    resolve: ({ id }, args, { actor }) => listRoles(actor, id, pageOf(args)),
  }),
  signingKeys: t.field({
    ...needs("workspace:read"),
    type: [SigningKeyRef],
    nullable: true,
    resolve: async ({ id }, _, { actor }) => [...(await listSigningKeys(actor, id))],
  }),
  settings: t.field({
    ...needs("settings:read"),
    type: SettingsRef,
    nullable: true,
    resolve: ({ id }, _, { actor }) => workspaceSettings(actor, id),
  }),
  auditEntries: t.field({
    ...needs("audit:read"),
    description: "Who changed what here, newest first. Tenant-wide acts are in the admin workspace's.",
    type: AuditEntryConnection,
    nullable: true,
    args: {
      ...pageArgs(t.arg),
      ...auditFilterArgs(t.arg),
    },
    complexity: perPage,
    resolve: ({ id }, args, { actor }) => listAuditEntries(actor, id, pageOf(args), args),
  }),
  tokenLog: t.field({
    ...needs("token-log:read"),
    description: "Token decisions, newest first.",
    type: TokenLogEntryConnection,
    nullable: true,
    args: {
      ...pageArgs(t.arg),
      ...tokenLogFilterArgs(t.arg),
    },
    complexity: perPage,
    resolve: ({ id }, args, { actor }) => listTokenLog(actor, id, pageOf(args), args),
  }),
  tokenLogEntry: t.field({
    ...needs("token-log:read"),
    description: "One token decision; null where there is none of that id, or no longer.",
    type: TokenLogEntryRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: "A token's `jti`, or the correlation id of a refusal." }) },
    resolve: ({ id }, args, { actor }) => findTokenLogEntry(actor, id, args.id),
  }),
}));

builder.queryFields((t) => ({
  workspaces: t.field({
    ...needs("workspace:read"),
    description: "The workspaces of your tenant that you may see.",
    type: WorkspaceConnection,
    nullable: true,
    args: { ...pageArgs(t.arg), search: t.arg.string({ description: "Part of a name or of a slug, or an id." }) },
    complexity: perPage,
    resolve: (_, args, { actor }) => listWorkspaces(actor, pageOf(args), { search: args.search }),
  }),
  workspace: t.field({
    ...needs("workspace:read"),
    description: "A workspace of your tenant; null when there is none that you may see.",
    type: WorkspaceRef,
    nullable: true,
    args: { slug: t.arg({ type: "Slug", required: true }) },
    resolve: (_, { slug }, { actor }) => workspaceBySlug(actor, slug),
  }),
}));

mutation("createWorkspace", {
  permission: "workspace:create",
  description: "Creates a custom workspace with its first signing key: it can issue at once.",
  run: createWorkspace,
  input: (t) => ({
    slug: t.field({ type: "Slug", required: true }),
    name: t.string({ required: true }),
    signingAlgorithm: t.field({ type: SigningAlgorithmEnum }),
  }),
  payload: changed("workspace", WorkspaceRef, getWorkspace),
});

mutation("updateWorkspace", {
  permission: "workspace:write",
  description: "Renames a workspace. Its slug and issuer never change.",
  run: updateWorkspace,
  input: (t) => ({ id: t.field({ type: "WorkspaceId", required: true }), name: t.string({ required: true }) }),
  payload: changed("workspace", WorkspaceRef, getWorkspace),
});

mutation("suspendWorkspace", {
  permission: "workspace:write",
  description: "Stops a workspace: it issues nothing, and its tokens are inactive.",
  run: suspendWorkspace,
  input: (t) => ({ id: t.field({ type: "WorkspaceId", required: true }) }),
  payload: changed("workspace", WorkspaceRef, getWorkspace),
});

mutation("resumeWorkspace", {
  permission: "workspace:write",
  description: "Lets a suspended workspace go on.",
  run: resumeWorkspace,
  input: (t) => ({ id: t.field({ type: "WorkspaceId", required: true }) }),
  payload: changed("workspace", WorkspaceRef, getWorkspace),
});

mutation("deleteWorkspace", {
  permission: "workspace:delete",
  description: "Deletes a workspace for good. Its slug is never given again.",
  run: deleteWorkspace,
  input: (t) => ({ id: t.field({ type: "WorkspaceId", required: true }) }),
  payload: deleted("deletedWorkspaceId", "WorkspaceId"),
});

mutation("revokeWorkspaceTokens", {
  permission: "token:revoke",
  description:
    "Takes back all tokens that a workspace has issued so far, whoever's they are. Its clients get new ones: stop issuing first where they must not.",
  run: revokeWorkspaceTokens,
  input: (t) => ({ workspaceId: t.field({ type: "WorkspaceId", required: true }) }),
  payload: changed("workspace", WorkspaceRef, getWorkspace),
});

mutation("revokeToken", {
  permission: "token:revoke",
  description:
    "Takes back one living token of a workspace. Whoever introspects sees it; a status list does not show it.",
  run: revokeToken,
  input: (t) => ({
    workspaceId: t.field({ type: "WorkspaceId", required: true }),
    id: t.field({ type: "TokenId", required: true }),
  }),
  payload: deleted("revokedTokenId", "TokenId"),
});

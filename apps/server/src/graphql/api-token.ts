import {
  createApiToken,
  getApiToken,
  getWorkspace,
  importApiToken,
  listApiTokens,
  listClientApiTokens,
  revokeApiToken,
  revokeWorkspaceApiTokens,
  type TokenPermission,
  updateApiToken,
} from "@mintmark/domain";
import { carrier, needs } from "./authorise.ts";
import { builder, type Types } from "./builder.ts";
import { NewGrantInput } from "./client.ts";
import { pageArgs, pageOf, perPage } from "./connection.ts";
import { loadClient } from "./load.ts";
import { changed, mutation, shownOnce } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { ApiTokenConnection, ApiTokenRef, ClientRef, WorkspaceRef } from "./refs.ts";

registerNode("apiToken", "ApiToken", getApiToken);

const TokenPermissionRef = builder.objectRef<TokenPermission>("TokenPermission");
TokenPermissionRef.implement({
  description: "What a static token was narrowed to at one resource.",
  ...carrier,
  fields: (t) => ({
    resourceId: t.expose("resourceId", { type: "ResourceId" }),
    identifier: t.expose("identifier", { type: "ResourceIdentifier" }),
    resourceName: t.exposeString("resourceName"),
    scopes: t.field({ type: ["ScopeName"], resolve: ({ scopes }) => [...scopes] }),
  }),
});

ApiTokenRef.implement({
  description: "A static bearer string of a client; its value was shown once and is nowhere.",
  interfaces: [Node],
  ...needs("api-token:read"),
  fields: (t) => ({
    name: t.exposeString("name"),
    hint: t.exposeString("hint", { description: "The last four characters of its random part." }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    expiresAt: t.expose("expiresAt", { type: "DateTime", nullable: true, description: "Null is never." }),
    revokedAt: t.expose("revokedAt", { type: "DateTime", nullable: true }),
    lastUsedAt: t.expose("lastUsedAt", { type: "DateTime", nullable: true, description: "To the minute." }),
    lastUsedAddress: t.exposeString("lastUsedAddress", { nullable: true }),
    isImported: t.exposeBoolean("isImported", { description: "It existed elsewhere before." }),
    isMadeByOperator: t.exposeBoolean("isMadeByOperator", {
      description: "Whoever operates the installation made it for the tenant.",
    }),
    followsGrants: t.exposeBoolean("followsGrants", {
      description: "It may do everything that its client may, as that stands at each use.",
    }),
    permissions: t.field({
      ...needs("api-token:read"),
      type: [TokenPermissionRef],
      description:
        "What it was narrowed to, as far as its client is still granted it; empty where it follows the grants.",
      complexity: { field: 1, multiplier: 5 },
      resolve: ({ permissions }) => [...permissions],
    }),
    client: t.field({
      ...needs("client:read"),
      type: ClientRef,
      nullable: true,
      resolve: ({ clientId }, _, { actor }) => loadClient(actor, clientId),
    }),
  }),
});

builder.objectField(ClientRef, "apiTokens", (t) =>
  t.field({
    ...needs("api-token:read"),
    description: "Its API tokens, newest first, with those that are over.",
    type: ApiTokenConnection,
    nullable: true,
    args: pageArgs(t.arg),
    complexity: perPage,
    resolve: ({ id }, args, { actor }) => listClientApiTokens(actor, id, pageOf(args)),
  }),
);

builder.objectField(WorkspaceRef, "apiTokens", (t) =>
  t.field({
    ...needs("api-token:read"),
    description: "The API tokens of its clients, newest first, with those that are over.",
    type: ApiTokenConnection,
    nullable: true,
    args: pageArgs(t.arg),
    complexity: perPage,
    resolve: ({ id }, args, { actor }) => listApiTokens(actor, id, pageOf(args)),
  }),
);

const ApiTokenPermissionsInput = builder.inputType("ApiTokenPermissionsInput", {
  description: "Exactly one member.",
  fields: (t) => ({
    all: t.boolean({ description: "True: everything that its client may do, as that stands at each use." }),
    chosen: t.field({
      type: [NewGrantInput],
      description: "Some of what its client is granted now, each resource once. It never widens by itself.",
    }),
  }),
});

type InputBuilder = PothosSchemaTypes.InputFieldBuilder<Types, "InputObject">;

const newToken = (t: InputBuilder) => ({
  clientId: t.field({ type: "ClientId", required: true }),
  name: t.string({ required: true }),
  expiresAt: t.field({ type: "DateTime", description: "Left out or null is never, where the settings allow that." }),
  permissions: t.field({ type: ApiTokenPermissionsInput, required: true }),
});

const payload = changed("apiToken", ApiTokenRef, getApiToken);

mutation("createApiToken", {
  permission: "api-token:write",
  description: "Makes an API token of a client and shows it once. The setting apiTokens has to be ON there.",
  run: createApiToken,
  showsSecret: true,
  input: newToken,
  payload: (t) => ({
    ...payload(t),
    secret: t.string({
      nullable: true,
      description: "The value; shown in this answer and never again.",
      resolve: (outcome) => shownOnce(outcome, "value"),
    }),
  }),
});

mutation("importApiToken", {
  permission: "api-token:write",
  description:
    "Takes over an API token that existed elsewhere, by its value or its unsalted SHA-256, in a custom workspace.",
  run: importApiToken,
  input: (t) => ({
    ...newToken(t),
    value: t.string({ description: "At least 32 characters without spaces. Hashed at once; either this or sha256." }),
    sha256: t.string({ description: "64 hexadecimal digits or 43 characters of base64url." }),
  }),
  payload,
});

mutation("updateApiToken", {
  permission: "api-token:write",
  description: "Changes an API token's name, end or permissions, never its value. What has ended does not come back.",
  run: updateApiToken,
  input: (t) => ({
    id: t.field({ type: "ApiTokenId", required: true }),
    name: t.string({ description: "Left out or null stays." }),
    expiresAt: t.field({ type: "DateTime", description: "Left out stays; null is never." }),
    permissions: t.field({ type: ApiTokenPermissionsInput, description: "Left out or null stays." }),
  }),
  payload,
});

mutation("revokeApiToken", {
  permission: "api-token:write",
  description: "Stops an API token, at once and for good. Others go on.",
  run: revokeApiToken,
  input: (t) => ({ id: t.field({ type: "ApiTokenId", required: true }) }),
  payload,
});

mutation("revokeWorkspaceApiTokens", {
  permission: "api-token:write",
  description: "Stops all API tokens of a workspace, at once and for good.",
  run: revokeWorkspaceApiTokens,
  input: (t) => ({ workspaceId: t.field({ type: "WorkspaceId", required: true }) }),
  payload: changed("workspace", WorkspaceRef, getWorkspace),
});

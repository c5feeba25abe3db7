import {
  addResourceServer,
  createResource,
  createScope,
  deleteResource,
  deleteScope,
  getResource,
  getScope,
  listResourceGrants,
  listResourceServers,
  removeResourceServer,
  updateResource,
  updateScope,
} from "@mintmark/domain";
import { needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { pageArgs, pageOf, perPage } from "./connection.ts";
import { loadResource, loadResourceUse, loadScopeClients, loadScopes, loadWorkspace } from "./load.ts";
import { changed, deleted, mutation } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { ClientGrantConnection, ClientRef, ResourceRef, ScopeRef, WorkspaceRef } from "./refs.ts";

registerNode("resource", "Resource", getResource);
registerNode("scope", "Scope", getScope);

ResourceRef.implement({
  description: "A protected API.",
  interfaces: [Node],
  ...needs("resource:read"),
  fields: (t) => ({
    identifier: t.expose("identifier", { type: "ResourceIdentifier", description: "Becomes `aud`; never changes." }),
    name: t.exposeString("name"),
    description: t.exposeString("description"),
    isOwnApi: t.exposeBoolean("isOwnApi", { description: "Mintmark's own API: it comes with the program." }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    workspace: t.field({
      ...needs("workspace:read"),
      type: WorkspaceRef,
      nullable: true,
      resolve: ({ workspaceId }, _, { actor }) => loadWorkspace(actor, workspaceId),
    }),
    scopes: t.field({
      ...needs("resource:read"),
      type: [ScopeRef],
      nullable: true,
      resolve: async ({ id }, _, { actor }) => [...(await loadScopes(actor, id))],
    }),
    scopeCount: t.int({ resolve: async ({ id }, _, { actor }) => (await loadResourceUse(actor, id)).scopes }),
    clientCount: t.int({
      ...needs("client:read"),
      description: "How many clients hold one of its scopes.",
      nullable: true,
      resolve: async ({ id }, _, { actor }) => (await loadResourceUse(actor, id)).clients,
    }),
    grants: t.field({
      ...needs("client:read"),
      description: "Who can call it: the grants of its scopes.",
      type: ClientGrantConnection,
      nullable: true,
      args: pageArgs(t.arg),
      complexity: perPage,
      resolve: ({ id }, args, { actor }) => listResourceGrants(actor, id, pageOf(args)),
    }),
    resourceServers: t.field({
      ...needs("client:read"),
      description: "The clients that may introspect tokens for it.",
      type: [ClientRef],
      nullable: true,
      // Few clients ask about an API's tokens.
      complexity: { field: 1, multiplier: 5 },
      resolve: async ({ id }, _, { actor }) => [...(await listResourceServers(actor, id))],
    }),
  }),
});

ScopeRef.implement({
  description: "A permission on a resource; its name is local to it and never changes.",
  interfaces: [Node],
  ...needs("resource:read"),
  fields: (t) => ({
    name: t.expose("name", { type: "ScopeName" }),
    description: t.exposeString("description"),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    clientCount: t.int({
      ...needs("client:read"),
      description: "How many clients hold it.",
      nullable: true,
      resolve: ({ id }, _, { actor }) => loadScopeClients(actor, id),
    }),
    resource: t.field({
      ...needs("resource:read"),
      type: ResourceRef,
      nullable: true,
      resolve: ({ resourceId }, _, { actor }) => loadResource(actor, resourceId),
    }),
  }),
});

const NewScope = builder.inputType("NewScopeInput", {
  fields: (t) => ({ name: t.field({ type: "ScopeName", required: true }), description: t.string() }),
});

mutation("createResource", {
  permission: "resource:write",
  description: "Registers a protected API, with up to 200 scopes.",
  run: createResource,
  input: (t) => ({
    workspaceId: t.field({ type: "WorkspaceId", required: true }),
    identifier: t.field({ type: "ResourceIdentifier", required: true }),
    name: t.string({ required: true }),
    description: t.string(),
    scopes: t.field({ type: [NewScope] }),
  }),
  payload: changed("resource", ResourceRef, getResource),
});

mutation("updateResource", {
  permission: "resource:write",
  description: "Changes a resource's name or description.",
  run: updateResource,
  input: (t) => ({ id: t.field({ type: "ResourceId", required: true }), name: t.string(), description: t.string() }),
  payload: changed("resource", ResourceRef, getResource),
});

mutation("deleteResource", {
  permission: "resource:write",
  description: "Deletes a resource with its scopes and all grants of them.",
  run: deleteResource,
  input: (t) => ({ id: t.field({ type: "ResourceId", required: true }) }),
  payload: deleted("deletedResourceId", "ResourceId"),
});

mutation("createScope", {
  permission: "resource:write",
  description: "Adds a scope to a resource.",
  run: createScope,
  input: (t) => ({
    resourceId: t.field({ type: "ResourceId", required: true }),
    name: t.field({ type: "ScopeName", required: true }),
    description: t.string(),
  }),
  payload: changed("scope", ScopeRef, getScope),
});

mutation("updateScope", {
  permission: "resource:write",
  description: "Changes a scope's description.",
  run: updateScope,
  input: (t) => ({ id: t.field({ type: "ScopeId", required: true }), description: t.string({ required: true }) }),
  payload: changed("scope", ScopeRef, getScope),
});

mutation("deleteScope", {
  permission: "resource:write",
  description: "Deletes a scope with all grants of it.",
  run: deleteScope,
  input: (t) => ({ id: t.field({ type: "ScopeId", required: true }) }),
  payload: deleted("deletedScopeId", "ScopeId"),
});

mutation("addResourceServer", {
  permission: "resource:write",
  description: "Lets a client introspect tokens for a resource.",
  run: addResourceServer,
  input: (t) => ({
    resourceId: t.field({ type: "ResourceId", required: true }),
    clientId: t.field({ type: "ClientId", required: true }),
  }),
  payload: changed("resource", ResourceRef, getResource),
});

mutation("removeResourceServer", {
  permission: "resource:write",
  description: "Takes that right back.",
  run: removeResourceServer,
  input: (t) => ({
    resourceId: t.field({ type: "ResourceId", required: true }),
    clientId: t.field({ type: "ClientId", required: true }),
  }),
  payload: changed("resource", ResourceRef, getResource),
});

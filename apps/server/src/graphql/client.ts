import {
  approveClient,
  clientSettings,
  createClient,
  deleteClient,
  deleteClients,
  disableClient,
  disableClients,
  enableClient,
  enableClients,
  getClient,
  getWorkspace,
  listAssignments,
  refuseClient,
  revokeClientTokens,
  updateClient,
} from "@mintmark/domain";
import { needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { pageArgs, pageOf, perPage } from "./connection.ts";
import { credentialDates } from "./credential.ts";
import { ClientApprovalEnum, ClientStatus } from "./enums.ts";
import { loadGrants, loadMember, loadWorkspace } from "./load.ts";
import { changed, deleted, mutation, shownOnce } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { AssignmentConnection, ClientGrantRef, ClientRef, MemberRef, SettingsRef, WorkspaceRef } from "./refs.ts";

registerNode("client", "Client", getClient);

ClientRef.implement({
  description: "A caller of APIs: an application's backend, a job, a device.",
  interfaces: [Node],
  ...needs("client:read"),
  fields: (t) => ({
    clientId: t.expose("clientId", { type: "OAuthClientId", description: "What it sends as `client_id`." }),
    name: t.exposeString("name"),
    description: t.exposeString("description"),
    status: t.expose("status", { type: ClientStatus }),
    approval: t.expose("approval", { type: ClientApprovalEnum }),
    refusalReason: t.exposeString("refusalReason", { nullable: true, description: "Why it was refused." }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    tokensNotBefore: t.expose("tokensNotBefore", {
      type: "DateTime",
      nullable: true,
      description: "Its tokens from before this instant are dead.",
    }),
    owner: t.field({
      ...needs("member:read"),
      type: MemberRef,
      nullable: true,
      description: "The member whose own it is: it may what they may. Null for a client of the tenant.",
      resolve: ({ ownerMemberId }, _, { actor }) => (ownerMemberId === null ? null : loadMember(actor, ownerMemberId)),
    }),
    workspace: t.field({
      ...needs("workspace:read"),
      type: WorkspaceRef,
      nullable: true,
      resolve: ({ workspaceId }, _, { actor }) => loadWorkspace(actor, workspaceId),
    }),
  }),
});

builder.objectFields(ClientRef, (t) => ({
  grants: t.field({
    ...needs("client:read"),
    type: [ClientGrantRef],
    nullable: true,
    resolve: async ({ id }, _, { actor }) => [...(await loadGrants(actor, id))],
  }),
  assignments: t.field({
    ...needs("client:read"),
    type: AssignmentConnection,
    nullable: true,
    args: pageArgs(t.arg),
    complexity: perPage,
    resolve: ({ id }, args, { actor }) => listAssignments(actor, { clientId: id }, pageOf(args)),
  }),
  settings: t.field({
    ...needs("client:read"),
    type: SettingsRef,
    nullable: true,
    resolve: ({ id }, _, { actor }) => clientSettings(actor, id),
  }),
}));

export const NewGrantInput = builder.inputType("NewGrantInput", {
  fields: (t) => ({
    resourceId: t.field({ type: "ResourceId", required: true }),
    scopes: t.field({ type: ["ScopeName"], required: true }),
  }),
});

const NewClientSecretInput = builder.inputType("NewClientSecretInput", {
  fields: credentialDates,
});

mutation("createClient", {
  permission: "client:write",
  description:
    "Registers a client. It holds nothing until something is granted: here with `grants` and a first `secret` in one transaction, for which client-grant:write and client-secret:write are needed too.",
  run: createClient,
  showsSecret: ({ secret }) => secret !== undefined && secret !== null,
  input: (t) => ({
    workspaceId: t.field({ type: "WorkspaceId", required: true }),
    name: t.string({ required: true }),
    description: t.string(),
    clientId: t.field({ type: "OAuthClientId", description: "A client id that it has had elsewhere." }),
    accessTokenLifetime: t.int({ description: "Seconds its tokens live, 60-86400. The shortest of all levels wins." }),
    grants: t.field({ type: [NewGrantInput], description: "What it may ask for, each resource once." }),
    secret: t.field({ type: NewClientSecretInput, description: "Makes its first secret." }),
  }),
  payload: (t) => ({
    ...changed("client", ClientRef, getClient)(t),
    secret: t.string({
      nullable: true,
      description: "The first secret's value; shown in this answer and never again.",
      resolve: (outcome) => shownOnce(outcome, "value"),
    }),
  }),
});

mutation("updateClient", {
  permission: "client:write",
  description: "Changes a client's name or description.",
  run: updateClient,
  input: (t) => ({ id: t.field({ type: "ClientId", required: true }), name: t.string(), description: t.string() }),
  payload: changed("client", ClientRef, getClient),
});

mutation("disableClient", {
  permission: "client:write",
  description: "Stops a client: it gets no tokens, and its tokens are inactive.",
  run: disableClient,
  input: (t) => ({ id: t.field({ type: "ClientId", required: true }) }),
  payload: changed("client", ClientRef, getClient),
});

mutation("enableClient", {
  permission: "client:write",
  description: "Lets a disabled client go on.",
  run: enableClient,
  input: (t) => ({ id: t.field({ type: "ClientId", required: true }) }),
  payload: changed("client", ClientRef, getClient),
});

mutation("approveClient", {
  permission: "client:approve",
  description:
    "Lets a client hold credentials and get tokens, where a workspace asks for that (setting clientApproval).",
  run: approveClient,
  input: (t) => ({ id: t.field({ type: "ClientId", required: true }) }),
  payload: changed("client", ClientRef, getClient),
});

mutation("refuseClient", {
  permission: "client:approve",
  description:
    "Refuses a client, or takes its approval back: its credentials and tokens stop working, and it gets no new ones, until it is approved.",
  run: refuseClient,
  input: (t) => ({
    id: t.field({ type: "ClientId", required: true }),
    reason: t.string({ required: true, description: "For whoever made it." }),
  }),
  payload: changed("client", ClientRef, getClient),
});

mutation("deleteClient", {
  permission: "client:write",
  description: "Deletes a client with its credentials and grants.",
  run: deleteClient,
  input: (t) => ({ id: t.field({ type: "ClientId", required: true }) }),
  payload: deleted("deletedClientId", "ClientId"),
});

const several = (t: Parameters<Parameters<typeof mutation>[1]["input"]>[0]) => ({
  workspaceId: t.field({ type: "WorkspaceId", required: true }),
  ids: t.field({ type: ["ClientId"], required: true, description: "Of that workspace, at most 200." }),
});

const ofWorkspace = changed("workspace", WorkspaceRef, getWorkspace);

mutation("disableClients", {
  permission: "client:write",
  description:
    "Stops several clients: all of them or, where one cannot be stopped, none; each error names its id by `path`.",
  run: disableClients,
  input: several,
  payload: ofWorkspace,
});

mutation("enableClients", {
  permission: "client:write",
  description: "Lets several disabled clients go on: all of them or none.",
  run: enableClients,
  input: several,
  payload: ofWorkspace,
});

mutation("deleteClients", {
  permission: "client:write",
  description: "Deletes several clients with their credentials and grants: all of them or none.",
  run: deleteClients,
  input: several,
  payload: ofWorkspace,
});

mutation("revokeClientTokens", {
  permission: "token:revoke",
  description: "Takes back all tokens that a client has got so far.",
  run: revokeClientTokens,
  input: (t) => ({ id: t.field({ type: "ClientId", required: true }) }),
  payload: changed("client", ClientRef, getClient),
});

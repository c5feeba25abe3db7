import {
  createClientSecret,
  deleteClientGrant,
  getClientGrant,
  getClientSecret,
  importClientSecret,
  revokeClientSecret,
  setClientGrant,
} from "@mintmark/domain";
import { needs } from "./authorise.ts";
import { loadClient, loadResource } from "./load.ts";
import { changed, deleted, mutation, shownOnce } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { ClientGrantRef, ClientRef, ClientSecretRef, ResourceRef } from "./refs.ts";

registerNode("clientSecret", "ClientSecret", getClientSecret);
registerNode("clientGrant", "ClientGrant", getClientGrant);

ClientSecretRef.implement({
  description: "What is known of a client secret; its value was shown once and is nowhere.",
  interfaces: [Node],
  ...needs("client-secret:read"),
  fields: (t) => ({
    name: t.exposeString("name"),
    hint: t.exposeString("hint", { description: "The last four characters of its random part." }),
    isImported: t.exposeBoolean("isImported", { description: "It existed elsewhere before." }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    notBefore: t.expose("notBefore", { type: "DateTime" }),
    expiresAt: t.expose("expiresAt", { type: "DateTime", nullable: true, description: "Null is never." }),
    revokedAt: t.expose("revokedAt", { type: "DateTime", nullable: true }),
    lastUsedAt: t.expose("lastUsedAt", { type: "DateTime", nullable: true, description: "To the minute." }),
    lastUsedAddress: t.exposeString("lastUsedAddress", { nullable: true }),
    client: t.field({
      ...needs("client:read"),
      type: ClientRef,
      nullable: true,
      resolve: ({ clientId }, _, { actor }) => loadClient(actor, clientId),
    }),
  }),
});

ClientGrantRef.implement({
  description: "What a client may ask for at one resource.",
  interfaces: [Node],
  ...needs("client:read"),
  fields: (t) => ({
    scopes: t.field({ type: ["ScopeName"], resolve: ({ scopes }) => [...scopes] }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    client: t.field({
      ...needs("client:read"),
      type: ClientRef,
      nullable: true,
      resolve: ({ clientId }, _, { actor }) => loadClient(actor, clientId),
    }),
    resource: t.field({
      ...needs("resource:read"),
      type: ResourceRef,
      nullable: true,
      resolve: ({ resourceId }, _, { actor }) => loadResource(actor, resourceId),
    }),
  }),
});

mutation("createClientSecret", {
  permission: "client-secret:write",
  description: "Makes a client secret and shows it once.",
  run: createClientSecret,
  showsSecret: true,
  input: (t) => ({
    clientId: t.field({ type: "ClientId", required: true }),
    name: t.string(),
    notBefore: t.field({ type: "DateTime" }),
    expiresAt: t.field({ type: "DateTime", description: "Left out or null is never, where the settings allow that." }),
  }),
  payload: (t) => ({
    ...changed("clientSecret", ClientSecretRef, getClientSecret)(t),
    secret: t.string({
      nullable: true,
      description: "The value; shown in this answer and never again.",
      resolve: (outcome) => shownOnce(outcome, "value"),
    }),
  }),
});

mutation("importClientSecret", {
  permission: "client-secret:write",
  description: "Takes over a secret that existed elsewhere, by its value or its unsalted SHA-256.",
  run: importClientSecret,
  input: (t) => ({
    clientId: t.field({ type: "ClientId", required: true }),
    value: t.string({ description: "At least 32 characters. Hashed at once; either this or sha256." }),
    sha256: t.string({ description: "64 hexadecimal digits or 43 characters of base64url." }),
    name: t.string(),
    notBefore: t.field({ type: "DateTime" }),
    expiresAt: t.field({ type: "DateTime" }),
  }),
  payload: changed("clientSecret", ClientSecretRef, getClientSecret),
});

mutation("revokeClientSecret", {
  permission: "client-secret:write",
  description: "Stops a secret for new tokens; withTokens takes the client's tokens back too.",
  run: revokeClientSecret,
  input: (t) => ({ id: t.field({ type: "ClientSecretId", required: true }), withTokens: t.boolean() }),
  payload: changed("clientSecret", ClientSecretRef, getClientSecret),
});

mutation("setClientGrant", {
  permission: "client-grant:write",
  description: "Says which scopes of a resource a client may ask for; an empty list grants nothing.",
  run: setClientGrant,
  input: (t) => ({
    clientId: t.field({ type: "ClientId", required: true }),
    resourceId: t.field({ type: "ResourceId", required: true }),
    scopes: t.field({ type: ["ScopeName"], required: true }),
  }),
  payload: changed("clientGrant", ClientGrantRef, getClientGrant),
});

mutation("deleteClientGrant", {
  permission: "client-grant:write",
  description: "Withdraws a client's access to a resource.",
  run: deleteClientGrant,
  input: (t) => ({ id: t.field({ type: "ClientGrantId", required: true }) }),
  payload: deleted("deletedClientGrantId", "ClientGrantId"),
});

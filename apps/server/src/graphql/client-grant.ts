import { deleteClientGrant, getClientGrant, setClientGrant } from "@mintmark/domain";
import { needs } from "./authorise.ts";
import { loadClient, loadResource } from "./load.ts";
import { changed, deleted, mutation } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { ClientGrantRef, ClientRef, ResourceRef } from "./refs.ts";

registerNode("clientGrant", "ClientGrant", getClientGrant);

ClientGrantRef.implement({
  description: "What a client may ask for at one resource.",
  interfaces: [Node],
  ...needs("client:read"),
  fields: (t) => ({
    scopes: t.field({ type: ["ScopeName"], resolve: ({ scopes }) => [...scopes] }),
    expiresAt: t.expose("expiresAt", {
      type: "DateTime",
      nullable: true,
      description: "From then on it gives nothing. Null: it holds until somebody withdraws it.",
    }),
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

mutation("setClientGrant", {
  permission: "client-grant:write",
  description: "Says which scopes of a resource a client may ask for, and until when; an empty list grants nothing.",
  run: setClientGrant,
  input: (t) => ({
    clientId: t.field({ type: "ClientId", required: true }),
    resourceId: t.field({ type: "ResourceId", required: true }),
    scopes: t.field({ type: ["ScopeName"], required: true }),
    expiresAt: t.field({
      type: "DateTime",
      description:
        "From then on the grant gives nothing; null: it does not end. Left out, its end stays; where that has passed, it has to be said.",
    }),
    expectedExpiresAt: t.field({
      type: "DateTime",
      description: "The end that you read there, null for none. Was it moved since, nothing is done.",
    }),
    expectedScopes: t.field({
      type: ["ScopeName"],
      description: "The scopes that you read there, in any order. Were they changed since, nothing is done.",
    }),
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

import { createClientKey, getClientKey, revokeClientKey } from "@mintmark/domain";
import { needs } from "./authorise.ts";
import { loadClient } from "./load.ts";
import { changed, mutation } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { ClientKeyRef, ClientRef } from "./refs.ts";

registerNode("clientKey", "ClientKey", getClientKey);

ClientKeyRef.implement({
  description: "A public key that a client signs its assertions with (private_key_jwt).",
  interfaces: [Node],
  ...needs("client-secret:read"),
  fields: (t) => ({
    name: t.exposeString("name"),
    kid: t.exposeString("kid", {
      description: "What assertions name it by; the RFC 7638 thumbprint where it had none.",
    }),
    publicJwk: t.expose("publicJwk", { type: "JSON" }),
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

mutation("createClientKey", {
  permission: "client-secret:write",
  description: "Registers a public key of a client for private_key_jwt; the private half never leaves the client.",
  run: createClientKey,
  input: (t) => ({
    clientId: t.field({ type: "ClientId", required: true }),
    publicKey: t.string({
      required: true,
      description: "A JWK as JSON, or a public key in PEM: P-256, Ed25519, or RSA of 2,048 to 4,096 bits.",
    }),
    name: t.string(),
    notBefore: t.field({ type: "DateTime" }),
    expiresAt: t.field({ type: "DateTime", description: "Left out or null is never." }),
  }),
  payload: changed("clientKey", ClientKeyRef, getClientKey),
});

mutation("revokeClientKey", {
  permission: "client-secret:write",
  description: "Stops a client's key for new tokens; withTokens takes the client's tokens back too.",
  run: revokeClientKey,
  input: (t) => ({ id: t.field({ type: "ClientKeyId", required: true }), withTokens: t.boolean() }),
  payload: changed("clientKey", ClientKeyRef, getClientKey),
});

import { createClientKey, getClientKey, revokeClientKey } from "@mintmark/domain";
import { needs } from "./authorise.ts";
import { newCredential, revokesCredential } from "./credential.ts";
import { changed, mutation } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { ClientKeyRef, CredentialRef } from "./refs.ts";

registerNode("clientKey", "ClientKey", getClientKey);

ClientKeyRef.implement({
  description: "A public key that a client signs its assertions with (private_key_jwt), or the address of such keys.",
  interfaces: [Node, CredentialRef],
  ...needs("client-secret:read"),
  fields: (t) => ({
    kid: t.exposeString("kid", {
      nullable: true,
      description:
        "What assertions name it by; the RFC 7638 thumbprint where it had none. Null where an address says it.",
    }),
    publicJwk: t.expose("publicJwk", { type: "JSON", nullable: true, description: "Null where an address says it." }),
    jwksUri: t.exposeString("jwksUri", {
      nullable: true,
      description: "Where the client publishes its keys; null where it registered one.",
    }),
  }),
});

const payload = changed("clientKey", ClientKeyRef, getClientKey);

mutation("createClientKey", {
  permission: "client-secret:write",
  description:
    "Registers a public key of a client for private_key_jwt, or the address of such keys; the private half never leaves the client.",
  run: createClientKey,
  input: (t) => ({
    ...newCredential(t),
    publicKey: t.string({
      description:
        "A JWK as JSON, or a public key in PEM: P-256, Ed25519, or RSA of 2,048 to 4,096 bits. Either this or jwksUri.",
    }),
    jwksUri: t.string({
      description:
        "An https address of a JWK Set (RFC 7591). It is asked by the server, for a new kid at most once in 30 s; its keys count for an hour while it is away.",
    }),
  }),
  payload,
});

revokesCredential("revokeClientKey", { id: "ClientKeyId", word: "key", run: revokeClientKey, payload });

import { createClientSecret, getClientSecret, importClientSecret, revokeClientSecret } from "@mintmark/domain";
import { needs } from "./authorise.ts";
import { newCredential, revokesCredential } from "./credential.ts";
import { changed, mutation, shownOnce } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { ClientSecretRef, CredentialRef } from "./refs.ts";

registerNode("clientSecret", "ClientSecret", getClientSecret);

ClientSecretRef.implement({
  description: "What is known of a client secret; its value was shown once and is nowhere.",
  interfaces: [Node, CredentialRef],
  ...needs("client-secret:read"),
  fields: (t) => ({ isImported: t.exposeBoolean("isImported", { description: "It existed elsewhere before." }) }),
});

const payload = changed("clientSecret", ClientSecretRef, getClientSecret);

mutation("createClientSecret", {
  permission: "client-secret:write",
  description: "Makes a client secret and shows it once.",
  run: createClientSecret,
  showsSecret: true,
  input: newCredential,
  payload: (t) => ({
    ...payload(t),
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
    ...newCredential(t),
    value: t.string({ description: "At least 32 characters. Hashed at once; either this or sha256." }),
    sha256: t.string({ description: "64 hexadecimal digits or 43 characters of base64url." }),
  }),
  payload,
});

revokesCredential("revokeClientSecret", { id: "ClientSecretId", word: "secret", run: revokeClientSecret, payload });

import { getWorkspace, revokeSigningKey, rotateSigningKey } from "@mintmark/domain";
import { needs } from "./authorise.ts";
import { SigningAlgorithmEnum, SigningKeyStateEnum } from "./enums.ts";
import { changed, mutation } from "./mutation.ts";
import { SigningKeyRef, WorkspaceRef } from "./refs.ts";

SigningKeyRef.implement({
  description: "A key that signs a workspace's tokens; its private part never leaves the server.",
  ...needs("workspace:read"),
  fields: (t) => ({
    kid: t.expose("kid", { type: "KeyId" }),
    alg: t.expose("alg", { type: SigningAlgorithmEnum }),
    state: t.expose("state", { type: SigningKeyStateEnum }),
    publishAt: t.expose("publishAt", { type: "DateTime" }),
    activateAt: t.expose("activateAt", { type: "DateTime", nullable: true }),
    retireAt: t.expose("retireAt", { type: "DateTime", nullable: true }),
    removeAt: t.expose("removeAt", { type: "DateTime", nullable: true }),
    revokedAt: t.expose("revokedAt", { type: "DateTime", nullable: true }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    publicJwk: t.expose("publicJwk", { type: "JSON" }),
  }),
});

mutation("rotateSigningKey", {
  permission: "signing-key:rotate",
  description:
    "Puts the published next key to work: at once, or as soon as every cached JWK Set has it. The former one stays in the set until its last token is over.",
  run: rotateSigningKey,
  input: (t) => ({ workspaceId: t.field({ type: "WorkspaceId", required: true }) }),
  payload: changed("workspace", WorkspaceRef, getWorkspace),
});

mutation("revokeSigningKey", {
  permission: "signing-key:revoke",
  description:
    "An emergency: the key leaves the JWK Set, every token that it signed is dead, and where it signed the next key signs at once.",
  run: revokeSigningKey,
  input: (t) => ({
    workspaceId: t.field({ type: "WorkspaceId", required: true }),
    kid: t.field({ type: "KeyId", required: true }),
  }),
  payload: changed("workspace", WorkspaceRef, getWorkspace),
});

import {
  clientSigningStart,
  getWorkspace,
  listJwksFetches,
  revokeSigningKey,
  rotateSigningKey,
  signingKeyAlarm,
  workspaceSigningStart,
} from "@mintmark/domain";
import { carrier, needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { SigningAlgorithmEnum, SigningKeyStateEnum } from "./enums.ts";
import { changed, mutation } from "./mutation.ts";
import { ClientRef, JwksFetchRef, SigningKeyAlarmRef, SigningKeyRef, SigningStartRef, WorkspaceRef } from "./refs.ts";

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

SigningKeyAlarmRef.implement({
  description: "Nobody follows the key that signs, or nobody signs: whoever looks after the server must look why.",
  ...carrier,
  fields: (t) => ({
    kid: t.expose("kid", { type: "KeyId", nullable: true, description: "The key that signs; null: none does." }),
    endsAt: t.expose("endsAt", {
      type: "DateTime",
      nullable: true,
      description: "When its time is over.",
    }),
  }),
});

JwksFetchRef.implement({
  description: "A verifier: who fetches a workspace's JWK Set from one address under one name.",
  ...carrier,
  fields: (t) => ({
    address: t.exposeString("address"),
    agent: t.exposeString("agent", { description: "What it calls itself; empty where it does not." }),
    firstAt: t.expose("firstAt", { type: "DateTime" }),
    lastAt: t.expose("lastAt", { type: "DateTime" }),
    fetches: t.exposeFloat("fetches", { description: "How often it came." }),
    isCurrent: t.exposeBoolean("isCurrent", {
      description: "Whether it holds the set of now. False: it fetched it last before a key came, left or was revoked.",
    }),
  }),
});

SigningStartRef.implement({
  description: "The algorithm that was chosen does not sign yet: not every cached JWK Set has its first key.",
  ...carrier,
  fields: (t) => ({
    startsAt: t.expose("startsAt", { type: "DateTime" }),
    signsMeanwhile: t.expose("signsMeanwhile", { type: SigningAlgorithmEnum }),
  }),
});

builder.objectField(ClientRef, "signingStart", (t) =>
  t.field({
    ...needs("client:read"),
    description: "When its signing algorithm signs, where another one signs still. Null: it does now.",
    type: SigningStartRef,
    nullable: true,
    resolve: ({ id }, _, { actor }) => clientSigningStart(actor, id),
  }),
);

builder.objectFields(WorkspaceRef, (t) => ({
  signingStart: t.field({
    ...needs("settings:read"),
    description: "When its signing algorithm signs, where another one signs still. Null: it does now.",
    type: SigningStartRef,
    nullable: true,
    resolve: ({ id }, _, { actor }) => workspaceSigningStart(actor, id),
  }),
  signingKeyAlarm: t.field({
    ...needs("workspace:read"),
    description: "What is wrong with its keys: each key that signs has a published one to follow it. Null: nothing.",
    type: SigningKeyAlarmRef,
    nullable: true,
    resolve: ({ id }, _, { actor }) => signingKeyAlarm(actor, id),
  }),
  jwksFetches: t.field({
    ...needs("token-log:read"),
    description: "Who fetches its JWK Set, the last first, at most 200; a fetch is there within a few seconds.",
    type: [JwksFetchRef],
    nullable: true,
    complexity: { field: 1, multiplier: 20 },
    resolve: async ({ id }, _, { actor }) => {
      const fetches = await listJwksFetches(actor, id);
      return fetches && [...fetches];
    },
  }),
}));

mutation("rotateSigningKey", {
  permission: "signing-key:rotate",
  description:
    "Puts the published next key to work: at once, or as soon as every cached JWK Set has it. The former one stays in the set until its last token is over.",
  run: rotateSigningKey,
  input: (t) => ({
    workspaceId: t.field({ type: "WorkspaceId", required: true }),
    algorithm: t.field({
      type: SigningAlgorithmEnum,
      description: "Whose key, where clients have algorithms of their own. Null: the workspace's.",
    }),
  }),
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

import {
  cancelSecretRotation,
  extendSecretRotation,
  getClientSecret,
  type HoldOut,
  listSecretRotations,
  retireSecret,
  rotateClientSecret,
} from "@mintmark/domain";
import { carrier, needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { RotationState } from "./enums.ts";
import { changed, mutation, shownOnce } from "./mutation.ts";
import { ClientRef, ClientSecretRef, SecretRotationRef } from "./refs.ts";

const HoldOutRef = builder.objectRef<HoldOut>("HoldOut");
HoldOutRef.implement({
  description: "A caller who still uses the secret that goes.",
  ...carrier,
  fields: (t) => ({
    address: t.exposeString("address"),
    agent: t.exposeString("agent", { description: "What it calls itself; empty where it does not." }),
    lastAt: t.expose("lastAt", { type: "DateTime", description: "To the minute." }),
  }),
});

SecretRotationRef.implement({
  description: "How a secret is being replaced by another one, as its traffic shows.",
  ...carrier,
  fields: (t) => ({
    formerId: t.expose("formerId", { type: "ClientSecretId" }),
    successorId: t.expose("successorId", { type: "ClientSecretId" }),
    state: t.expose("state", { type: RotationState }),
    startedAt: t.expose("startedAt", { type: "DateTime" }),
    endsAt: t.expose("endsAt", { type: "DateTime", description: "When the former secret ends, or ended." }),
    latestEndsAt: t.expose("latestEndsAt", {
      type: "DateTime",
      description: "Until when it may be extended, or its retirement undone.",
    }),
    autoRetire: t.exposeBoolean("autoRetire", {
      description: "Whether the server retires the former secret as soon as that is safe.",
    }),
    formerIssued: t.exposeFloat("formerIssued", {
      description: "Tokens that the former secret got in this hour and the one before, since the start.",
    }),
    successorIssued: t.exposeFloat("successorIssued", { description: "The same of its successor." }),
    quietSince: t.expose("quietSince", {
      type: "DateTime",
      description: "Since when the former secret has not been used, to the minute.",
    }),
    safeFrom: t.expose("safeFrom", {
      type: "DateTime",
      nullable: true,
      description:
        "From when on it is safe to retire it, if it stays quiet: after the setting's quiet period, and longer than it ever paused in the last 14 days. Null while nobody uses its successor.",
    }),
    isSafe: t.exposeBoolean("isSafe"),
    holdOuts: t.field({
      type: [HoldOutRef],
      description:
        "Who used the former secret since the start, and after the first use of its successor from the same place.",
      complexity: { field: 1, multiplier: 5 },
      resolve: ({ holdOuts }) => [...holdOuts],
    }),
  }),
});

builder.objectFields(ClientRef, (t) => ({
  secretRotations: t.field({
    ...needs("client-secret:read"),
    description: "Rotations that run, or whose retirement can be undone; newest first, at most five.",
    type: [SecretRotationRef],
    nullable: true,
    complexity: { field: 1, multiplier: 5 },
    resolve: async ({ id }, _, { actor }) => [...(await listSecretRotations(actor, id))],
  }),
}));

mutation("rotateClientSecret", {
  permission: "client-secret:write",
  description:
    "Makes a successor of a secret and shows it once. Both work for the overlap; then the former one ends by itself, or is retired before once it is quiet.",
  run: rotateClientSecret,
  showsSecret: true,
  input: (t) => ({
    id: t.field({ type: "ClientSecretId", required: true, description: "The secret that goes." }),
    overlap: t.int({ description: "Seconds that both work; left out: the setting." }),
    endNow: t.boolean({ description: "An emergency: the former one ends now, without an overlap." }),
    name: t.string({ description: "The successor's name." }),
    expiresAt: t.field({ type: "DateTime", description: "The successor's end; left out or null is never." }),
    autoRetire: t.boolean({ description: "Retire the former one as soon as that is safe. Left out: true." }),
    withTokens: t.boolean({ description: "Take the client's tokens back too." }),
  }),
  payload: (t) => ({
    ...changed("clientSecret", ClientSecretRef, getClientSecret)(t),
    secret: t.string({
      nullable: true,
      description: "The successor's value; shown in this answer and never again.",
      resolve: (outcome) => shownOnce(outcome, "value"),
    }),
  }),
});

mutation("extendSecretRotation", {
  permission: "client-secret:write",
  description: "Lets a secret that is being replaced work for longer. One that was retired works again.",
  run: extendSecretRotation,
  input: (t) => ({
    id: t.field({ type: "ClientSecretId", required: true, description: "The secret that goes." }),
    endsAt: t.field({ type: "DateTime", required: true }),
  }),
  payload: changed("clientSecret", ClientSecretRef, getClientSecret),
});

mutation("retireSecret", {
  permission: "client-secret:write",
  description: "Ends a secret that is being replaced, once that is safe or by force. Extending undoes it.",
  run: retireSecret,
  input: (t) => ({
    id: t.field({ type: "ClientSecretId", required: true, description: "The secret that goes." }),
    force: t.boolean({ description: "Also while it is used." }),
  }),
  payload: changed("clientSecret", ClientSecretRef, getClientSecret),
});

mutation("cancelSecretRotation", {
  permission: "client-secret:write",
  description: "Keeps the secret that would go, with the end that it had, and revokes its successor.",
  run: cancelSecretRotation,
  input: (t) => ({
    id: t.field({ type: "ClientSecretId", required: true, description: "The secret that would go." }),
    force: t.boolean({ description: "Also while its successor is used." }),
  }),
  payload: changed("clientSecret", ClientSecretRef, getClientSecret),
});

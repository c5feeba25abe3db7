import {
  type CeilingGrant,
  type ClientRegistration,
  createInitialAccessToken,
  getClient,
  getClientRegistration,
  getInitialAccessToken,
  listInitialAccessTokens,
  revokeClientRegistration,
  revokeInitialAccessToken,
} from "@mintmark/domain";
import { carrier, needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { pageArgs, pageOf, perPage } from "./connection.ts";
import { AuthenticationMethod } from "./enums.ts";
import { changed, mutation, shownOnce } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { ClientRef, InitialAccessTokenConnection, InitialAccessTokenRef, WorkspaceRef } from "./refs.ts";

registerNode("initialAccessToken", "InitialAccessToken", getInitialAccessToken);

const CeilingGrantRef = builder.objectRef<CeilingGrant>("CeilingGrant");
CeilingGrantRef.implement({
  description: "The most that a client which registers itself may be granted at one resource.",
  ...carrier,
  fields: (t) => ({
    resourceId: t.expose("resourceId", { type: "ResourceId" }),
    identifier: t.expose("identifier", { type: "ResourceIdentifier" }),
    resourceName: t.exposeString("name"),
    scopes: t.field({ type: ["ScopeName"], resolve: ({ scopes }) => [...scopes] }),
  }),
});

InitialAccessTokenRef.implement({
  description: "A token that registers clients (RFC 7591); its value was shown once and is nowhere.",
  interfaces: [Node],
  ...needs("initial-access-token:read"),
  fields: (t) => ({
    name: t.exposeString("name"),
    hint: t.exposeString("hint", { description: "The last four characters of its random part." }),
    uses: t.exposeInt("uses", { description: "How many clients it may register in all." }),
    usesLeft: t.exposeInt("usesLeft"),
    methods: t.field({
      type: [AuthenticationMethod],
      nullable: true,
      description: "How its clients may authenticate; null is whatever the workspace allows.",
      resolve: ({ methods }) => methods && [...methods],
    }),
    clientSecretLifetime: t.exposeInt("clientSecretLifetime", {
      nullable: true,
      description: "Days that a secret of its clients lives; null is as long as the settings allow.",
    }),
    ceiling: t.field({
      ...needs("initial-access-token:read"),
      type: [CeilingGrantRef],
      description: "The most that its clients may be granted, by resource. Empty grants nothing.",
      complexity: { field: 1, multiplier: 5 },
      resolve: ({ ceiling }) => [...ceiling],
    }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    expiresAt: t.expose("expiresAt", { type: "DateTime", nullable: true, description: "Null is never." }),
    revokedAt: t.expose("revokedAt", { type: "DateTime", nullable: true }),
    lastUsedAt: t.expose("lastUsedAt", { type: "DateTime", nullable: true }),
  }),
});

builder.objectField(WorkspaceRef, "initialAccessTokens", (t) =>
  t.field({
    ...needs("initial-access-token:read"),
    description: "The tokens that register clients here, newest first, with those that are over.",
    type: InitialAccessTokenConnection,
    nullable: true,
    args: pageArgs(t.arg),
    complexity: perPage,
    resolve: ({ id }, args, { actor }) => listInitialAccessTokens(actor, id, pageOf(args)),
  }),
);

const ClientRegistrationRef = builder.objectRef<ClientRegistration>("ClientRegistration");
ClientRegistrationRef.implement({
  description: "That a client registered itself (RFC 7591), and through which token.",
  ...carrier,
  fields: (t) => ({
    registeredAt: t.expose("registeredAt", { type: "DateTime" }),
    revokedAt: t.expose("revokedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it lost the right to change its registration.",
    }),
    initialAccessTokenId: t.expose("initialAccessTokenId", { type: "InitialAccessTokenId" }),
    initialAccessTokenName: t.exposeString("initialAccessTokenName", {
      nullable: true,
      description: "Null where it may not be seen.",
    }),
  }),
});

builder.objectField(ClientRef, "registration", (t) =>
  t.field({
    ...needs("client:read"),
    description: "Null where somebody else made it.",
    type: ClientRegistrationRef,
    nullable: true,
    resolve: ({ id }, _, { actor }) => getClientRegistration(actor, id),
  }),
);

const CeilingGrantInput = builder.inputType("CeilingGrantInput", {
  fields: (t) => ({
    resourceId: t.field({ type: "ResourceId", required: true }),
    scopes: t.field({ type: ["ScopeName"], required: true }),
  }),
});

const payload = changed("initialAccessToken", InitialAccessTokenRef, getInitialAccessToken);

mutation("createInitialAccessToken", {
  permission: "initial-access-token:write",
  description:
    "Makes a token that registers clients, and shows it once. Needs client:write and client-secret:write too, and client-grant:write where its clients may be granted something.",
  run: createInitialAccessToken,
  showsSecret: true,
  input: (t) => ({
    workspaceId: t.field({ type: "WorkspaceId", required: true }),
    name: t.string({ required: true }),
    expiresAt: t.field({ type: "DateTime", description: "Left out or null is never." }),
    uses: t.int({ required: true, description: "How many clients it may register, 1-10,000." }),
    methods: t.field({
      type: [AuthenticationMethod],
      description: "How its clients may authenticate; left out or null is whatever the workspace allows.",
    }),
    clientSecretLifetime: t.int({
      description:
        "Days that a secret of its clients lives, 1-3,650; left out or null is as long as the settings allow.",
    }),
    ceiling: t.field({
      type: [CeilingGrantInput],
      required: true,
      description: "The most that its clients may be granted, each resource once. Empty grants nothing.",
    }),
  }),
  payload: (t) => ({
    ...payload(t),
    secret: t.string({
      nullable: true,
      description: "The value; shown in this answer and never again.",
      resolve: (outcome) => shownOnce(outcome, "value"),
    }),
  }),
});

mutation("revokeInitialAccessToken", {
  permission: "initial-access-token:write",
  description: "Stops a token that registers clients. The clients that it registered stay.",
  run: revokeInitialAccessToken,
  input: (t) => ({ id: t.field({ type: "InitialAccessTokenId", required: true }) }),
  payload,
});

mutation("revokeClientRegistration", {
  permission: "client-secret:write",
  description:
    "Takes from a client that registered itself the right to change its registration. The client stays as it is.",
  run: revokeClientRegistration,
  input: (t) => ({ id: t.field({ type: "ClientId", required: true }) }),
  payload: changed("client", ClientRef, getClient),
});

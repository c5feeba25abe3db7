import {
  createPersonalClient,
  getPersonalClient,
  listPersonalClients,
  renewPersonalClient,
  revokePersonalClient,
} from "@mintmark/domain";
import { signedInOnly } from "./authorise.ts";
import { builder } from "./builder.ts";
import { pageArgs, pageOf, perPage } from "./connection.ts";
import { changed, mutation, shownOnce } from "./mutation.ts";
import { PersonalTokenPermissionsInput } from "./personal-token.ts";
import { PersonalClientConnection, PersonalClientRef } from "./refs.ts";
import { ViewerRef } from "./viewer.ts";

PersonalClientRef.implement({
  description:
    "A client id and a secret of a person: its tokens do at Mintmark's own APIs what that person may. The secret was shown once and is nowhere.",
  ...signedInOnly,
  fields: (t) => ({
    id: t.expose("id", { type: "ClientId", description: "The client; what it sends as `client_id` too." }),
    name: t.exposeString("name"),
    hint: t.exposeString("hint", { description: "The last four characters of its secret." }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    expiresAt: t.expose("expiresAt", { type: "DateTime", nullable: true, description: "Null is never." }),
    revokedAt: t.expose("revokedAt", { type: "DateTime", nullable: true }),
    lastUsedAt: t.expose("lastUsedAt", { type: "DateTime", nullable: true, description: "To the minute." }),
    lastUsedAddress: t.exposeString("lastUsedAddress", { nullable: true }),
    followsPower: t.exposeBoolean("followsPower", {
      description: "It may do everything that its person may, as that stands at each use.",
    }),
    scopes: t.field({
      type: ["ScopeName"],
      description: "What it was narrowed to, as far as its person still holds it; empty where it follows their power.",
      resolve: ({ scopes }) => [...scopes],
    }),
    tokenEndpoint: t.exposeString("tokenEndpoint", { description: "Where it asks for tokens." }),
    resource: t.expose("resource", { type: "ResourceIdentifier", description: "The API that they are for." }),
  }),
});

builder.objectField(ViewerRef, "personalClients", (t) =>
  t.field({
    ...signedInOnly,
    description: "The person's own client credentials, newest first, with those that are over; null for a client.",
    type: PersonalClientConnection,
    nullable: true,
    args: pageArgs(t.arg),
    complexity: perPage,
    resolve: (actor, args) => listPersonalClients(actor, pageOf(args)),
  }),
);

const payload = changed("personalClient", PersonalClientRef, getPersonalClient);

mutation("createPersonalClient", {
  permission: "personal-token:write",
  description:
    "Generates a client id and a secret of the person who is signed in, and shows the secret once. At the admin workspace personalTokens has to be ON, and generatedTypes to name CLIENT_CREDENTIALS.",
  run: createPersonalClient,
  showsSecret: true,
  input: (t) => ({
    name: t.string({ required: true }),
    expiresAt: t.field({ type: "DateTime", description: "Left out or null is never, where the settings allow that." }),
    permissions: t.field({ type: PersonalTokenPermissionsInput, required: true }),
  }),
  payload: (t) => ({
    ...payload(t),
    secret: t.string({
      nullable: true,
      description: "The secret; shown in this answer and never again.",
      resolve: (outcome) => shownOnce(outcome, "value"),
    }),
  }),
});

mutation("renewPersonalClient", {
  permission: "personal-token:write",
  description:
    "Makes a new secret for own client credentials that are over, such as those taken over from somebody who left, and shows it once. The client id stays.",
  run: renewPersonalClient,
  showsSecret: true,
  input: (t) => ({
    id: t.field({ type: "ClientId", required: true }),
    expiresAt: t.field({ type: "DateTime", description: "Left out or null is never, where the settings allow that." }),
  }),
  payload: (t) => ({
    ...payload(t),
    secret: t.string({
      nullable: true,
      description: "The secret; shown in this answer and never again.",
      resolve: (outcome) => shownOnce(outcome, "value"),
    }),
  }),
});

mutation("revokePersonalClient", {
  permission: "personal-token:write",
  description: "Stops own client credentials with the tokens that they got, at once and for good.",
  run: revokePersonalClient,
  input: (t) => ({ id: t.field({ type: "ClientId", required: true }) }),
  payload,
});

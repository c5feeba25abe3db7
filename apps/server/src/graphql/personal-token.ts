import {
  createPersonalToken,
  getPersonalToken,
  listPersonalTokens,
  type PersonalTokenRules,
  personalTokenRules,
  revokePersonalToken,
  updatePersonalToken,
} from "@mintmark/domain";
import { signedInOnly } from "./authorise.ts";
import { builder } from "./builder.ts";
import { pageArgs, pageOf, perPage } from "./connection.ts";
import { GeneratedTypeEnum } from "./enums.ts";
import { changed, mutation, shownOnce } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { PersonalTokenConnection, PersonalTokenRef } from "./refs.ts";
import { ViewerRef } from "./viewer.ts";

registerNode("personalToken", "PersonalToken", getPersonalToken);

PersonalTokenRef.implement({
  description: "A static bearer string of a person, seen by nobody else; its value was shown once and is nowhere.",
  interfaces: [Node],
  ...signedInOnly,
  fields: (t) => ({
    name: t.exposeString("name"),
    hint: t.exposeString("hint", { description: "The last four characters of its random part." }),
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
  }),
});

const RulesRef = builder.objectRef<PersonalTokenRules>("PersonalTokenRules");
RulesRef.implement({
  description: "What a person may make for themselves.",
  ...signedInOnly,
  fields: (t) => ({
    isOn: t.exposeBoolean("isOn"),
    types: t.field({
      type: [GeneratedTypeEnum],
      description: "What the tenant lets its members generate.",
      resolve: ({ types }) => [...types],
    }),
    limit: t.exposeInt("limit", { description: "How many may work at once, of both types together." }),
    longestDays: t.exposeInt("longestDays", { nullable: true, description: "Null is no limit." }),
    mayNeverEnd: t.exposeBoolean("mayNeverEnd"),
  }),
});

builder.objectFields(ViewerRef, (t) => ({
  personalTokens: t.field({
    ...signedInOnly,
    description: "The person's own tokens, newest first, with those that are over; null for a client.",
    type: PersonalTokenConnection,
    nullable: true,
    args: pageArgs(t.arg),
    complexity: perPage,
    resolve: (actor, args) => listPersonalTokens(actor, pageOf(args)),
  }),
  personalTokenRules: t.field({
    ...signedInOnly,
    description: "What counts for personal tokens of the person; null for a client.",
    type: RulesRef,
    nullable: true,
    resolve: (actor) => personalTokenRules(actor),
  }),
}));

export const PersonalTokenPermissionsInput = builder.inputType("PersonalTokenPermissionsInput", {
  description: "Exactly one member.",
  fields: (t) => ({
    all: t.boolean({ description: "True: everything that its person may do, as that stands at each use." }),
    scopes: t.field({ type: ["ScopeName"], description: "Some of the permissions that its person holds now." }),
  }),
});

const payload = changed("personalToken", PersonalTokenRef, getPersonalToken);

mutation("createPersonalToken", {
  permission: "personal-token:write",
  description:
    "Makes a token of the person who is signed in, and shows it once. The setting personalTokens has to be ON at the admin workspace.",
  run: createPersonalToken,
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
      description: "The value; shown in this answer and never again.",
      resolve: (outcome) => shownOnce(outcome, "value"),
    }),
  }),
});

mutation("updatePersonalToken", {
  permission: "personal-token:write",
  description: "Changes an own token's name, end or permissions, never its value. What has ended does not come back.",
  run: updatePersonalToken,
  input: (t) => ({
    id: t.field({ type: "PersonalTokenId", required: true }),
    name: t.string({ description: "Left out or null stays." }),
    expiresAt: t.field({ type: "DateTime", description: "Left out stays; null is never." }),
    permissions: t.field({ type: PersonalTokenPermissionsInput, description: "Left out or null stays." }),
  }),
  payload,
});

mutation("revokePersonalToken", {
  permission: "personal-token:write",
  description: "Stops an own token, at once and for good.",
  run: revokePersonalToken,
  input: (t) => ({ id: t.field({ type: "PersonalTokenId", required: true }) }),
  payload,
});

import {
  createSsoProvider,
  deleteSsoProvider,
  getSsoProvider,
  listSsoProviders,
  type SsoProvider,
  updateSsoProvider,
} from "@mintmark/domain";
import { needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { SsoJoiningEnum } from "./enums.ts";
import { InvitedRoleInput, InvitedRoleRef } from "./invitation.ts";
import { changed, deleted, mutation } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { SsoProviderRef } from "./refs.ts";

registerNode("ssoProvider", "SsoProvider", getSsoProvider);

/** Texts or roles, at most some twenty. */
const few = { complexity: { field: 1, multiplier: 4 } } as const;

const meaning = {
  clientId: "What the provider knows this server as.",
  scopes: "Asked for besides openid.",
  emailDomains:
    "Only people whose checked e-mail address is in one of these domains join; empty: anybody whom the provider knows.",
  roles: "What whoever joins without an invitation gets.",
  isRequired:
    "While it is on, sessions of members come by single sign-on alone. Owners keep their password: it is the way back in when the provider is away.",
} as const;

SsoProviderRef.implement({
  description:
    "An OpenID provider that says for the tenant who somebody is. Its people are known by its subject alone, never by an e-mail address, and their sessions open this tenant and no other. Its client secret is in no answer.",
  interfaces: [Node],
  ...needs("sso-provider:read"),
  fields: (t) => ({
    name: t.exposeString("name"),
    issuer: t.exposeString("issuer", { description: "Its `iss`, byte for byte. It never changes." }),
    clientId: t.exposeString("clientId", { description: meaning.clientId }),
    redirectUri: t.exposeString("redirectUri", {
      description: "Where it sends people back to: the provider must know this address.",
    }),
    scopes: t.field({
      type: ["String"],
      description: meaning.scopes,
      ...few,
      resolve: ({ scopes }) => [...scopes],
    }),
    emailDomains: t.field({
      type: ["String"],
      description: meaning.emailDomains,
      ...few,
      resolve: ({ emailDomains }) => [...emailDomains],
    }),
    joining: t.expose("joining", { type: SsoJoiningEnum }),
    roles: t.field({
      ...needs("sso-provider:read"),
      type: [InvitedRoleRef],
      description: meaning.roles,
      ...few,
      resolve: ({ roles }) => [...roles],
    }),
    isRequired: t.exposeBoolean("isRequired", { description: meaning.isRequired }),
    isActive: t.exposeBoolean("isActive", { description: "Off, nobody signs in with it and its sessions have ended." }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
  }),
});

builder.queryField("ssoProviders", (t) =>
  t.field({
    ...needs("sso-provider:read"),
    description: "The tenant's single sign-on providers, by name; fifty at most.",
    type: [SsoProviderRef],
    nullable: true,
    complexity: { field: 1, multiplier: 20 },
    resolve: async (_, __, { actor }) => [...(await listSsoProviders(actor))],
  }),
);

const payload = changed<SsoProvider>("ssoProvider", SsoProviderRef, getSsoProvider);

mutation("createSsoProvider", {
  permission: "sso-provider:write",
  description:
    "Trusts an OpenID provider to say who somebody is. Roles for those who join need assignment:write too; nobody gives more than they hold, now and when somebody joins.",
  run: createSsoProvider,
  input: (t) => ({
    name: t.string({ required: true, description: "What the sign-in page calls it." }),
    issuer: t.string({
      required: true,
      description: "Its https address, exactly as its openid-configuration says it.",
    }),
    clientId: t.string({ required: true, description: meaning.clientId }),
    clientSecret: t.string({ required: true, description: "Sealed at once, and in no answer." }),
    scopes: t.stringList({ description: `${meaning.scopes} Left out: profile and email.` }),
    emailDomains: t.stringList({ description: meaning.emailDomains }),
    joining: t.field({ type: SsoJoiningEnum, description: "Left out: INVITED." }),
    roles: t.field({ type: [InvitedRoleInput], description: meaning.roles }),
    isRequired: t.boolean({ description: meaning.isRequired }),
  }),
  payload,
});

mutation("updateSsoProvider", {
  permission: "sso-provider:write",
  description:
    "Changes what is named, and never the issuer. Turned off, its sessions end at once, client credentials that its people generated end for good, and their personal tokens open nothing until it is on again.",
  run: updateSsoProvider,
  input: (t) => ({
    id: t.field({ type: "SsoProviderId", required: true }),
    name: t.string(),
    clientId: t.string({ description: meaning.clientId }),
    clientSecret: t.string({ description: "A new one; left out, the old one stays." }),
    scopes: t.stringList({ description: meaning.scopes }),
    emailDomains: t.stringList({ description: meaning.emailDomains }),
    joining: t.field({ type: SsoJoiningEnum }),
    roles: t.field({ type: [InvitedRoleInput], description: meaning.roles }),
    isRequired: t.boolean({ description: meaning.isRequired }),
    isActive: t.boolean({ description: "False turns it off, true on again." }),
  }),
  payload,
});

mutation("deleteSsoProvider", {
  permission: "sso-provider:write",
  description:
    "Trusts a provider no more, and ends its sessions and what its people generated. Its people stay members; they get in again only if the same issuer is trusted again.",
  run: deleteSsoProvider,
  input: (t) => ({ id: t.field({ type: "SsoProviderId", required: true }) }),
  payload: deleted("deletedSsoProviderId", "SsoProviderId"),
});

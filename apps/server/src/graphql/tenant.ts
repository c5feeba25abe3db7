import {
  createTenant,
  getTenant,
  listTenants,
  ownTenant,
  resumeTenant,
  suspendTenant,
  tenantSettings,
} from "@mintmark/domain";
import { carrier, needs, signedInOnly } from "./authorise.ts";
import { builder } from "./builder.ts";
import { pageArgs, pageOf, perPage } from "./connection.ts";
import { ActivityStatus } from "./enums.ts";
import { changed, mutation, shownOnce } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import type { Outcome } from "./outcome.ts";
import { SettingsRef, TenantConnection, TenantRef } from "./refs.ts";

registerNode("tenant", "Tenant", getTenant);

TenantRef.implement({
  description: "A customer of the installation.",
  interfaces: [Node],
  ...signedInOnly,
  fields: (t) => ({
    slug: t.expose("slug", { type: "Slug" }),
    name: t.exposeString("name"),
    status: t.expose("status", { type: ActivityStatus }),
    isRoot: t.exposeBoolean("isRoot", { description: "Its system workspace manages the other tenants." }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    settings: t.field({
      ...needs("tenant-settings:read"),
      description: "The tenant's settings; null for a tenant that is not your own.",
      type: SettingsRef,
      nullable: true,
      resolve: ({ id }, _, { actor }) => tenantSettings(actor, id),
    }),
  }),
});

builder.queryFields((t) => ({
  tenant: t.field({
    ...signedInOnly,
    description: "The tenant that you work in.",
    type: TenantRef,
    resolve: (_, __, { actor }) => ownTenant(actor),
  }),
  tenants: t.field({
    ...needs("tenant:read"),
    description: "All tenants of the installation.",
    type: TenantConnection,
    nullable: true,
    args: pageArgs(t.arg),
    complexity: perPage,
    resolve: (_, args, { actor }) => listTenants(actor, pageOf(args)),
  }),
  tenantById: t.field({
    ...needs("tenant:read"),
    description: "A tenant of the installation; null when there is none that you may see.",
    type: TenantRef,
    nullable: true,
    args: { id: t.arg({ type: "TenantId", required: true }) },
    resolve: (_, { id }, { actor }) => getTenant(actor, id),
  }),
}));

/** The first client of a new tenant's admin workspace, shown once. */
const TenantAccess = builder.objectRef<Outcome>("TenantAccess");
TenantAccess.implement({
  description: "The way into a new tenant: a client of its admin workspace with the role owner. Shown once.",
  ...carrier,
  fields: (t) => ({
    tokenEndpoint: t.string({ resolve: (outcome) => shownOnce(outcome, "tokenEndpoint") ?? "" }),
    clientId: t.field({ type: "OAuthClientId", resolve: (outcome) => shownOnce(outcome, "clientId") ?? "" }),
    clientSecret: t.string({ resolve: (outcome) => shownOnce(outcome, "clientSecret") ?? "" }),
    resource: t.field({
      type: "ResourceIdentifier",
      description: "The tenant's Admin API: what to ask a token for.",
      resolve: (outcome) => shownOnce(outcome, "resource") ?? "",
    }),
    scopes: t.field({
      type: ["ScopeName"],
      resolve: (outcome) => shownOnce(outcome, "scopes")?.split(" ") ?? [],
    }),
  }),
});

mutation("createTenant", {
  permission: "tenant:create",
  description: "Creates a tenant with its admin and system workspace, and shows its first client once.",
  run: createTenant,
  showsSecret: true,
  input: (t) => ({ slug: t.field({ type: "Slug", required: true }), name: t.string({ required: true }) }),
  payload: (t) => ({
    ...changed("tenant", TenantRef, getTenant)(t),
    secret: t.field({ type: TenantAccess, nullable: true, resolve: (outcome) => outcome.secret && outcome }),
  }),
});

mutation("suspendTenant", {
  permission: "tenant:suspend",
  description: "Stops a tenant: it issues nothing, and its tokens are inactive.",
  run: suspendTenant,
  input: (t) => ({ id: t.field({ type: "TenantId", required: true }) }),
  payload: changed("tenant", TenantRef, getTenant),
});

mutation("resumeTenant", {
  permission: "tenant:suspend",
  description: "Lets a suspended tenant go on.",
  run: resumeTenant,
  input: (t) => ({ id: t.field({ type: "TenantId", required: true }) }),
  payload: changed("tenant", TenantRef, getTenant),
});

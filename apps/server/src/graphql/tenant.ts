import { getTenant, graceEnd, listTenants, ownTenant, tenantSettings } from "@mintmark/domain";
import { carrier, needs, signedInOnly } from "./authorise.ts";
import { builder } from "./builder.ts";
import { pageArgs, pageOf, perPage } from "./connection.ts";
import { ActivityStatus, TenantStateEnum } from "./enums.ts";
import { loadTenantSummary } from "./load.ts";
import { Node, registerNode } from "./node.ts";
import { SettingsRef, TenantConnection, TenantRef, TenantSummaryRef } from "./refs.ts";

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
    deletedAt: t.expose("deletedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was deleted: it is suspended since.",
    }),
    restorableUntil: t.field({
      type: "DateTime",
      nullable: true,
      description: "Until then a deleted tenant can be restored; afterwards everything it held is erased.",
      resolve: ({ deletedAt }) => deletedAt && graceEnd(deletedAt),
    }),
    workspaceLimit: t.int({
      nullable: true,
      description: "How many custom workspaces it may have at most; null is no limit.",
      resolve: ({ limits }) => limits.workspaceLimit,
    }),
    clientLimit: t.int({
      nullable: true,
      description: "How many clients it may have at most, in all workspaces together; null is no limit.",
      resolve: ({ limits }) => limits.clientLimit,
    }),
    summary: t.field({
      ...needs("tenant:read"),
      description: "How much it holds and does, for the operator of the installation; null for everybody else.",
      type: TenantSummaryRef,
      nullable: true,
      resolve: ({ id }, _, { actor }) => loadTenantSummary(actor, id),
    }),
    settings: t.field({
      ...needs("tenant-settings:read"),
      description: "The tenant's settings; null for a tenant that is not your own.",
      type: SettingsRef,
      nullable: true,
      resolve: ({ id }, _, { actor }) => tenantSettings(actor, id),
    }),
  }),
});

TenantSummaryRef.implement({
  description: "A tenant in numbers; loaded for a whole page at once.",
  ...carrier,
  fields: (t) => ({
    awaitsOwner: t.exposeBoolean("awaitsOwner", {
      description: "No person ever owned it: createTenantOwnerLink makes another link for its first owner.",
    }),
    workspaces: t.exposeInt("workspaces", {
      description: "Custom ones: each tenant has its two special ones besides.",
    }),
    clients: t.exposeInt("clients"),
    issued: t.exposeInt("issued", { description: "Tokens issued in the last 24 hours by the clock (UTC)." }),
    refused: t.exposeInt("refused", { description: "Token requests refused in the same hours." }),
  }),
});

builder.objectFields(TenantConnection, (t) => ({
  totalCount: t.int({ description: "How many there are in all pages.", resolve: (page) => page.count() }),
}));

builder.queryFields((t) => ({
  tenant: t.field({
    ...signedInOnly,
    description: "The tenant that you work in.",
    type: TenantRef,
    resolve: (_, __, { actor }) => ownTenant(actor),
  }),
  tenants: t.field({
    ...needs("tenant:read"),
    description: "All tenants of the installation, newest first; deleted ones until they are erased.",
    type: TenantConnection,
    nullable: true,
    args: {
      ...pageArgs(t.arg),
      search: t.arg.string({ description: "Part of a name or of a slug, or an id." }),
      state: t.arg({ type: TenantStateEnum }),
    },
    complexity: perPage,
    resolve: (_, args, { actor }) => listTenants(actor, pageOf(args), args),
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

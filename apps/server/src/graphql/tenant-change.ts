import {
  createTenant,
  createTenantOwnerLink,
  deleteTenant,
  getTenant,
  restoreTenant,
  resumeTenant,
  setTenantLimits,
  suspendTenant,
  updateTenant,
} from "@mintmark/domain";
import { carrier } from "./authorise.ts";
import { builder } from "./builder.ts";
import { changed, mutation, shownOnce } from "./mutation.ts";
import type { Outcome } from "./outcome.ts";
import { TenantRef } from "./refs.ts";

/** The ways into a new tenant, shown once. */
const TenantAccess = builder.objectRef<Outcome>("TenantAccess");
TenantAccess.implement({
  description:
    "The ways into a new tenant: a link for the person who will own it, and a client of its admin workspace with the role owner. Shown once.",
  ...carrier,
  fields: (t) => ({
    ownerInvite: t.string({
      description: "A link, good once and for seven days: whoever opens it becomes an owner of the tenant.",
      resolve: (outcome) => shownOnce(outcome, "ownerInvite") ?? "",
    }),
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
  description:
    "Creates a tenant with its admin and system workspace, and shows the link for its owner and its first client once.",
  run: createTenant,
  showsSecret: true,
  input: (t) => ({ slug: t.field({ type: "Slug", required: true }), name: t.string({ required: true }) }),
  payload: (t) => ({
    ...changed("tenant", TenantRef, getTenant)(t),
    secret: t.field({ type: TenantAccess, nullable: true, resolve: (outcome) => outcome.secret && outcome }),
  }),
});

mutation("createTenantOwnerLink", {
  permission: "tenant:create",
  description:
    "Makes another link for the first owner of a tenant, where the one of createTenant was lost or is over, and shows it once; the one before opens nothing then. Only while no person ever owned the tenant (summary.awaitsOwner).",
  run: createTenantOwnerLink,
  showsSecret: true,
  input: (t) => ({ id: t.field({ type: "TenantId", required: true }) }),
  payload: (t) => ({
    ...changed("tenant", TenantRef, getTenant)(t),
    secret: t.string({
      nullable: true,
      description: "The link, good once and for seven days; shown in this answer and never again.",
      resolve: (outcome) => shownOnce(outcome, "ownerInvite"),
    }),
  }),
});

mutation("updateTenant", {
  permission: "tenant:write",
  description: "Renames a tenant. Its slug and issuers never change.",
  run: updateTenant,
  input: (t) => ({ id: t.field({ type: "TenantId", required: true }), name: t.string({ required: true }) }),
  payload: changed("tenant", TenantRef, getTenant),
});

mutation("setTenantLimits", {
  permission: "tenant:write",
  description:
    "Says how much a tenant may have at most; its own people cannot change it. What is left out stays, null takes a limit away. What there is beyond a new limit stays, and nothing is added to it.",
  run: setTenantLimits,
  input: (t) => ({
    id: t.field({ type: "TenantId", required: true }),
    workspaceLimit: t.int({ description: "Custom workspaces, 1-100,000." }),
    clientLimit: t.int({ description: "Clients in all workspaces together, 1-10,000,000." }),
  }),
  payload: changed("tenant", TenantRef, getTenant),
});

mutation("suspendTenant", {
  permission: "tenant:suspend",
  description: "Stops a tenant: it issues nothing, its tokens are inactive, and its people can do nothing in it.",
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

mutation("deleteTenant", {
  permission: "tenant:delete",
  description:
    "Deletes a tenant. For seven days it is as if suspended and can be restored; then everything it held is erased, and neither its slug nor its issuers are ever given again.",
  run: deleteTenant,
  input: (t) => ({
    id: t.field({ type: "TenantId", required: true }),
    slug: t.field({
      type: "Slug",
      required: true,
      description: "Its slug once more, so that none is deleted by mistake.",
    }),
  }),
  payload: changed("tenant", TenantRef, getTenant),
});

mutation("restoreTenant", {
  permission: "tenant:delete",
  description: "Takes the deletion of a tenant back: it is again what it was before, active or suspended.",
  run: restoreTenant,
  input: (t) => ({ id: t.field({ type: "TenantId", required: true }) }),
  payload: changed("tenant", TenantRef, getTenant),
});

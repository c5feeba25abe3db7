import { type Actor, getClient, holds, ownTenant, permissionNames, permissions, signedIn } from "@mintmark/domain";
import { needs, signedInOnly } from "./authorise.ts";
import { builder } from "./builder.ts";
import { ClientRef, TenantRef } from "./refs.ts";

/** Tenant-wide: a workspace of one's own making stands for them all. */
const anywhere = { workspaceId: "", kind: "custom" } as const;

const ViewerRef = builder.objectRef<Actor>("Viewer");
ViewerRef.implement({
  description: "Who asks.",
  ...signedInOnly,
  fields: (t) => ({
    tenant: t.field({ ...signedInOnly, type: TenantRef, resolve: (actor) => ownTenant(actor) }),
    api: t.field({
      type: "String",
      description: "Which of the two APIs your token opens: ADMIN or SYSTEM.",
      resolve: ({ principal }) => (principal.kind === "client" ? principal.api.toUpperCase() : "ADMIN"),
    }),
    client: t.field({
      ...needs("client:read"),
      description: "The client whose token you use; null when you may not see clients of its workspace.",
      type: ClientRef,
      nullable: true,
      resolve: (actor) => (actor.principal.kind === "client" ? getClient(actor, actor.principal.clientId) : null),
    }),
    clientId: t.field({
      type: "ClientId",
      nullable: true,
      resolve: ({ principal }) => (principal.kind === "client" ? principal.clientId : null),
    }),
    permissions: t.field({
      type: ["ScopeName"],
      description:
        "What you may do everywhere in your tenant; a workspace's viewerPermissions add what you may do there.",
      resolve: ({ principal }) =>
        permissionNames.filter((name) =>
          holds(principal, name, (permissions[name].target === "workspace" ? anywhere : null) as never),
        ),
    }),
  }),
});

builder.queryField("viewer", (t) =>
  t.field({ ...signedInOnly, type: ViewerRef, resolve: (_, __, { actor }) => signedIn(actor) && actor }),
);

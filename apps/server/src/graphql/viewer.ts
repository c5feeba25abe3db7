import {
  type Actor,
  getClient,
  holds,
  type Membership,
  ownTenant,
  permissionNames,
  permissions,
  STEP_UP_MS,
  signedIn,
  viewerMemberships,
  viewingPerson,
} from "@mintmark/domain";
import { needs, signedInOnly } from "./authorise.ts";
import { builder } from "./builder.ts";
import { ClientRef, TenantRef } from "./refs.ts";

/** Tenant-wide: a workspace of one's own making stands for them all. */
const anywhere = { workspaceId: "", kind: "custom" } as const;

const ViewerTenantRef = builder.objectRef<Membership>("ViewerTenant");
ViewerTenantRef.implement({
  description: "A tenant that the person belongs to: name its slug in the address to work in it.",
  ...signedInOnly,
  fields: (t) => ({
    id: t.field({ type: "TenantId", resolve: ({ tenantId }) => tenantId }),
    slug: t.expose("slug", { type: "Slug" }),
    name: t.exposeString("name"),
  }),
});

export const ViewerRef = builder.objectRef<Actor>("Viewer");
ViewerRef.implement({
  description: "Who asks.",
  ...signedInOnly,
  fields: (t) => ({
    tenant: t.field({ ...signedInOnly, type: TenantRef, resolve: (actor) => ownTenant(actor) }),
    issuerOrigin: t.field({
      type: "String",
      description: "What issuers begin with on this installation; `{tenant}` in it stands for a tenant's slug.",
      resolve: ({ installation }) => installation.issuerOrigin,
    }),
    api: t.field({
      type: "String",
      nullable: true,
      description: "Which of the two APIs your token opens: ADMIN or SYSTEM. Null for a person: a session opens both.",
      resolve: ({ principal }) => (principal.kind === "client" ? principal.api.toUpperCase() : null),
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
    memberId: t.field({
      type: "MemberId",
      nullable: true,
      description: "The person who is signed in, as the tenant and its audit log know them; null for a client.",
      resolve: ({ principal }) => (principal.kind === "member" ? principal.memberId : null),
    }),
    name: t.string({
      nullable: true,
      description: "The person's name; null for a client.",
      resolve: async (actor) => (await viewingPerson(actor))?.name,
    }),
    email: t.string({
      nullable: true,
      description: "The person's e-mail address; null for a client.",
      resolve: async (actor) => (await viewingPerson(actor))?.email,
    }),
    steppedUpUntil: t.field({
      type: "DateTime",
      nullable: true,
      description: "Until when a person may do dangerous acts without proving again who they are; null for a client.",
      resolve: ({ principal }) =>
        principal.kind === "member" ? new Date(principal.authenticatedAt.getTime() + STEP_UP_MS) : null,
    }),
    tenants: t.field({
      ...signedInOnly,
      type: [ViewerTenantRef],
      description: "The tenants that the person belongs to; empty for a client.",
      resolve: async (actor) => [...(await viewerMemberships(actor))],
    }),
    serverSendsMail: t.boolean({
      description: "Whether the server sends mail: then an invitation can go by mail.",
      resolve: (_, __, { sendMail }) => sendMail !== undefined,
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

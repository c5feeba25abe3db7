import { addClientAuthority, getClientAuthority, listClientAuthorities, removeClientAuthority } from "@mintmark/domain";
import { needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { changed, deleted, mutation } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { ClientAuthorityRef, WorkspaceRef } from "./refs.ts";

registerNode("clientAuthority", "ClientAuthority", getClientAuthority);

ClientAuthorityRef.implement({
  description: "An authority that a workspace trusts to sign the certificates of its clients (tls_client_auth).",
  interfaces: [Node],
  ...needs("settings:read"),
  fields: (t) => ({
    name: t.exposeString("name"),
    subject: t.exposeString("subject"),
    fingerprint: t.exposeString("fingerprint", { description: "SHA-256, in hexadecimal." }),
    notAfter: t.expose("notAfter", { type: "DateTime" }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
  }),
});

builder.objectField(WorkspaceRef, "clientAuthorities", (t) =>
  t.field({
    ...needs("settings:read"),
    description: "Who may sign the certificates of its clients, newest first.",
    type: [ClientAuthorityRef],
    nullable: true,
    resolve: async ({ id }, _, { actor }) => {
      const all = await listClientAuthorities(actor, id);
      return all && [...all];
    },
  }),
);

mutation("addClientAuthority", {
  permission: "settings:write",
  description:
    "Has a workspace trust an authority to sign its clients' certificates. It must sign them itself: there are no certificates in between.",
  run: addClientAuthority,
  input: (t) => ({
    workspaceId: t.field({ type: "WorkspaceId", required: true }),
    name: t.string(),
    certificate: t.string({ required: true, description: "One certificate in PEM." }),
  }),
  payload: changed("clientAuthority", ClientAuthorityRef, getClientAuthority),
});

mutation("removeClientAuthority", {
  permission: "settings:write",
  description: "Trusts an authority no more: certificates that it signed are refused.",
  run: removeClientAuthority,
  input: (t) => ({ id: t.field({ type: "ClientAuthorityId", required: true }) }),
  payload: deleted("removedClientAuthorityId", "ClientAuthorityId"),
});

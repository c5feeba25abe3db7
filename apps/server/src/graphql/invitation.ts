import { type GivenRole, getInvitation, type Invitation, listInvitations, revokeInvitation } from "@mintmark/domain";
import { inviteByMail } from "../mail/invitation.ts";
import { carrier, needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { pageArgs, pageOf, perPage } from "./connection.ts";
import { loadMember, loadRole, loadWorkspace } from "./load.ts";
import { changed, mutation, shownOnce } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { InvitationConnection, InvitationRef, MemberRef, RoleRef, WorkspaceRef } from "./refs.ts";

registerNode("invitation", "Invitation", getInvitation);

export const InvitedRoleRef = builder.objectRef<GivenRole>("InvitedRole");
InvitedRoleRef.implement({
  description: "A role that a link gives to whoever uses it.",
  ...carrier,
  fields: (t) => ({
    role: t.field({
      description: "Null when it is gone: then the link gives nothing in its place.",
      type: RoleRef,
      nullable: true,
      resolve: ({ roleId }, _, { actor }) => loadRole(actor, roleId),
    }),
    everywhere: t.boolean({ resolve: ({ targetWorkspaceId }) => targetWorkspaceId === null }),
    targetWorkspace: t.field({
      description:
        "The one workspace that it counts in; null when it counts everywhere, or when you may not see that one.",
      type: WorkspaceRef,
      nullable: true,
      resolve: ({ targetWorkspaceId }, _, { actor }) =>
        targetWorkspaceId === null ? null : loadWorkspace(actor, targetWorkspaceId),
    }),
  }),
});

InvitationRef.implement({
  description: "A one-use link that makes somebody a member, or gives a member a lost account back. It was shown once.",
  interfaces: [Node],
  ...needs("invitation:read"),
  fields: (t) => ({
    email: t.expose("email", {
      type: "EmailAddress",
      nullable: true,
      description: "Whom it was made for, as its maker wrote it. Anybody may use the link.",
    }),
    member: t.field({
      ...needs("member:read"),
      description: "Whose account it gives back; null where it makes a member.",
      type: MemberRef,
      nullable: true,
      resolve: ({ memberId }, _, { actor }) => (memberId === null ? null : loadMember(actor, memberId)),
    }),
    roles: t.field({
      ...needs("invitation:read"),
      type: [InvitedRoleRef],
      complexity: { field: 1, multiplier: 4 },
      resolve: ({ roles }) => [...roles],
    }),
    rolesExpireAt: t.expose("rolesExpireAt", {
      type: "DateTime",
      nullable: true,
      description: "When the roles end; null: when they are taken back. The link ends by then as well.",
    }),
    invitedBy: t.expose("invitedBy", {
      type: "ActorId",
      nullable: true,
      description: "The member or client that made it; null for the server itself.",
    }),
    inviterName: t.exposeString("inviterName", { nullable: true, description: "Null when they are gone." }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    expiresAt: t.expose("expiresAt", { type: "DateTime" }),
    usedAt: t.expose("usedAt", { type: "DateTime", nullable: true }),
    revokedAt: t.expose("revokedAt", { type: "DateTime", nullable: true }),
  }),
});

builder.queryField("invitations", (t) =>
  t.field({
    ...needs("invitation:read"),
    description: "The links that are open, newest first.",
    type: InvitationConnection,
    nullable: true,
    args: pageArgs(t.arg),
    complexity: perPage,
    resolve: (_, args, { actor }) => listInvitations(actor, pageOf(args)),
  }),
);

export const InvitedRoleInput = builder.inputType("InvitedRoleInput", {
  fields: (t) => ({
    roleId: t.field({ type: "RoleId", required: true }),
    targetWorkspaceId: t.field({ type: "WorkspaceId", description: "The one workspace that it counts in." }),
    everywhere: t.boolean({ description: "True, and no targetWorkspaceId: it counts in every workspace." }),
  }),
});

const payload = changed<Invitation>("invitation", InvitationRef, getInvitation);

mutation("createInvitation", {
  permission: "invitation:write",
  description:
    "Makes a link that makes its user a member with these roles, once, and shows it once. Needs assignment:write too; nobody gives more than they hold, now and when the link is used.",
  run: (actor, input, { sendMail }) => inviteByMail(actor, input, sendMail),
  showsSecret: true,
  input: (t) => ({
    roles: t.field({ type: [InvitedRoleInput], required: true }),
    email: t.field({
      type: "EmailAddress",
      description: "For the list of invitations; nothing is sent there unless sendByMail says so.",
    }),
    sendByMail: t.boolean({
      description: "True: the link also goes to that address, where the server sends mail (viewer.serverSendsMail).",
    }),
    rolesExpireAt: t.field({
      type: "DateTime",
      description: "When the roles end, and the link at the latest; left out or null is never.",
    }),
    lifetimeHours: t.int({ description: "How long the link is open, 1-168; left out or null is 72." }),
  }),
  payload: (t) => ({
    ...payload(t),
    secret: t.string({
      nullable: true,
      description: "The link; shown in this answer and never again.",
      resolve: (outcome) => shownOnce(outcome, "link"),
    }),
    mailed: t.boolean({
      nullable: true,
      description: "Whether a mail left that was asked for; null where none was, and in a repeated call.",
      resolve: ({ mail }) => mail && mail.problem === undefined,
    }),
    mailProblem: t.string({
      nullable: true,
      description: "Why it did not leave. The link is good all the same.",
      resolve: ({ mail }) => mail?.problem,
    }),
  }),
});

mutation("revokeInvitation", {
  permission: "invitation:write",
  description: "Closes a link that nobody has used.",
  run: revokeInvitation,
  input: (t) => ({ id: t.field({ type: "InvitationId", required: true }) }),
  payload,
});

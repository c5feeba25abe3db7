import {
  createMemberResetLink,
  getInvitation,
  getMember,
  listMembers,
  type MemberAccount,
  removeMember,
} from "@mintmark/domain";
import { carrier, needs } from "./authorise.ts";
import { builder } from "./builder.ts";
import { pageArgs, pageOf, perPage } from "./connection.ts";
import { loadMemberAccount, loadMemberAssignments } from "./load.ts";
import { changed, deleted, mutation, shownOnce } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { AssignmentRef, InvitationRef, MemberConnection, MemberRef } from "./refs.ts";

registerNode("member", "Member", getMember);

const MemberAccountRef = builder.objectRef<MemberAccount>("MemberAccount");
MemberAccountRef.implement({
  description: "What those see of a member who look after the tenant's people.",
  ...carrier,
  fields: (t) => ({
    email: t.expose("email", { type: "EmailAddress" }),
    hasSecondFactor: t.exposeBoolean("hasSecondFactor", { description: "A passkey, or codes of an app." }),
    provider: t.exposeString("provider", {
      nullable: true,
      description:
        "The single sign-on provider that they are known by; null for somebody with an account of their own, with password and second factor.",
    }),
    lastSeenAt: t.expose("lastSeenAt", {
      type: "DateTime",
      nullable: true,
      description: "When they last worked in this tenant, to the minute; null is not yet.",
    }),
    personalTokens: t.exposeInt("personalTokens", {
      description: "Personal tokens that work now; they end with the membership.",
    }),
    ownClients: t.exposeInt("ownClients", {
      description: "Clients that their power bounds and that work now; they are disabled when the member is removed.",
    }),
  }),
});

MemberRef.implement({
  description: "A person in the tenant.",
  interfaces: [Node],
  ...needs("member:read"),
  fields: (t) => ({
    name: t.exposeString("name"),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When they joined." }),
    account: t.field({
      ...needs("member-account:read"),
      type: MemberAccountRef,
      nullable: true,
      resolve: ({ id }, _, { actor }) => loadMemberAccount(actor, id),
    }),
    assignments: t.field({
      ...needs("role:read"),
      description: "The roles that they were given and that have not ended, newest first.",
      type: [AssignmentRef],
      nullable: true,
      complexity: { field: 1, multiplier: 4 },
      resolve: async ({ id }, _, { actor }) => [...(await loadMemberAssignments(actor, id))],
    }),
  }),
});

builder.queryFields((t) => ({
  members: t.field({
    ...needs("member:read"),
    description: "The people of the tenant, newest first.",
    type: MemberConnection,
    nullable: true,
    args: {
      ...pageArgs(t.arg),
      search: t.arg.string({ description: "Part of a name, or of an e-mail address where you may see those." }),
    },
    complexity: perPage,
    resolve: (_, args, { actor }) => listMembers(actor, pageOf(args), args.search),
  }),
  member: t.field({
    ...needs("member:read"),
    description: "A person of the tenant; null when there is none that you may see.",
    type: MemberRef,
    nullable: true,
    args: { id: t.arg({ type: "MemberId", required: true }) },
    resolve: (_, { id }, { actor }) => getMember(actor, id),
  }),
}));

mutation("removeMember", {
  permission: "member:write",
  description:
    "Ends a membership at once: the person's sessions and personal tokens open nothing here any more, and clients that their power bounds are disabled.",
  run: removeMember,
  input: (t) => ({
    id: t.field({ type: "MemberId", required: true }),
    successorMemberId: t.field({
      type: "MemberId",
      description: "Whose their own clients become, with secrets to be made anew. Left out or null: nobody's.",
    }),
  }),
  payload: deleted("removedMemberId", "MemberId"),
});

mutation("createMemberResetLink", {
  permission: "member:reset",
  description:
    "Makes a link that gives a member a lost account back, good for an hour and once, and shows it once. Only for people whose every membership is in this tenant.",
  run: createMemberResetLink,
  showsSecret: true,
  input: (t) => ({ id: t.field({ type: "MemberId", required: true }) }),
  payload: (t) => ({
    ...changed("invitation", InvitationRef, getInvitation)(t),
    secret: t.string({
      nullable: true,
      description: "The link; shown in this answer and never again.",
      resolve: (outcome) => shownOnce(outcome, "link"),
    }),
  }),
});

import {
  createAssignment,
  createRole,
  deleteAssignment,
  deleteRole,
  getAssignment,
  getRole,
  listAssignments,
  scopesOfRole,
  updateRole,
} from "@mintmark/domain";
import { needs } from "./authorise.ts";
import { pageArgs, pageOf, perPage } from "./connection.ts";
import { loadClient, loadMember, loadRole, loadWorkspace } from "./load.ts";
import { changed, deleted, mutation } from "./mutation.ts";
import { Node, registerNode } from "./node.ts";
import { AssignmentConnection, AssignmentRef, ClientRef, MemberRef, RoleRef, ScopeRef, WorkspaceRef } from "./refs.ts";

registerNode("role", "Role", getRole);
registerNode("assignment", "Assignment", getAssignment);

RoleRef.implement({
  description: "A named bundle of scopes.",
  interfaces: [Node],
  ...needs("role:read"),
  fields: (t) => ({
    name: t.exposeString("name"),
    description: t.exposeString("description"),
    isBuiltIn: t.exposeBoolean("isBuiltIn", { description: "Comes with the program and stays as it is." }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    workspace: t.field({
      ...needs("workspace:read"),
      type: WorkspaceRef,
      nullable: true,
      resolve: ({ workspaceId }, _, { actor }) => loadWorkspace(actor, workspaceId),
    }),
    scopes: t.field({
      ...needs("role:read"),
      type: [ScopeRef],
      nullable: true,
      resolve: async ({ id }, _, { actor }) => [...(await scopesOfRole(actor, id))],
    }),
    assignments: t.field({
      ...needs("role:read"),
      type: AssignmentConnection,
      nullable: true,
      args: pageArgs(t.arg),
      complexity: perPage,
      resolve: ({ id }, args, { actor }) => listAssignments(actor, { roleId: id }, pageOf(args)),
    }),
  }),
});

AssignmentRef.implement({
  description: "A role given to a client or a member, in one workspace or in all of the tenant's.",
  interfaces: [Node],
  ...needs("role:read"),
  fields: (t) => ({
    role: t.field({
      ...needs("role:read"),
      type: RoleRef,
      nullable: true,
      resolve: ({ roleId }, _, { actor }) => loadRole(actor, roleId),
    }),
    client: t.field({
      ...needs("client:read"),
      type: ClientRef,
      nullable: true,
      resolve: ({ clientId }, _, { actor }) => (clientId === null ? null : loadClient(actor, clientId)),
    }),
    member: t.field({
      ...needs("member:read"),
      type: MemberRef,
      nullable: true,
      resolve: ({ memberId }, _, { actor }) => (memberId === null ? null : loadMember(actor, memberId)),
    }),
    everywhere: t.boolean({
      description: "It counts in every workspace of the tenant.",
      resolve: ({ targetWorkspaceId }) => targetWorkspaceId === null,
    }),
    targetWorkspace: t.field({
      ...needs("workspace:read"),
      description:
        "The one workspace that it counts in; null when it counts everywhere, or when you may not see that one.",
      type: WorkspaceRef,
      nullable: true,
      resolve: ({ targetWorkspaceId }, _, { actor }) =>
        targetWorkspaceId === null ? null : loadWorkspace(actor, targetWorkspaceId),
    }),
    notBefore: t.expose("notBefore", { type: "DateTime" }),
    expiresAt: t.expose("expiresAt", { type: "DateTime", nullable: true, description: "Null is never." }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
  }),
});

mutation("createRole", {
  permission: "role:write",
  description: "Creates a role of scopes of that workspace's resources.",
  run: createRole,
  input: (t) => ({
    workspaceId: t.field({ type: "WorkspaceId", required: true }),
    name: t.string({ required: true }),
    description: t.string(),
    scopeIds: t.field({ type: ["ScopeId"], required: true }),
  }),
  payload: changed("role", RoleRef, getRole),
});

mutation("updateRole", {
  permission: "role:write",
  description: "Changes a role's name, description or scopes; those who have it hold the new scopes at once.",
  run: updateRole,
  input: (t) => ({
    id: t.field({ type: "RoleId", required: true }),
    name: t.string(),
    description: t.string(),
    scopeIds: t.field({ type: ["ScopeId"] }),
  }),
  payload: changed("role", RoleRef, getRole),
});

mutation("deleteRole", {
  permission: "role:write",
  description: "Deletes a role with its assignments.",
  run: deleteRole,
  input: (t) => ({ id: t.field({ type: "RoleId", required: true }) }),
  payload: deleted("deletedRoleId", "RoleId"),
});

mutation("createAssignment", {
  permission: "assignment:write",
  description: "Gives a role to a client or a member: in one workspace, or everywhere when you say so.",
  run: createAssignment,
  input: (t) => ({
    roleId: t.field({ type: "RoleId", required: true }),
    clientId: t.field({ type: "ClientId", description: "A client of the role's workspace; or say memberId." }),
    memberId: t.field({
      type: "MemberId",
      description: "A member, for roles of the admin and the system workspace. Needs member:write.",
    }),
    targetWorkspaceId: t.field({ type: "WorkspaceId", description: "The one workspace that it counts in." }),
    everywhere: t.boolean({ description: "True, and no targetWorkspaceId: it counts in every workspace." }),
    notBefore: t.field({ type: "DateTime" }),
    expiresAt: t.field({ type: "DateTime", description: "Left out or null is never." }),
  }),
  payload: changed("assignment", AssignmentRef, getAssignment),
});

mutation("deleteAssignment", {
  permission: "assignment:write",
  description: "Takes a role back.",
  run: deleteAssignment,
  input: (t) => ({ id: t.field({ type: "AssignmentId", required: true }) }),
  payload: deleted("deletedAssignmentId", "AssignmentId"),
});

import { assignments, resources, roleScopes, roles, scopes } from "@mintmark/db/schema";
import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import {
  type Actor,
  type Answer,
  type Changed,
  change,
  mayRead,
  type Operation,
  readerOf,
  refuse,
  refuseWithoutStepUp,
} from "../change/actor.ts";
import type { Touched } from "../change/change-feed.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { newId } from "../id.ts";
import { description, id, name } from "../input.ts";
import {
  found,
  type LivingRow,
  livingRow,
  livingRows,
  livingWorkspace,
  locateRow,
  naming,
  targetOf,
} from "../living-row.ts";
import { emptyPage, newestFirst, type Page, type PageRequest, pageByAge } from "../paging.ts";
import { type Scope, scopeOf } from "../resources/scope.ts";
import { locateWorkspace } from "../tenancy/workspace-row.ts";
import { alsoNeeds, type Reach, refuseBeyondHeld } from "./escalation.ts";
import type { WorkspaceTarget } from "./permission.ts";
import { holds } from "./principal.ts";
import { refuseImitation } from "./role-name.ts";

/** A named bundle of scopes of one workspace's resources, for clients and members. */
export interface Role {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly description: string;
  /** It comes with the program and is not edited. */
  readonly isBuiltIn: boolean;
  readonly createdAt: Date;
}

const roleOf = ({ id, workspaceId, name, description, isBuiltIn, createdAt }: Role): Role => ({
  id,
  workspaceId,
  name,
  description,
  isBuiltIn,
  createdAt,
});

/** A scope as a role holds it. */
export interface HeldScope extends Scope {
  /** Of one of Mintmark's own APIs: nobody passes it on who does not hold it. */
  readonly isOwnApi: boolean;
}

/** A role's scopes, by name. */
export async function scopesIn(read: Pick<Reader, "tx" | "tenantId">, roleId: string): Promise<readonly HeldScope[]> {
  const rows = await read.tx
    .select({ scope: scopes, isOwnApi: resources.isOwnApi })
    .from(roleScopes)
    .innerJoin(scopes, and(eq(scopes.tenantId, roleScopes.tenantId), eq(scopes.id, roleScopes.scopeId)))
    .innerJoin(resources, and(eq(resources.tenantId, scopes.tenantId), eq(resources.id, scopes.resourceId)))
    .where(and(eq(roleScopes.tenantId, read.tenantId), eq(roleScopes.roleId, roleId)))
    .orderBy(asc(scopes.name), asc(scopes.id));
  return rows.map(({ scope, isOwnApi }) => ({ ...scopeOf(scope), isOwnApi }));
}

/** The names among them that only who holds them passes on. */
export const ownApiNames = (held: readonly HeldScope[]): readonly string[] =>
  held.filter((scope) => scope.isOwnApi).map((scope) => scope.name);

/** The scopes with these ids, all of that workspace and visible; any other id answers like a random one. */
async function scopesOfIds(write: Writer, workspace: WorkspaceTarget, ids: readonly string[]): Promise<HeldScope[]> {
  const rows = holds(write.principal, "resource:read", workspace) ? await livingRows(write, scopes, ids) : [];
  const byId = new Map(rows.filter((row) => row.workspaceId === workspace.workspaceId).map((row) => [row.id, row]));
  const named = ids.map((id, at) => found(byId.get(id), "scope", id, ["scopeIds", String(at)]));
  const distinct = [...new Set(named)];
  const holders = await livingRows(write, resources, [...new Set(distinct.map((scope) => scope.resourceId))]);
  const own = new Set(holders.filter((resource) => resource.isOwnApi).map((resource) => resource.id));
  return distinct.map((scope) => ({ ...scopeOf(scope), isOwnApi: own.has(scope.resourceId) }));
}

const touched = (role: Role, held: readonly HeldScope[]): Touched => ({
  kind: "role",
  id: role.id,
  workspaceId: role.workspaceId,
  body: { ...roleOf(role), scopeIds: held.map((scope) => scope.id), scopes: held.map((scope) => scope.name) },
});

const scopeIds = z.array(id).max(200, "At most 200 scopes in one call.");
const taken = (value: string) => ({
  roles_name: { code: "ALREADY_EXISTS", noun: "role", path: ["name"], value } as const,
});
const gone = { role_scopes_scope: { code: "NOT_FOUND", noun: "scope", id: "", path: ["scopeIds"] } } as const;

async function addScopes(write: Writer, role: Pick<Role, "id" | "workspaceId">, held: readonly HeldScope[]) {
  const { tenantId, tx } = write;
  const rows = held.map((scope) => ({ tenantId, workspaceId: role.workspaceId, roleId: role.id, scopeId: scope.id }));
  if (rows.length > 0) await naming(gone, tx.insert(roleScopes).values(rows).onConflictDoNothing());
}

const createInput = z.strictObject({ workspaceId: id, name, description: description.nullish(), scopeIds });
type CreateInput = z.infer<typeof createInput>;

async function insertRole(write: Writer, input: CreateInput): Promise<Changed> {
  const { tenantId, tx, now } = write;
  const { workspaceId, name } = input;
  const workspace = found(await livingWorkspace(write, workspaceId), "workspace", workspaceId, ["workspaceId"]);
  refuseImitation(name, workspace.kind);
  const held = await scopesOfIds(write, workspace, input.scopeIds);
  refuseBeyondHeld(write, ownApiNames(held), "all");
  const words = { name, description: input.description ?? "", isBuiltIn: false };
  const role = { workspaceId, id: newId("role"), ...words, createdAt: now };
  await naming(taken(name), tx.insert(roles).values({ tenantId, ...role }));
  await addScopes(write, role, held);
  const event = { type: "role.created", roleId: role.id, name } as const;
  return { id: role.id, event, workspaceId, touched: [touched(role, held)] };
}

const CreateRole: Operation<CreateInput, "role:write"> = {
  mutation: "createRole",
  permission: "role:write",
  input: createInput,
  locate: (read, input) => locateWorkspace(read, input.workspaceId, ["workspaceId"]),
  run: insertRole,
};

const locate = (read: Reader, input: { readonly id: string }) => locateRow(read, roles, "role", input.id, ["id"]);
const isRole = (write: Writer, id: string) => and(eq(roles.tenantId, write.tenantId), eq(roles.id, id));

async function editableRole(write: Writer, roleId: string): Promise<LivingRow<typeof roles>> {
  const role = found(await livingRow(write, roles, roleId, "lock"), "role", roleId, ["id"]);
  if (role.isBuiltIn)
    refuse({
      code: "PROTECTED",
      noun: "role",
      what: `The role ${role.name} is built in.`,
      mend: "Create a role of your own with the scopes you want.",
    });
  return role;
}

/** Where a role's holders have it: what is added to the role, they get there. */
async function reachesOf(write: Writer, roleId: string): Promise<readonly Reach[]> {
  const rows = await write.tx
    .selectDistinct({ target: assignments.targetWorkspaceId })
    .from(assignments)
    .where(and(eq(assignments.tenantId, write.tenantId), eq(assignments.roleId, roleId)));
  const reaches = rows.map(({ target }) => (target === null ? "all" : livingWorkspace(write, target)));
  return (await Promise.all(reaches)).filter((reach) => reach !== undefined);
}

/**
 * Changing a role changes all who have it: as if each were given these scopes, or they were taken from each.
 *
 * @throws Refusal
 */
async function refuseMoving(write: Writer, role: LivingRow<typeof roles>, moved: readonly HeldScope[]) {
  if (moved.length === 0) return;
  const names = ownApiNames(moved);
  refuseBeyondHeld(write, names, "all");
  const reaches = await reachesOf(write, role.id);
  for (const reach of reaches) refuseBeyondHeld(write, names, reach);
  if (reaches.length > 0) alsoNeeds(write, "client-grant:write", targetOf(role));
  // Whoever has the role administers the tenant, and outlives the session that changed them.
  if (reaches.length > 0 && names.length > 0) refuseWithoutStepUp(write);
}

async function replaceScopes(write: Writer, role: LivingRow<typeof roles>, ids: readonly string[]) {
  const before = await scopesIn(write, role.id);
  const held = await scopesOfIds(write, targetOf(role), ids);
  const lacks = (scopes: readonly HeldScope[]) => (one: HeldScope) => scopes.every((scope) => scope.id !== one.id);
  await refuseMoving(write, role, [...held.filter(lacks(before)), ...before.filter(lacks(held))]);
  const isOfRole = and(eq(roleScopes.tenantId, write.tenantId), eq(roleScopes.roleId, role.id));
  await write.tx.delete(roleScopes).where(isOfRole);
  await addScopes(write, role, held);
  return held;
}

/** Another name makes the same holders look like something else: it needs what editing their role needs. */
async function refuseRenaming(write: Writer, role: LivingRow<typeof roles>, name: string): Promise<void> {
  refuseImitation(name, role.kind);
  if ((await reachesOf(write, role.id)).length > 0) await refuseMoving(write, role, await scopesIn(write, role.id));
}

const updateInput = z.strictObject({
  id,
  name: name.nullish(),
  description: description.nullish(),
  scopeIds: scopeIds.nullish(),
});

const UpdateRole: Operation<z.infer<typeof updateInput>, "role:write"> = {
  mutation: "updateRole",
  permission: "role:write",
  input: updateInput,
  locate,
  async run(write, input) {
    const before = await editableRole(write, input.id);
    const words = { name: input.name ?? before.name, description: input.description ?? before.description };
    if (words.name !== before.name) await refuseRenaming(write, before, words.name);
    await naming(taken(words.name), write.tx.update(roles).set(words).where(isRole(write, before.id)));
    const held = input.scopeIds ? await replaceScopes(write, before, input.scopeIds) : await scopesIn(write, before.id);
    const { id, workspaceId } = before;
    const event = { type: "role.updated", roleId: id, name: words.name } as const;
    return { id, event, workspaceId, touched: [touched({ ...before, ...words }, held)] };
  },
};

const deleteInput = z.strictObject({ id });

const DeleteRole: Operation<z.infer<typeof deleteInput>, "role:write"> = {
  mutation: "deleteRole",
  permission: "role:write",
  input: deleteInput,
  locate,
  async run(write, input) {
    const role = await editableRole(write, input.id);
    const { id, name, workspaceId } = role;
    await refuseMoving(write, role, await scopesIn(write, id));
    // Its assignments go with it; for history, the role's end is theirs.
    await write.tx.delete(roles).where(isRole(write, id));
    const event = { type: "role.deleted", roleId: id, name } as const;
    return { id, event, workspaceId, touched: [{ kind: "role", id, workspaceId, body: null }] };
  },
};

/** Creates a role with scopes of its workspace, none of Mintmark's own beyond what the actor holds. */
export const createRole = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, CreateRole, raw);
/** Changes a role; changing the name or the scopes of one that somebody has also needs client-grant:write. */
export const updateRole = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, UpdateRole, raw);
/** Deletes a role; who had it has it no longer. One that somebody has also needs client-grant:write. */
export const deleteRole = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, DeleteRole, raw);

/** Each role that is there and may be seen, in the order of the ids. */
export async function getRoles(actor: Actor, ids: readonly string[]): Promise<readonly (Role | undefined)[]> {
  const rows = await livingRows(readerOf(actor), roles, ids);
  const visible = rows.filter((row) => mayRead(actor, "role:read", targetOf(row)));
  const byId = new Map(visible.map((row) => [row.id, roleOf(row)]));
  return ids.map((id) => byId.get(id));
}

export async function getRole(actor: Actor, id: string): Promise<Role | undefined> {
  const [role] = await getRoles(actor, [id]);
  return role;
}

/** A role's scopes, by name; empty where the role may not be seen. */
export async function scopesOfRole(actor: Actor, roleId: string): Promise<readonly Scope[]> {
  const read = readerOf(actor);
  const role = await livingRow(read, roles, roleId);
  if (!role || !mayRead(actor, "role:read", targetOf(role))) return [];
  return (await scopesIn(read, roleId)).map(scopeOf);
}

/** A workspace's roles, newest first; empty where they may not be seen. */
export async function listRoles(actor: Actor, workspaceId: string, page: PageRequest): Promise<Page<Role>> {
  const cut = newestFirst(roles, page);
  const read = readerOf(actor);
  const workspace = await livingWorkspace(read, workspaceId);
  if (!workspace || !mayRead(actor, "role:read", workspace)) return emptyPage;
  const inWorkspace = and(eq(roles.tenantId, read.tenantId), eq(roles.workspaceId, workspaceId));
  const rows = await read.tx
    .select()
    .from(roles)
    .where(and(inWorkspace, cut.after))
    .orderBy(...cut.orderBy)
    .limit(cut.limit);
  return pageByAge(rows.map(roleOf), cut);
}

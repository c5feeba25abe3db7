import { assignments, clients, roles } from "@mintmark/db/schema";
import { and, desc, eq, gt, inArray, isNull, lt, or, type SQL } from "drizzle-orm";
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
import type { Writer } from "../change/handle.ts";
import { refuseOwned } from "../clients/client-row.ts";
import { newId } from "../id.ts";
import { futureInstant, id, instant } from "../input.ts";
import { found, livingRow, livingWorkspace, locateRow, naming, targetOf } from "../living-row.ts";
import { emptyPage, newestFirst, type Page, type PageRequest, pageByAge } from "../paging.ts";
import { refuseLastOwner } from "../people/last-owner.ts";
import { lockedMember } from "../people/member-row.ts";
import { alsoNeeds, type Reach } from "./escalation.ts";
import {
  lockedRole,
  type RoleRow,
  reachForMember,
  reachOf,
  refuseStrongerRole,
  saysWhere,
  type WantedRole,
  whereMissing,
} from "./given-role.ts";
import { anyWorkspace } from "./permission.ts";
import { isUnexpiredAt } from "./powers.ts";
import { holds, makesOwner } from "./principal.ts";

/** A role given to one client or one member. */
export interface Assignment {
  readonly id: string;
  /** The role's workspace; a client's is the same. */
  readonly workspaceId: string;
  readonly roleId: string;
  readonly clientId: string | null;
  readonly memberId: string | null;
  /** Where it counts; null is ALL workspaces of the tenant. */
  readonly targetWorkspaceId: string | null;
  readonly notBefore: Date;
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
}

const assignmentOf = (row: Assignment): Assignment => ({
  id: row.id,
  workspaceId: row.workspaceId,
  roleId: row.roleId,
  clientId: row.clientId,
  memberId: row.memberId,
  targetWorkspaceId: row.targetWorkspaceId,
  notBefore: row.notBefore,
  expiresAt: row.expiresAt,
  createdAt: row.createdAt,
});

const touched = (row: Assignment): Touched => ({
  kind: "assignment",
  id: row.id,
  workspaceId: row.workspaceId,
  clientId: row.clientId ?? undefined,
  memberId: row.memberId ?? undefined,
  body: { ...assignmentOf(row) },
});

const createInput = z
  .strictObject({
    roleId: id,
    clientId: id.nullish(),
    memberId: id.nullish(),
    targetWorkspaceId: id.nullish(),
    everywhere: z.boolean().nullish(),
    notBefore: instant.nullish(),
    expiresAt: futureInstant.nullish(),
  })
  .refine((input) => (input.clientId == null) !== (input.memberId == null), {
    message: "Say who gets the role: either one clientId, or one memberId.",
    path: ["clientId"],
  })
  .refine(saysWhere, whereMissing)
  .refine((input) => !input.notBefore || !input.expiresAt || input.notBefore < input.expiresAt, {
    message: "The assignment would end before it begins.",
    path: ["expiresAt"],
  });
type CreateInput = z.infer<typeof createInput>;

/** Who gets a role, and where it will count. */
interface Receiving {
  readonly clientId: string | null;
  readonly memberId: string | null;
  readonly reach: Reach;
}

/** A client, where it lies in the role's workspace and may be seen. */
async function receivingClient(write: Writer, role: RoleRow, clientId: string, wanted: WantedRole): Promise<Receiving> {
  const client = await livingRow(write, clients, clientId, "lock");
  const isThere = client?.workspaceId === role.workspaceId;
  const isSeen = isThere && holds(write.principal, "client:read", targetOf(role));
  refuseOwned(found(isSeen ? client : undefined, "client", clientId, ["clientId"]));
  alsoNeeds(write, "client-grant:write", targetOf(role));
  const reach = await reachOf(write, role, wanted.targetWorkspaceId);
  await refuseStrongerRole(write, role, reach);
  return { clientId, memberId: null, reach };
}

async function receivingMember(write: Writer, role: RoleRow, memberId: string, wanted: WantedRole): Promise<Receiving> {
  await lockedMember(write, memberId, ["memberId"]);
  alsoNeeds(write, "member:write", null);
  return { clientId: null, memberId, reach: await reachForMember(write, role, wanted) };
}

type AssignmentRow = typeof assignments.$inferSelect;

/** Two of one kind at one time: taking one back would look like taking the role back. */
async function refuseSecond(write: Writer, row: AssignmentRow, role: RoleRow): Promise<void> {
  const { tenantId, roleId, notBefore, expiresAt, targetWorkspaceId: target } = row;
  const isSame = and(
    eq(assignments.tenantId, tenantId),
    eq(assignments.roleId, roleId),
    row.clientId === null ? eq(assignments.memberId, row.memberId ?? "") : eq(assignments.clientId, row.clientId),
    target === null ? eq(assignments.targetAll, true) : eq(assignments.targetWorkspaceId, target),
  );
  const endsLater = or(isNull(assignments.expiresAt), gt(assignments.expiresAt, notBefore));
  const beginsBefore = expiresAt ? lt(assignments.notBefore, expiresAt) : undefined;
  const [other] = await write.tx
    .select({ id: assignments.id })
    .from(assignments)
    .where(and(isSame, endsLater, beginsBefore))
    .limit(1);
  if (other)
    refuse({ code: "ALREADY_EXISTS", noun: "assignment", path: ["roleId"], value: `of the role ${role.name}` });
}

async function insertAssignment(write: Writer, input: CreateInput): Promise<Changed> {
  const { tenantId, tx, now } = write;
  const role = await lockedRole(write, input.roleId, []);
  const { clientId, memberId, reach } =
    input.memberId == null
      ? await receivingClient(write, role, input.clientId ?? "", input)
      : await receivingMember(write, role, input.memberId, input);
  // Whoever administers the tenant outlives the session that raised them.
  if (role.kind !== "custom") refuseWithoutStepUp(write);
  const row = {
    tenantId,
    workspaceId: role.workspaceId,
    id: newId("assignment"),
    roleId: role.id,
    clientId,
    memberId,
    targetAll: reach === "all",
    targetWorkspaceId: reach === "all" ? null : reach.workspaceId,
    notBefore: input.notBefore ?? now,
    expiresAt: input.expiresAt ?? null,
    createdAt: now,
  };
  await refuseSecond(write, row, role);
  const gone = { code: "NOT_FOUND", noun: "role", id: role.id, path: ["roleId"] } as const;
  await naming({ assignments_role: gone }, tx.insert(assignments).values(row));
  return {
    id: row.id,
    event: eventOf("assignment.created", row),
    workspaceId: row.workspaceId,
    touched: [touched(row)],
  };
}

const eventOf = <T extends "assignment.created" | "assignment.deleted">(type: T, row: Assignment) => ({
  type,
  assignmentId: row.id,
  roleId: row.roleId,
  subject: row.clientId ?? row.memberId ?? "",
  target: row.targetWorkspaceId ?? "all",
});

const CreateAssignment: Operation<CreateInput, "assignment:write"> = {
  mutation: "createAssignment",
  permission: "assignment:write",
  input: createInput,
  locate: (read, input) => locateRow(read, roles, "role", input.roleId, ["roleId"]),
  run: insertAssignment,
};

const deleteInput = z.strictObject({ id });

const DeleteAssignment: Operation<z.infer<typeof deleteInput>, "assignment:write"> = {
  mutation: "deleteAssignment",
  permission: "assignment:write",
  input: deleteInput,
  locate: (read, input) => locateRow(read, assignments, "assignment", input.id, ["id"]),
  async run(write, input) {
    const row = found(await livingRow(write, assignments, input.id, "lock"), "assignment", input.id, ["id"]);
    const { id, workspaceId, targetWorkspaceId: target } = row;
    const role = found(await livingRow(write, roles, row.roleId), "assignment", id, ["id"]);
    if (row.clientId !== null) alsoNeeds(write, "client-grant:write", targetOf(role));
    if (row.memberId !== null) alsoNeeds(write, "member:write", null);
    const reach = target === null ? "all" : await livingWorkspace(write, target);
    if (reach) await refuseStrongerRole(write, role, reach);
    if (makesOwner(role)) await refuseLastOwner(write, { assignmentId: id });
    await write.tx.delete(assignments).where(and(eq(assignments.tenantId, write.tenantId), eq(assignments.id, id)));
    const gone = { ...touched(row), body: null };
    return { id, event: eventOf("assignment.deleted", row), workspaceId, touched: [gone] };
  },
};

/**
 * Gives a client a role of its workspace, or a member a role of a special one. Needs assignment:write there, and
 * client-grant:write there or member:write; nobody gives more than they hold where the role will count, and only owners
 * make owners.
 */
export const createAssignment = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, CreateAssignment, raw);
/** Takes a role back. The tenant's last owner stays (LAST_OWNER). */
export const deleteAssignment = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, DeleteAssignment, raw);

export async function getAssignment(actor: Actor, id: string): Promise<Assignment | undefined> {
  const row = await livingRow(readerOf(actor), assignments, id);
  return row && mayRead(actor, "role:read", targetOf(row)) ? assignmentOf(row) : undefined;
}

/**
 * What each of those members was given and has not ended, newest first, in the order of the ids; empty where roles, or
 * members, may not be seen.
 */
export async function assignmentsOfMembers(
  actor: Actor,
  ids: readonly string[],
): Promise<readonly (readonly Assignment[])[]> {
  const { tx, tenantId, now } = readerOf(actor);
  const isSeen = mayRead(actor, "member:read", null) && mayRead(actor, "role:read", anyWorkspace);
  if (!isSeen || ids.length === 0) return ids.map(() => []);
  const isTheirs = and(eq(assignments.tenantId, tenantId), inArray(assignments.memberId, [...ids]));
  const rows = await tx
    .select()
    .from(assignments)
    .where(and(isTheirs, isUnexpiredAt(now)))
    .orderBy(desc(assignments.createdAt), desc(assignments.id));
  return ids.map((id) => rows.filter((row) => row.memberId === id).map(assignmentOf));
}

/** Whose assignments: those of one client, or those of one role. */
export type AssignmentFilter = { readonly clientId: string } | { readonly roleId: string };

/** Assignments, newest first; empty where they, or the client asked about, may not be seen. */
export async function listAssignments(
  actor: Actor,
  filter: AssignmentFilter,
  page: PageRequest,
): Promise<Page<Assignment>> {
  const cut = newestFirst(assignments, page);
  const isOfParent = await visibleParent(actor, filter);
  if (!isOfParent) return emptyPage;
  const read = readerOf(actor);
  const rows = await read.tx
    .select()
    .from(assignments)
    .where(and(eq(assignments.tenantId, read.tenantId), isOfParent, cut.after))
    .orderBy(...cut.orderBy)
    .limit(cut.limit);
  return pageByAge(rows.map(assignmentOf), cut);
}

async function visibleParent(actor: Actor, filter: AssignmentFilter): Promise<SQL | undefined> {
  const read = readerOf(actor);
  if ("roleId" in filter) {
    const role = await livingRow(read, roles, filter.roleId);
    return role && mayRead(actor, "role:read", targetOf(role)) ? eq(assignments.roleId, role.id) : undefined;
  }
  const client = await livingRow(read, clients, filter.clientId);
  const isSeen =
    client && mayRead(actor, "client:read", targetOf(client)) && mayRead(actor, "role:read", targetOf(client));
  return isSeen ? eq(assignments.clientId, client.id) : undefined;
}

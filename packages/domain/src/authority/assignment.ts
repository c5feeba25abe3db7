import { assignments, clients, roles } from "@mintmark/db/schema";
import { and, eq, gt, isNull, lt, or, type SQL } from "drizzle-orm";
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
import { newId } from "../id.ts";
import { futureInstant, id, instant } from "../input.ts";
import { found, type LivingRow, livingRow, livingWorkspace, locateRow, naming, targetOf } from "../living-row.ts";
import { emptyPage, newestFirst, type Page, type PageRequest, pageByAge } from "../paging.ts";
import { refuseLastOwner } from "../people/last-owner.ts";
import { alsoNeeds, type Reach, refuseBeyondHeld, refuseUnlessOwner } from "./escalation.ts";
import { holds, makesOwner } from "./principal.ts";
import { ownApiNames, scopesIn } from "./role.ts";

/** A role given to one client or one member. */
export interface Assignment {
  readonly id: string;
  /** The role's workspace, which is the client's too. */
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
  body: { ...assignmentOf(row) },
});

const createInput = z
  .strictObject({
    roleId: id,
    clientId: id,
    targetWorkspaceId: id.nullish(),
    everywhere: z.boolean().nullish(),
    notBefore: instant.nullish(),
    expiresAt: futureInstant.nullish(),
  })
  .refine((input) => (input.targetWorkspaceId == null) === (input.everywhere === true), {
    message: "Say where the role counts: either one targetWorkspaceId, or everywhere: true.",
    path: ["targetWorkspaceId"],
  })
  .refine((input) => !input.notBefore || !input.expiresAt || input.notBefore < input.expiresAt, {
    message: "The assignment would end before it begins.",
    path: ["expiresAt"],
  });
type CreateInput = z.infer<typeof createInput>;
type RoleRow = LivingRow<typeof roles>;

const badTarget = (problem: string, mend: string) =>
  refuse({ code: "INVALID_INPUT", path: ["targetWorkspaceId"], problem, mend });

/** Where the role will count. Roles of custom workspaces count only there, roles of the system workspace everywhere. */
async function reachOf(write: Writer, role: RoleRow, target: string | null): Promise<Reach> {
  const path = ["targetWorkspaceId"];
  const workspace = target === null ? undefined : await livingWorkspace(write, target);
  const isSeen = workspace && holds(write.principal, "workspace:read", workspace);
  const reach = target === null ? "all" : found(isSeen ? workspace : undefined, "workspace", target, path);
  if (role.kind === "system" && reach !== "all")
    badTarget("A role of the system workspace is about the whole tenant.", "Give it with everywhere: true.");
  if (role.kind === "custom" && (reach === "all" || reach.workspaceId !== role.workspaceId))
    badTarget("A role of this workspace counts only in this workspace.", "Name the role's own workspace as target.");
  return reach;
}

/** The client, where it lies in the role's workspace and may be seen. */
async function assignee(write: Writer, role: RoleRow, clientId: string) {
  const client = await livingRow(write, clients, clientId, "lock");
  const isThere = client?.workspaceId === role.workspaceId;
  const isSeen = isThere && holds(write.principal, "client:read", targetOf(role));
  return found(isSeen ? client : undefined, "client", clientId, ["clientId"]);
}

/** Nobody gives, or takes, a role that can do more than they can where it counts. @throws Refusal MORE_THAN_HELD */
async function refuseStrongerRole(write: Writer, role: RoleRow, reach: Reach): Promise<void> {
  if (makesOwner(role)) {
    refuseUnlessOwner(write);
    refuseWithoutStepUp(write);
  }
  refuseBeyondHeld(write, ownApiNames(await scopesIn(write, role.id)), reach);
}

type AssignmentRow = typeof assignments.$inferSelect;

/** Two of one kind at one time: taking one back would look like taking the role back. */
async function refuseSecond(write: Writer, row: AssignmentRow, role: RoleRow): Promise<void> {
  const { tenantId, roleId, notBefore, expiresAt, targetWorkspaceId: target } = row;
  const isSame = and(
    eq(assignments.tenantId, tenantId),
    eq(assignments.roleId, roleId),
    eq(assignments.clientId, row.clientId ?? ""),
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
  // Locked, so that it is not widened between the decision and the insert.
  const role = found(await livingRow(write, roles, input.roleId, "lock"), "role", input.roleId, ["roleId"]);
  const client = await assignee(write, role, input.clientId);
  alsoNeeds(write, "client-grant:write", targetOf(role));
  const reach = await reachOf(write, role, input.targetWorkspaceId ?? null);
  await refuseStrongerRole(write, role, reach);
  // A client that administers the tenant outlives the session that raised it.
  if (role.kind !== "custom") refuseWithoutStepUp(write);
  const row = {
    tenantId,
    workspaceId: role.workspaceId,
    id: newId("assignment"),
    roleId: role.id,
    clientId: client.id,
    memberId: null,
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
    const reach = target === null ? "all" : await livingWorkspace(write, target);
    if (reach) await refuseStrongerRole(write, role, reach);
    if (makesOwner(role)) await refuseLastOwner(write, { assignmentId: id });
    await write.tx.delete(assignments).where(and(eq(assignments.tenantId, write.tenantId), eq(assignments.id, id)));
    const gone = { kind: "assignment", id, workspaceId, clientId: row.clientId ?? undefined, body: null };
    return { id, event: eventOf("assignment.deleted", row), workspaceId, touched: [gone] };
  },
};

/**
 * Gives a client a role of its workspace. Needs assignment:write and client-grant:write there; nobody gives more than
 * they hold where the role will count, and only owners make owners.
 */
export const createAssignment = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, CreateAssignment, raw);
/** Takes a role back. The tenant's last owner stays (LAST_OWNER). */
export const deleteAssignment = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, DeleteAssignment, raw);

export async function getAssignment(actor: Actor, id: string): Promise<Assignment | undefined> {
  const row = await livingRow(readerOf(actor), assignments, id);
  return row && mayRead(actor, "role:read", targetOf(row)) ? assignmentOf(row) : undefined;
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

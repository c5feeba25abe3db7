import { roles } from "@mintmark/db/schema";
import { refuse, refuseWithoutStepUp } from "../change/actor.ts";
import type { Writer } from "../change/handle.ts";
import { found, type LivingRow, livingRow, livingWorkspace, targetOf } from "../living-row.ts";
import { alsoNeeds, type Reach, refuseBeyondHeld, refuseUnlessOwner } from "./escalation.ts";
import { holds, makesOwner } from "./principal.ts";
import { ownApiNames, scopesIn } from "./role.ts";

export type RoleRow = LivingRow<typeof roles>;

/** A role as somebody wants to give it: in one workspace, or everywhere. */
export interface WantedRole {
  readonly roleId: string;
  readonly targetWorkspaceId?: string | null | undefined;
  readonly everywhere?: boolean | null | undefined;
}

/** Where a role counts is always said: leaving it out is not "everywhere". */
export const saysWhere = ({ targetWorkspaceId, everywhere }: WantedRole): boolean =>
  (targetWorkspaceId == null) === (everywhere === true);

export const whereMissing = {
  message: "Say where the role counts: either one targetWorkspaceId, or everywhere: true.",
  path: ["targetWorkspaceId"],
};

/** The role, locked, so that it is not widened between the decision and the insert. @throws Refusal NOT_FOUND */
export async function lockedRole(write: Writer, roleId: string, path: readonly string[]): Promise<RoleRow> {
  const role = await livingRow(write, roles, roleId, "lock");
  const isSeen = role && holds(write.principal, "role:read", targetOf(role));
  return found(isSeen ? role : undefined, "role", roleId, [...path, "roleId"]);
}

/**
 * Where the role will count. Roles of custom workspaces count only there, roles of the system workspace everywhere.
 *
 * @param path where the role's own members stand in the input
 * @throws Refusal NOT_FOUND, INVALID_INPUT
 */
export async function reachOf(
  write: Writer,
  role: RoleRow,
  target: string | null | undefined,
  path: readonly string[] = [],
): Promise<Reach> {
  const place = [...path, "targetWorkspaceId"];
  const badTarget = (problem: string, mend: string) => refuse({ code: "INVALID_INPUT", path: place, problem, mend });
  const workspace = target == null ? undefined : await livingWorkspace(write, target);
  const isSeen = workspace && holds(write.principal, "workspace:read", workspace);
  const reach = target == null ? "all" : found(isSeen ? workspace : undefined, "workspace", target, place);
  if (role.kind === "system" && reach !== "all")
    badTarget("A role of the system workspace is about the whole tenant.", "Give it with everywhere: true.");
  if (role.kind === "custom" && (reach === "all" || reach.workspaceId !== role.workspaceId))
    badTarget("A role of this workspace counts only in this workspace.", "Name the role's own workspace as target.");
  return reach;
}

/** Nobody gives, or takes, a role that can do more than they can where it counts. @throws Refusal MORE_THAN_HELD */
export async function refuseStrongerRole(write: Writer, role: RoleRow, reach: Reach): Promise<void> {
  if (makesOwner(role)) {
    refuseUnlessOwner(write);
    refuseWithoutStepUp(write);
  }
  refuseBeyondHeld(write, ownApiNames(await scopesIn(write, role.id)), reach);
}

/**
 * Decides whether the actor may give a person this role there. Roles of custom workspaces name scopes of customers' APIs,
 * which no person calls; the contents of the special workspaces are opened by owners alone.
 *
 * @throws Refusal NOT_FOUND, INVALID_INPUT, FORBIDDEN, MORE_THAN_HELD
 */
export async function reachForMember(
  write: Writer,
  role: RoleRow,
  wanted: WantedRole,
  path: readonly string[] = [],
): Promise<Reach> {
  if (role.kind === "custom")
    refuse({
      code: "INVALID_INPUT",
      path: [...path, "roleId"],
      problem: "A role of a custom workspace is for its clients: its scopes open APIs that people do not call.",
      mend: "Choose a role of the admin workspace, and name the workspace where it counts.",
    });
  alsoNeeds(write, "assignment:write", targetOf(role));
  const reach = await reachOf(write, role, wanted.targetWorkspaceId, path);
  if (reach !== "all" && reach.kind !== "custom") refuseUnlessOwner(write);
  await refuseStrongerRole(write, role, reach);
  return reach;
}

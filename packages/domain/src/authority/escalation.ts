import { type Actor, refuse } from "../change/actor.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { Refusal } from "../failure.ts";
import { findWorkspace } from "../tenancy/workspace-row.ts";
import type { Permission, TargetOf, WorkspaceTarget } from "./permission.ts";
import { isUnexpiredAt, powersOfClient, powersOfMember } from "./powers.ts";
import { authorise, mayMakeOwners, notHeld, type Power } from "./principal.ts";

/** Where a power that is passed on reaches. */
export type Reach = WorkspaceTarget | "all";

/** Refuses to pass on scopes of Mintmark's own APIs that the actor does not hold there. @throws Refusal MORE_THAN_HELD */
export function refuseBeyondHeld(write: Writer, ownApiScopes: readonly string[], reach: Reach): void {
  const lacking = notHeld(write.principal, ownApiScopes, reach);
  if (lacking.length > 0) throw new Refusal({ code: "MORE_THAN_HELD", scopes: lacking });
}

/** How a refusal names what only an owner gives. */
const OWNER = "the role owner";

/** Only an owner makes an owner, or unmakes one. @throws Refusal MORE_THAN_HELD */
export function refuseUnlessOwner(write: Writer): void {
  if (!mayMakeOwners(write.principal)) refuse({ code: "MORE_THAN_HELD", scopes: [OWNER] });
}

/** Decides a second permission that a change needs. @throws Refusal */
export function alsoNeeds<P extends Permission>(
  { principal }: Writer | Actor,
  permission: P,
  target: TargetOf<P>,
): void {
  const failure = authorise(principal, permission, target);
  if (failure) throw new Refusal(failure);
}

/** Where a power reaches; undefined when that workspace was deleted. */
async function reachOf({ tx, tenantId }: Pick<Reader, "tx" | "tenantId">, target: string): Promise<Reach | undefined> {
  if (target === "all") return "all";
  const workspace = await findWorkspace(tx, tenantId, target);
  return workspace && { workspaceId: target, kind: workspace.kind };
}

/**
 * Refuses to touch a client that can do more than the actor: with a secret of it the actor would be it. Counts what
 * the client holds now and what it will hold, each power where it reaches; clients of custom workspaces hold none.
 *
 * @throws Refusal MORE_THAN_HELD
 */
export async function refuseStrongerClient(
  write: Writer,
  client: { readonly id: string; readonly kind: WorkspaceTarget["kind"] },
): Promise<void> {
  if (client.kind === "custom" || write.principal.kind === "cli") return;
  await refuseStronger(write, await powersOfClient(write.tx, write.tenantId, client.id, write.now, isUnexpiredAt));
}

/**
 * Refuses to remove, or to open the account of, a member who can do more than the actor, now or later.
 *
 * @throws Refusal MORE_THAN_HELD
 */
export async function refuseStrongerMember(write: Writer, memberId: string): Promise<void> {
  if (write.principal.kind === "cli") return;
  await refuseStronger(write, await powersOfMember(write.tx, write.tenantId, memberId, isUnexpiredAt(write.now)));
}

async function refuseStronger(write: Writer, powers: readonly Power[]): Promise<void> {
  const lacking = await lackingOf(write, powers);
  if (lacking.length > 0) throw new Refusal({ code: "MORE_THAN_HELD", scopes: lacking });
}

/** Which of these powers somebody does not hold, each where it reaches; empty where they hold all of them. */
export async function lackingOf(
  by: Pick<Reader, "tx" | "tenantId" | "principal">,
  powers: readonly Power[],
): Promise<readonly string[]> {
  if (powers.some((power) => power.builtInRole === "owner") && !mayMakeOwners(by.principal)) return [OWNER];
  const lacking = new Set<string>();
  for (const { scopes, target } of powers) {
    const reach = await reachOf(by, target);
    for (const scope of reach ? notHeld(by.principal, [...scopes], reach) : []) lacking.add(scope);
  }
  return [...lacking].sort();
}

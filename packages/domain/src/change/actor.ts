import { isRetryable } from "@mintmark/db";
import type { ZodType } from "zod";
import { type Permission, permissions, type TargetOf } from "../authority/permission.ts";
import { renewedPrincipal } from "../authority/powers.ts";
import { authorise, holds, nameOf, needsStepUp, type Principal, type SignedIn } from "../authority/principal.ts";
import { type Failure, Refusal } from "../failure.ts";
import { type Noun, newCorrelationId } from "../id.ts";
import { parseInput } from "../input.ts";
import { ownersToAsk } from "../people/gatekeepers.ts";
import { inTurn } from "../turns.ts";
import { type AuditContext, adminWorkspaceOf, writeAudit } from "./audit.ts";
import type { AuditEvent } from "./audit-event.ts";
import { appendToFeed, lockShards, type Touched } from "./change-feed.ts";
import type { Installation, Reader, Writer } from "./handle.ts";
import { claimMutationId, keepAnswer } from "./idempotency.ts";
import { recordRefusal } from "./refused-act.ts";

/** What a change must give back. */
export interface Changed {
  /** The id of the thing the mutation is about; its answer is loaded by it. */
  readonly id: string;
  readonly event: AuditEvent;
  /** The chain that keeps the event; tenant-wide acts (`null`) are in the admin workspace's. */
  readonly workspaceId: string | null;
  readonly touched: readonly Touched[];
  /** Another tenant that the change was made in (tenant management): audited in both. */
  readonly visitedTenantId?: string;
  /** Other tenants that the same person belongs to, and that it changed too: told in theirs, under their member id there. */
  readonly elsewhere?: readonly Elsewhere[];
  /** Values shown once in this answer, and kept nowhere. */
  readonly secret?: ShownOnce;
}

interface Elsewhere extends Pick<Changed, "event" | "touched"> {
  readonly tenantId: string;
  readonly actor: string;
}

/** Secret values for one answer, e.g. `{ value: "mms_…" }`. */
export type ShownOnce = Readonly<Record<string, string>>;

/** Where a change acts: the permission's target, and, where a row's id led there, that row's name. */
export interface Located<P extends Permission> {
  readonly target: TargetOf<P>;
  readonly row?: { readonly noun: Noun; readonly id: string; readonly path: readonly string[] };
}

/** One kind of change. Its parts run in this order, in one transaction. */
export interface Operation<Input, P extends Permission> {
  /** The GraphQL mutation's name: idempotency keys are unique per principal and mutation. */
  readonly mutation: string;
  readonly permission: P;
  /** A person needs to have proved lately who they are. */
  readonly isDangerous?: true;
  /** Parses what the caller sent; unknown members are refused by name. */
  readonly input: ZodType<Input>;
  /** Finds the target inside the principal's tenant; throws NOT_FOUND. */
  readonly locate: (read: Reader, input: Input) => Promise<Located<P>>;
  readonly run: (write: Writer, input: Input) => Promise<Changed>;
}

/** The answer of a change. `replayed`: the same call was done before, its secret is not shown again. */
export interface Answer {
  readonly id: string;
  readonly secret: ShownOnce | undefined;
  readonly replayed: boolean;
}

/** Who asks, about which request. Made for each request at the edge. */
export interface Actor {
  readonly installation: Installation;
  readonly principal: Principal;
  readonly correlationId: string;
  readonly address: string;
  readonly agent: string | undefined;
}

/** An actor of the command line, in one tenant. */
export const shellActor = (
  installation: Installation,
  tenant: { readonly id: string; readonly isRoot: boolean },
): Actor => ({
  installation,
  principal: { kind: "cli", tenantId: tenant.id, isRootTenant: tenant.isRoot },
  correlationId: newCorrelationId(),
  address: "local",
  agent: undefined,
});

/** Throws UNAUTHENTICATED for nobody. */
export function signedIn(actor: Actor): SignedIn {
  if (actor.principal.kind === "anonymous") throw new Refusal({ code: "UNAUTHENTICATED" });
  return actor.principal;
}

/** A reading handle for a signed-in actor; what is read must still be authorised, by `read()` or `mayRead()`. */
export function readerOf(actor: Actor): Reader {
  const principal = signedIn(actor);
  const { installation } = actor;
  return { tx: installation.database, tenantId: principal.tenantId, principal, installation, now: installation.now() };
}

/** Whether the actor holds the permission there: for filtering, where a refusal would be noise. */
export const mayRead = <P extends Permission>(actor: Actor, permission: P, target: TargetOf<P>): boolean =>
  holds(actor.principal, permission, target);

/** Reads after the permission was decided. Throws a Refusal. */
export async function read<P extends Permission, T>(
  actor: Actor,
  permission: P,
  target: TargetOf<P>,
  load: (reader: Reader) => Promise<T>,
): Promise<T> {
  const failure = authorise(actor.principal, permission, target);
  if (failure) throw await sayingWhom(actor, new Refusal(failure));
  return load(readerOf(actor));
}

/** Where a workspace is closed, the refusal names the owners, as far as the actor may see names. */
async function sayingWhom(actor: Actor, refusal: Refusal): Promise<Refusal> {
  const { principal, installation } = actor;
  if (principal.kind === "anonymous" || !refusal.failures.some(({ code }) => code === "WORKSPACE_CLOSED"))
    return refusal;
  const owners = await ownersToAsk(installation.database, principal, installation.now());
  const [first, ...others] = refusal.failures.map((failure) =>
    failure.code === "WORKSPACE_CLOSED" ? { ...failure, owners } : failure,
  );
  return first ? Object.assign(new Refusal(first, ...others), { hidden: refusal.hidden }) : refusal;
}

/**
 * The only door to a writing handle: parse, then in one transaction locate, authorise, change, feed, history, audit.
 * Safe to retry with the same `clientMutationId`. Refused acts are audited in a transaction of their own.
 *
 * @throws Refusal with every failure; DatabaseUnavailable when nothing could be decided
 */
export async function change<Input, P extends Permission>(
  actor: Actor,
  operation: Operation<Input, P>,
  raw: unknown,
): Promise<Answer> {
  const caller = signedIn(actor);
  const { input, clientMutationId } = parseInput(operation.input, raw);
  try {
    refuseOtherApi(caller, operation.permission);
    const attempt = () =>
      actor.installation.database.transaction(async (tx) => {
        // What was taken away since the request came in is not there any more: a long document may take seconds.
        const principal = await renewedPrincipal(tx, caller, actor.installation.now());
        if (!principal) throw new Refusal({ code: "UNAUTHENTICATED" });
        const write = { ...readerOf(actor), principal, tx } as Writer;
        const key = { mutation: operation.mutation, clientMutationId, input };
        const earlier = clientMutationId === undefined ? undefined : await claimMutationId(write, key);
        if (earlier) return { id: earlier, secret: undefined, replayed: true };
        await authoriseChange(principal, operation, await operation.locate(write, input));
        if (operation.isDangerous) refuseWithoutStepUp(write);
        const changed = await operation.run(write, input);
        await record(write, actor, changed);
        if (clientMutationId !== undefined) await keepAnswer(write, key, changed.id);
        return { id: changed.id, secret: changed.secret, replayed: false };
      });
    const answer = await inTurn(caller.tenantId, () => retrying(attempt));
    // Whoever reads the answer may count on it here at once. It is done also where the database goes away now.
    await actor.installation.caughtUp?.().catch(() => {});
    return answer;
  } catch (error) {
    if (error instanceof Refusal) {
      const { failures, hidden } = error;
      await recordRefusal(actor, caller, operation.mutation, hidden ? [hidden] : failures);
      throw await sayingWhom(actor, error);
    }
    throw error;
  }
}

/** Decided by the token alone, before anything is looked up: so it tells nothing about a row. */
function refuseOtherApi(principal: SignedIn, permission: Permission): void {
  const { api } = permissions[permission];
  if (principal.kind === "client" && principal.api !== api) throw new Refusal({ code: "WRONG_API", permission, api });
}

/** For what is dangerous only sometimes; otherwise an operation says `isDangerous`. @throws Refusal STEP_UP_NEEDED */
export function refuseWithoutStepUp({ principal, now }: Writer): void {
  if (needsStepUp(principal, now)) throw new Refusal({ code: "STEP_UP_NEEDED" });
}

async function authoriseChange<Input, P extends Permission>(
  principal: SignedIn,
  operation: Operation<Input, P>,
  { target, row }: Located<P>,
): Promise<void> {
  const failure = authorise(principal, operation.permission, target);
  if (!failure) return;
  // What may not be seen is not there: the same answer as for a random id. A closed workspace itself may be seen.
  const reads: Permission[] = [(permissions[operation.permission].read ?? operation.permission) as Permission];
  if (row?.noun === "workspace") reads.push("workspace:read");
  if (row && !reads.some((permission) => holds(principal, permission as P, target)))
    throw Object.assign(new Refusal({ code: "NOT_FOUND", ...row }), { hidden: failure });
  throw new Refusal(failure);
}

/** The last statements of a change: feed, history and audit, under the tenant's shard lock. */
async function record(write: Writer, actor: Actor, changed: Changed): Promise<void> {
  const { tx, tenantId, principal, now } = write;
  const home = changed.visitedTenantId ?? tenantId;
  const context: AuditContext = { ...actor, actor: nameOf(principal), at: now };
  const elsewhere = changed.elsewhere ?? [];
  await lockShards(tx, [home, tenantId, ...elsewhere.map((one) => one.tenantId)]);
  const feedNumber = await appendToFeed(tx, home, changed.workspaceId, changed.touched, now);
  const workspaceId = changed.workspaceId ?? (await adminWorkspaceOf(tx, home));
  await writeAudit(tx, { tenantId: home, workspaceId }, context, changed.event, feedNumber);
  if (home !== tenantId)
    await writeAudit(tx, { tenantId, workspaceId: await adminWorkspaceOf(tx, tenantId) }, context, changed.event);
  for (const one of elsewhere) {
    const number = await appendToFeed(tx, one.tenantId, null, one.touched, now);
    const chain = { tenantId: one.tenantId, workspaceId: await adminWorkspaceOf(tx, one.tenantId) };
    await writeAudit(tx, chain, { ...context, actor: one.actor }, one.event, number);
  }
}

/** Transactions hold no user I/O, so that a serialisation failure or a deadlock can simply run again. */
async function retrying<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === 5 || !isRetryable(error)) throw error;
    }
  }
}

/** Ends a run with one failure. */
export function refuse(failure: Failure): never {
  throw new Refusal(failure);
}

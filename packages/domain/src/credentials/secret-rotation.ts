import { clientSecrets, clients, secretRotations } from "@mintmark/db/schema";
import { and, desc, eq, gt, isNull } from "drizzle-orm";
import { z } from "zod";
import { alsoNeeds } from "../authority/escalation.ts";
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
import type { Writer } from "../change/handle.ts";
import { clientToChange } from "../clients/client-row.ts";
import { cutOffTokens } from "../clients/cut-off.ts";
import { futureInstant, id, name } from "../input.ts";
import { found, type LivingRow, livingRow, livingRows, locateRow, targetOf } from "../living-row.ts";
import { refuseLastOwner } from "../people/last-owner.ts";
import { effectiveSettingsAt } from "../settings/settings.ts";
import { insertGeneratedSecret } from "./client-secret.ts";
import { touchedSecret } from "./client-secret-row.ts";
import { issuedThisHour, progressOf, type RotationProgress, useOf } from "./rotation-progress.ts";
import {
  endSecretAt,
  isOver,
  leaveRotations,
  type RotationRow,
  rotationOf,
  touchedRotation,
} from "./secret-rotation-row.ts";

/** How a secret is being replaced: both work until the former one ends, by time alone. */
export interface SecretRotation extends RotationProgress {
  readonly formerId: string;
  readonly successorId: string;
  readonly startedAt: Date;
  /** When the former one ends, or ended. */
  readonly endsAt: Date;
  /** The overlap may be extended, and a retirement undone, until then. */
  readonly latestEndsAt: Date;
  readonly autoRetire: boolean;
  readonly state: "running" | "retired";
  /** Whether the former one was quiet for long enough, and its successor is used. */
  readonly isSafe: boolean;
}

type SecretRow = LivingRow<typeof clientSecrets>;

const permission = "client-secret:write";
const locate: Operation<{ id: string }, typeof permission>["locate"] = (read, input) =>
  locateRow(read, clientSecrets, "clientSecret", input.id, ["id"]);

const stop = (what: string, mend: string) => refuse({ code: "PROTECTED", noun: "clientSecret", what, mend });
const wrong = (member: string, problem: string, mend: string) =>
  refuse({ code: "INVALID_INPUT", path: [member], problem, mend });

/** The secret that goes, locked with its client. */
async function secretToChange(write: Writer, secretId: string): Promise<SecretRow> {
  const secret = found(await livingRow(write, clientSecrets, secretId, "lock"), "clientSecret", secretId, ["id"]);
  await clientToChange(write, secret.clientId, ["id"]);
  return secret;
}

const settingsOf = ({ tx }: Pick<Writer, "tx">, { tenantId, workspaceId, clientId }: SecretRow | RotationRow) =>
  effectiveSettingsAt(tx, { tenantId, workspaceId, clientId });

const rotateInput = z.strictObject({
  id,
  overlap: z.int("This is a whole number of seconds.").min(1, "An overlap is at least a second.").nullish(),
  name: name.nullish(),
  expiresAt: futureInstant.nullish(),
  autoRetire: z.boolean().nullish(),
  endNow: z.boolean().nullish(),
  withTokens: z.boolean().nullish(),
});

const RotateClientSecret: Operation<z.infer<typeof rotateInput>, typeof permission> = {
  mutation: "rotateClientSecret",
  permission,
  input: rotateInput,
  locate,
  async run(write, input): Promise<Changed> {
    const { tx, tenantId, now } = write;
    if (input.endNow) refuseWithoutStepUp(write);
    const former = await secretToChange(write, input.id);
    if (input.withTokens) alsoNeeds(write, "token:revoke", targetOf(former));
    const { workspaceId, clientId } = former;
    if (await rotationOf(write, former.id))
      stop("This secret is being replaced already.", "Rotate its successor, or cancel its rotation first.");
    if (former.revokedAt || (former.expiresAt && former.expiresAt <= now))
      stop("This secret does not work any more.", "Create another secret instead.");
    const overlap = input.endNow ? 0 : await overlapOf(write, former, input.overlap);
    const planned = new Date(now.getTime() + overlap * 1000);
    const endsAt = former.expiresAt && former.expiresAt < planned ? former.expiresAt : planned;
    const going = await goingOf(write, clientId);
    if (!input.endNow) refuseManyGoing(going);
    // A limit of one must not make rotation impossible.
    const replaces = [former.id, ...going];
    const made = await insertGeneratedSecret(write, { ...input, clientId, replaces });
    const [rotation] = await tx
      .insert(secretRotations)
      .values({
        ...{ tenantId, workspaceId, clientId, formerId: former.id, successorId: made.id, startedAt: now, endsAt },
        formerExpiresAt: former.expiresAt,
        issuedBefore: await issuedThisHour(tx, former, former.id, now),
        autoRetire: input.autoRetire ?? true,
      })
      .returning();
    const ending = await endSecretAt(write, former.id, endsAt);
    if (former.kind === "admin") await refuseLastOwner(write, { credentialId: former.id });
    const cutOff = input.withTokens ? await cutOffTokens(write, clientId) : undefined;
    const [successor] = made.touched;
    const event = {
      type: "client-secret.rotated",
      clientId,
      secretId: made.id,
      hint: String(successor?.body?.["hint"]),
      formerId: former.id,
      formerHint: former.hint,
      endsAt: endsAt.toISOString(),
      ...(cutOff && { tokensNotBefore: cutOff.notBefore.toISOString() }),
    } as const;
    const touched = [...made.touched, touchedSecret(ending), ...(rotation ? [touchedRotation(rotation)] : [])];
    return { ...made, event, touched: [...touched, ...(cutOff ? [cutOff.touched] : [])] };
  },
};

/** Secrets of a client that may go at once: the limit does not count them, and each is compared with at a request. */
const MOST_GOING = 10;

/** The secrets of a client that are being replaced and work still. */
async function goingOf({ tx, tenantId, now }: Writer, clientId: string): Promise<readonly string[]> {
  const isOfClient = and(eq(secretRotations.tenantId, tenantId), eq(secretRotations.clientId, clientId));
  const isGoing = and(isOfClient, isNull(secretRotations.retiredAt), gt(secretRotations.endsAt, now));
  const rows = await tx.select({ id: secretRotations.formerId }).from(secretRotations).where(isGoing);
  return rows.map((row) => row.id);
}

function refuseManyGoing(going: readonly string[]): void {
  if (going.length < MOST_GOING) return;
  stop(`${MOST_GOING} secrets of this client are being replaced and work still.`, "Retire one of them first.");
}

async function overlapOf(write: Writer, former: SecretRow, given: number | null | undefined): Promise<number> {
  const settings = await settingsOf(write, former);
  const limit = settings.secretOverlapLimit.value;
  if (given === null || given === undefined) return Math.min(settings.secretOverlap.value, limit);
  if (given > limit)
    wrong(
      "overlap",
      `Both secrets may work side by side for at most ${limit} seconds here (setting secretOverlapLimit).`,
      `Choose an overlap of at most ${limit}.`,
    );
  return given;
}

/** A secret's rotation. @throws Refusal PROTECTED where there is none */
async function rotationToChange(write: Writer, secret: SecretRow): Promise<RotationRow> {
  return (await rotationOf(write, secret.id)) ?? stop("This secret is not being replaced.", "Rotate it first.");
}

const latestEnd = ({ startedAt }: RotationRow, limit: number): Date => new Date(startedAt.getTime() + limit * 1000);

const extendInput = z.strictObject({ id, endsAt: futureInstant });

const ExtendSecretRotation: Operation<z.infer<typeof extendInput>, typeof permission> = {
  mutation: "extendSecretRotation",
  permission,
  input: extendInput,
  locate,
  async run(write, { id: secretId, endsAt }): Promise<Changed> {
    const secret = await secretToChange(write, secretId);
    const rotation = await rotationToChange(write, secret);
    if (secret.revokedAt) stop("This secret was revoked, for good.", "Create another secret instead.");
    const isUndone = isOver(rotation, write.now);
    // What had ended works again, as if it were new.
    if (isUndone || secret.kind !== "custom") refuseWithoutStepUp(write);
    if (isUndone) refuseManyGoing(await goingOf(write, secret.clientId));
    const latest = latestEnd(rotation, (await settingsOf(write, rotation)).secretOverlapLimit.value);
    if (endsAt > latest)
      wrong(
        "endsAt",
        `Both secrets may work side by side until ${latest.toISOString()} at most (setting secretOverlapLimit).`,
        "Choose an earlier instant, or begin another rotation.",
      );
    const { formerExpiresAt } = rotation;
    if (formerExpiresAt && endsAt > formerExpiresAt)
      wrong("endsAt", `The secret itself ends on ${formerExpiresAt.toISOString()}.`, "Choose an earlier instant.");
    if (!isUndone && endsAt <= rotation.endsAt)
      wrong("endsAt", "The overlap would end no later than it does.", "Choose a later instant, or retire the secret.");
    const former = await endSecretAt(write, secretId, endsAt);
    const moved = await updateRotation(write, secretId, { endsAt, retiredAt: null });
    const type = isUndone ? "client-secret.retirement-undone" : "client-secret.rotation-extended";
    return acted(secret, { type, endsAt: endsAt.toISOString() }, [touchedSecret(former), touchedRotation(moved)]);
  },
};

const forceInput = z.strictObject({ id, force: z.boolean().nullish() });
type ForceInput = z.infer<typeof forceInput>;

const RetireSecret: Operation<ForceInput, typeof permission> = {
  mutation: "retireSecret",
  permission,
  input: forceInput,
  locate,
  async run(write, { id: secretId, force }): Promise<Changed> {
    const { now } = write;
    const secret = await secretToChange(write, secretId);
    const rotation = await rotationToChange(write, secret);
    if (force) refuseWithoutStepUp(write);
    if (isOver(rotation, now)) return acted(secret, { type: "client-secret.retired" }, []);
    const progress = await progressNow(write, rotation);
    if (!force && !isSafeAt(progress, now)) stop(whyNotYet(progress), "Wait until it is quiet, or force it.");
    if (secret.kind === "admin") await refuseLastOwner(write, { credentialId: secretId });
    const { touched } = await retire(write, rotation);
    const forced = force && !isSafeAt(progress, now) ? { forced: true as const } : {};
    return acted(secret, { type: "client-secret.retired", ...forced }, touched);
  },
};

function whyNotYet({ safeFrom, quietSince, holdOuts }: RotationProgress): string {
  if (!safeFrom) return "Nobody uses its successor, or it works no more.";
  const [last] = holdOuts;
  const who = last ? `It is still used by ${last.address}${last.agent === "" ? "" : ` (${last.agent})`}. ` : "";
  return `${who}It has been quiet since ${quietSince.toISOString()}; it is safe to retire from ${safeFrom.toISOString()}.`;
}

const CancelSecretRotation: Operation<ForceInput, typeof permission> = {
  mutation: "cancelSecretRotation",
  permission,
  input: forceInput,
  locate,
  async run(write, { id: secretId, force }): Promise<Changed> {
    const { tx, tenantId, now } = write;
    const secret = await secretToChange(write, secretId);
    const rotation = await rotationToChange(write, secret);
    if (force || secret.kind !== "custom") refuseWithoutStepUp(write);
    if (isOver(rotation, now)) stop("This secret was retired already.", "Undo that first: extend its overlap.");
    const { successorIssued } = await progressNow(write, rotation);
    if (!force && successorIssued > 0)
      stop("Its successor is in use, and would be revoked.", "Bring its users back to this secret first, or force it.");
    const left = await leaveRotations(write, rotation.successorId);
    if (secret.kind === "admin") await refuseLastOwner(write, { credentialId: rotation.successorId });
    const isSuccessor = and(eq(clientSecrets.tenantId, tenantId), eq(clientSecrets.id, rotation.successorId));
    const gone = await tx.update(clientSecrets).set({ revokedAt: now }).where(isSuccessor).returning();
    const forced = force && successorIssued > 0 ? { forced: true as const } : {};
    const touched = [...left, ...gone.map(touchedSecret)];
    return acted(secret, { type: "client-secret.rotation-cancelled", ...forced }, touched);
  },
};

type Act =
  | {
      readonly type: "client-secret.rotation-extended" | "client-secret.retirement-undone";
      readonly endsAt: string;
    }
  | { readonly type: "client-secret.retired" | "client-secret.rotation-cancelled"; readonly forced?: true };

const acted = (
  { id: secretId, clientId, hint, workspaceId }: SecretRow,
  act: Act,
  touched: Changed["touched"],
): Changed => ({ id: secretId, workspaceId, touched, event: { ...act, clientId, secretId, hint } });

async function updateRotation(
  { tx, tenantId }: Pick<Writer, "tx" | "tenantId">,
  formerId: string,
  values: Partial<Pick<RotationRow, "endsAt" | "retiredAt">>,
): Promise<RotationRow> {
  const isIt = and(eq(secretRotations.tenantId, tenantId), eq(secretRotations.formerId, formerId));
  const [row] = await tx.update(secretRotations).set(values).where(isIt).returning();
  return found(row, "clientSecret", formerId, ["id"]);
}

const isSafeAt = ({ safeFrom }: RotationProgress, now: Date): boolean => safeFrom !== null && safeFrom <= now;

/** How far a rotation has come. */
async function progressNow({ tx, now }: Pick<Writer, "tx" | "now">, rotation: RotationRow): Promise<RotationProgress> {
  const { secretQuietPeriod } = await settingsOf({ tx }, rotation);
  return progressOf(rotation, await useOf(tx, rotation, now), secretQuietPeriod.value, now);
}

/**
 * Makes a successor of a secret and lets both work for the overlap; the former one then ends by itself, or is retired
 * once it is quiet. `endNow` ends it with the same call. `withTokens` takes the client's tokens back too.
 */
export const rotateClientSecret = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, RotateClientSecret, raw);
/** Lets a secret that is being replaced work for longer; one that was retired works again. */
export const extendSecretRotation = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, ExtendSecretRotation, raw);
/** Ends a secret that is being replaced: once it is quiet, or by force. Can be undone by extending. */
export const retireSecret = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, RetireSecret, raw);
/** Keeps the secret that would go, with the end that it had, and revokes its successor. */
export const cancelSecretRotation = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, CancelSecretRotation, raw);

/** Rotations shown of one client. */
const MOST = 5;

/** Rotations of a client that run, or whose retirement can be undone; newest first, at most five. */
export async function listSecretRotations(actor: Actor, clientId: string): Promise<readonly SecretRotation[]> {
  const read = readerOf(actor);
  const [client] = await livingRows(read, clients, [clientId]);
  if (!client || !mayRead(actor, "client-secret:read", targetOf(client))) return [];
  const { tx, tenantId, now } = read;
  const rows = await tx
    .select()
    .from(secretRotations)
    .where(and(eq(secretRotations.tenantId, tenantId), eq(secretRotations.clientId, clientId)))
    .orderBy(desc(secretRotations.startedAt), desc(secretRotations.formerId))
    .limit(MOST);
  const rotations: SecretRotation[] = [];
  for (const row of rows) {
    const { secretOverlapLimit, secretQuietPeriod } = await effectiveSettingsAt(tx, row);
    const latestEndsAt = latestEnd(row, secretOverlapLimit.value);
    const over = isOver(row, now);
    if (over && latestEndsAt <= now) continue;
    const progress = progressOf(row, await useOf(tx, row, now), secretQuietPeriod.value, now);
    const { formerId, successorId, startedAt, autoRetire } = row;
    rotations.push({
      ...{ formerId, successorId, startedAt, autoRetire, latestEndsAt, ...progress },
      endsAt: row.retiredAt ?? row.endsAt,
      state: over ? "retired" : "running",
      isSafe: !over && isSafeAt(progress, now),
    });
  }
  return rotations;
}

/** The server's own part: whether a rotation is to be retired now. */
export const isDueToRetire = async (of: Pick<Writer, "tx" | "now">, rotation: RotationRow): Promise<boolean> =>
  rotation.autoRetire && !isOver(rotation, of.now) && isSafeAt(await progressNow(of, rotation), of.now);

/** Ends the former secret of a rotation now. */
export async function retire(write: Pick<Writer, "tx" | "tenantId" | "now">, { formerId }: RotationRow) {
  const former = await endSecretAt(write, formerId, write.now);
  const moved = await updateRotation(write, formerId, { retiredAt: write.now });
  return { former, touched: [touchedSecret(former), touchedRotation(moved)] };
}

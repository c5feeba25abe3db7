import { clientSecrets, secretRotations } from "@mintmark/db/schema";
import { and, eq, isNull } from "drizzle-orm";
import type { Touched } from "../change/change-feed.ts";
import type { Writer } from "../change/handle.ts";
import { type ClientSecretRow, touchedSecret } from "./client-secret-row.ts";

export type RotationRow = typeof secretRotations.$inferSelect;

/** What history keeps of a rotation, under the id of the secret that goes. */
export const touchedRotation = (row: RotationRow, isGone = false): Touched => {
  const { tenantId, issuedBefore, ...body } = row;
  return { kind: "secretRotation", id: row.formerId, workspaceId: row.workspaceId, body: isGone ? null : body };
};

/** The rotation of a secret, locked with the secret's client by whoever changes it. */
export async function rotationOf({ tx, tenantId }: Writer, formerId: string): Promise<RotationRow | undefined> {
  const [row] = await tx
    .select()
    .from(secretRotations)
    .where(and(eq(secretRotations.tenantId, tenantId), eq(secretRotations.formerId, formerId)));
  return row;
}

/** Moves the end of a secret. */
export async function endSecretAt(
  write: Pick<Writer, "tx" | "tenantId">,
  id: string,
  expiresAt: Date | null,
): Promise<ClientSecretRow> {
  const [row] = await write.tx
    .update(clientSecrets)
    .set({ expiresAt })
    .where(and(eq(clientSecrets.tenantId, write.tenantId), eq(clientSecrets.id, id)))
    .returning();
  if (!row) throw new Error(`the secret ${id} of a rotation is gone`);
  return row;
}

/**
 * What a secret's revocation does to its rotations. Its own is over. Where it is the successor, the secret that it
 * replaces gets the end back that it had, if it still works: else it would end with nothing to take over.
 *
 * @returns what that touched
 */
export async function leaveRotations(write: Writer, secretId: string): Promise<readonly Touched[]> {
  const { tx, tenantId, now } = write;
  const isOwn = and(
    eq(secretRotations.tenantId, tenantId),
    eq(secretRotations.formerId, secretId),
    isNull(secretRotations.retiredAt),
  );
  const ended = await tx.update(secretRotations).set({ retiredAt: now }).where(isOwn).returning();
  const isOfSuccessor = and(eq(secretRotations.tenantId, tenantId), eq(secretRotations.successorId, secretId));
  const [rotation] = await tx.select().from(secretRotations).where(isOfSuccessor);
  const back = rotation && !isOver(rotation, now) ? await giveBack(write, rotation) : [];
  return [...ended.map((row) => touchedRotation(row)), ...back];
}

/** Ends a rotation as if it had not begun: the secret that goes stays, with the end that it had. */
async function giveBack(write: Writer, rotation: RotationRow): Promise<readonly Touched[]> {
  const { tx, tenantId } = write;
  await tx
    .delete(secretRotations)
    .where(and(eq(secretRotations.tenantId, tenantId), eq(secretRotations.formerId, rotation.formerId)));
  const former = await endSecretAt(write, rotation.formerId, rotation.formerExpiresAt);
  return [touchedSecret(former), touchedRotation(rotation, true)];
}

/** Whether the secret that goes works no more. */
export const isOver = ({ retiredAt, endsAt }: Pick<RotationRow, "retiredAt" | "endsAt">, now: Date): boolean =>
  retiredAt !== null || endsAt <= now;

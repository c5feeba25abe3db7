import type { Transaction } from "@mintmark/db";
import { signingKeys, workspaces } from "@mintmark/db/schema";
import { and, eq, isNull } from "drizzle-orm";
import type { Touched } from "../change/change-feed.ts";
import type { Installation } from "../change/handle.ts";
import { type EffectiveSettings, effectiveSettingsAt } from "../settings/settings.ts";
import type { KeyPlan, KeyPolicy, ScheduledKey } from "./key-plan.ts";
import { newSealingKey, newSigningKeyRow, scheduledKeysOf, touchedSigningKey } from "./signing-key.ts";

/** The workspace whose keys are meant. */
interface Place {
  readonly tenantId: string;
  readonly workspaceId: string;
}

export const keyPolicyOf = (settings: EffectiveSettings): KeyPolicy => ({
  alg: settings.signingAlgorithm.value,
  maxAge: settings.jwksMaxAge.value,
  lifetime: settings.signingKeyLifetime.value,
});

/** The policy and the keys of a workspace; its row stays locked, so that two plans cannot be made from the same keys. */
export async function lockKeys(
  tx: Transaction,
  place: Place,
): Promise<{ readonly policy: KeyPolicy; readonly keys: readonly ScheduledKey[] }> {
  const { tenantId, workspaceId } = place;
  const isIt = and(eq(workspaces.tenantId, tenantId), eq(workspaces.id, workspaceId));
  const [row] = await tx
    .select({ at: workspaces.jwksLoweredAt, before: workspaces.jwksMaxAgeBefore })
    .from(workspaces)
    .where(isIt)
    .for("no key update");
  const keys = await scheduledKeysOf(tx, place);
  const { at = null, before = null } = row ?? {};
  const lowered = at && before !== null ? { at, before } : undefined;
  return { policy: { ...keyPolicyOf(await effectiveSettingsAt(tx, place)), lowered }, keys };
}

/** Gives keys that an older version made what opaque tokens are sealed with. @returns how many lacked it */
export async function completeSealing(
  tx: Transaction,
  installation: Pick<Installation, "keyring">,
  { tenantId, workspaceId }: Place,
): Promise<number> {
  const isOfIt = and(eq(signingKeys.tenantId, tenantId), eq(signingKeys.workspaceId, workspaceId));
  const lacking = await tx
    .select({ kid: signingKeys.kid })
    .from(signingKeys)
    .where(and(isOfIt, isNull(signingKeys.wrappedSealingKey), isNull(signingKeys.revokedAt)));
  for (const { kid } of lacking) {
    const wrappedSealingKey = newSealingKey(installation, { tenantId, workspaceId, kid });
    await tx
      .update(signingKeys)
      .set({ wrappedSealingKey })
      .where(and(isOfIt, eq(signingKeys.kid, kid)));
  }
  return lacking.length;
}

/** Writes a plan: makes its new keys, moves the others. @returns what changed, for the feed and history */
export async function writeKeyPlan(
  tx: Transaction,
  installation: Pick<Installation, "keyring">,
  place: Place,
  { alg }: Pick<KeyPolicy, "alg">,
  { moves, make }: KeyPlan,
): Promise<readonly Touched[]> {
  const { tenantId, workspaceId } = place;
  const touched: Touched[] = [];
  for (const { kid, ...instants } of moves) {
    const isIt = and(
      eq(signingKeys.tenantId, tenantId),
      eq(signingKeys.workspaceId, workspaceId),
      eq(signingKeys.kid, kid),
    );
    const [row] = await tx.update(signingKeys).set(instants).where(isIt).returning();
    if (row) touched.push(touchedSigningKey(row));
  }
  for (const instants of make) {
    const row = await newSigningKeyRow(installation, { ...place, alg, ...instants });
    await tx.insert(signingKeys).values(row);
    touched.push(touchedSigningKey(row));
  }
  return touched;
}

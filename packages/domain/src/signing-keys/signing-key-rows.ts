import type { Database, Transaction } from "@mintmark/db";
import { clients, signingKeys, workspaces } from "@mintmark/db/schema";
import type { SigningAlgorithm } from "@mintmark/token-issuer";
import { and, eq, isNull, sql } from "drizzle-orm";
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

/** What a workspace's keys must keep to now, with what its clients chose. */
export async function keyPolicyAt(tx: Database | Transaction, place: Place): Promise<KeyPolicy> {
  const chosen = sql<SigningAlgorithm>`${clients.settings} ->> 'signingAlgorithm'`;
  const ofPlace = and(eq(clients.tenantId, place.tenantId), eq(clients.workspaceId, place.workspaceId));
  const rows = await tx
    .selectDistinct({ alg: chosen })
    .from(clients)
    .where(and(ofPlace, sql`${chosen} is not null`));
  return { ...keyPolicyOf(await effectiveSettingsAt(tx, place)), ofClients: rows.map(({ alg }) => alg).toSorted() };
}

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
  return { policy: { ...(await keyPolicyAt(tx, place)), lowered }, keys };
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
  for (const key of make) {
    const row = await newSigningKeyRow(installation, { ...place, ...key });
    await tx.insert(signingKeys).values(row);
    touched.push(touchedSigningKey(row));
  }
  return touched;
}

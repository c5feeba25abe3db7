import type { Database, Transaction } from "@mintmark/db";
import {
  installation as installations,
  peppers,
  serverSecrets,
  signingKeys,
  ssoProviders,
  webhooks,
} from "@mintmark/db/schema";
import { and, asc, count, eq, sql } from "drizzle-orm";
import type { Installation } from "../change/handle.ts";
import { webhookSecretPlace } from "../notices/webhook-row.ts";
import { sealingKeyPlace, signingKeyPlace } from "../signing-keys/signing-key.ts";
import { ssoSecretPlace } from "../sso/sso-provider-row.ts";
import { KEY_CHECK_PLACE, type Keyring, pepperPlace, serverSecretPlace, WrongMasterKey } from "./keyring.ts";
import { keyChecks, MasterKeyChangeRefused, recordForInstallation, serversThat } from "./master-key-change.ts";

/** Signing keys looked at in one transaction. */
const BATCH = 100;

/** How far the re-wrapping came. */
export interface RewrapProgress {
  /** Signing keys, peppers, secrets of the servers, of single sign-on providers and of webhooks that were looked at. */
  readonly seen: number;
  readonly total: number;
  /** How many of them were under the former key. */
  readonly rewrapped: number;
}

/**
 * Brings everything that the former master key wraps under the one that seals now, in small transactions, beside running
 * servers. Killed and run again it goes on: what is done is only looked at. After it nothing needs the former key.
 *
 * @param tell hears how far it came, after each transaction
 * @throws MasterKeyChangeRefused while a server runs that still wraps with the former key, at the end as at the beginning, or where a row opens under no key
 */
export async function rewrap(
  installation: Installation,
  tell: (progress: RewrapProgress) => void,
): Promise<RewrapProgress> {
  const { database, keyring } = installation;
  await refuseTooEarly(installation);
  const total = await totalOf(installation);
  let progress: RewrapProgress = { seen: 0, total, rewrapped: 0 };
  const lost: string[] = [];
  let after: KeyPlace | undefined;
  const add = ({ seen, rewrapped, lost: more }: Batch) => {
    lost.push(...more);
    progress = { total, seen: progress.seen + seen, rewrapped: progress.rewrapped + rewrapped };
    tell(progress);
  };
  add(await database.transaction((tx) => rewrapServerRows(tx, keyring)));
  add(await database.transaction((tx) => rewrapWebhooks(tx, keyring)));
  do {
    const batch = await database.transaction((tx) => rewrapSigningKeys(tx, keyring, after));
    add(batch);
    after = batch.seen < BATCH ? undefined : batch.last;
  } while (after);
  if (lost.length > 0)
    throw new MasterKeyChangeRefused(
      `Neither master key opens ${lost.join(", ")}, so these rows were damaged or put here from elsewhere. ` +
        "Everything else is under the new key. Restore them from a backup, or revoke the keys and delete their rows; then run `mintmark rewrap` again.",
    );
  await database.transaction(async (tx) => {
    const { formerKeyCheck } = await keyChecks(tx, "lock");
    if (formerKeyCheck === null) return;
    // One that started meanwhile may have made keys where this run had already been.
    await refuseWhileOthersWrap(tx, keyring);
    await tx.update(installations).set({ formerKeyCheck: null });
    await recordForInstallation(tx, installation, { type: "installation.rewrapped", total });
  });
  return progress;
}

async function refuseTooEarly({ database, keyring }: Installation): Promise<void> {
  const { keyCheck } = await keyChecks(database);
  if (keyring.reseal(keyCheck, KEY_CHECK_PLACE) !== undefined)
    throw new MasterKeyChangeRefused(
      "The new master key is the one of MINTMARK_MASTER_KEY_OTHER. Exchange it with MINTMARK_MASTER_KEY, here and at every server.",
    );
  await refuseWhileOthersWrap(database, keyring);
}

async function refuseWhileOthersWrap(tx: Database | Transaction, { keyNames: [key] }: Keyring): Promise<void> {
  const others = await serversThat(tx, ({ masterKeys }) => masterKeys[0] !== key);
  if (others.length > 0)
    throw new MasterKeyChangeRefused(
      `A server that runs on this database still wraps with another master key: ${others.join(", ")}. ` +
        "Restart it with the new key as MINTMARK_MASTER_KEY and the former as MINTMARK_MASTER_KEY_OTHER, and run `mintmark rewrap` again.",
    );
}

async function totalOf({ database }: Installation): Promise<number> {
  const counted = await Promise.all(
    [signingKeys, peppers, serverSecrets, ssoProviders, webhooks].map((table) =>
      database.select({ rows: count() }).from(table),
    ),
  );
  return counted.reduce((sum, [row]) => sum + (row?.rows ?? 0), 0);
}

interface Batch {
  readonly seen: number;
  readonly rewrapped: number;
  /** What no key opens. */
  readonly lost: readonly string[];
}

/** The wrapped value under the new key, `undefined` where it is already; or that no key opens it. */
function resealed(keyring: Keyring, sealed: Uint8Array, place: string): Buffer | undefined | "lost" {
  try {
    return keyring.reseal(sealed, place);
  } catch (error) {
    if (error instanceof WrongMasterKey) return "lost";
    throw error;
  }
}

/** Peppers, the servers' own secrets, and those of single sign-on providers: few of each tenant. */
async function rewrapServerRows(tx: Transaction, keyring: Keyring): Promise<Batch> {
  const lost: string[] = [];
  let rewrapped = 0;
  const versions = await tx.select().from(peppers).for("update");
  for (const { version, wrapped } of versions) {
    const anew = resealed(keyring, wrapped, pepperPlace(version));
    if (anew === "lost") lost.push(`pepper ${version}`);
    else if (anew) {
      await tx.update(peppers).set({ wrapped: anew }).where(eq(peppers.version, version));
      rewrapped++;
    }
  }
  const secrets = await tx.select().from(serverSecrets).for("update");
  for (const { purpose, wrapped } of secrets) {
    const anew = resealed(keyring, wrapped, serverSecretPlace(purpose));
    if (anew === "lost") lost.push(`the servers' secret for ${purpose}`);
    else if (anew) {
      await tx.update(serverSecrets).set({ wrapped: anew }).where(eq(serverSecrets.purpose, purpose));
      rewrapped++;
    }
  }
  const providers = await tx.select().from(ssoProviders).for("update");
  for (const { tenantId, id, wrappedSecret } of providers) {
    const anew = resealed(keyring, wrappedSecret, ssoSecretPlace(tenantId, id));
    if (anew === "lost") lost.push(`the secret of single sign-on provider ${id}`);
    else if (anew) {
      const isIt = and(eq(ssoProviders.tenantId, tenantId), eq(ssoProviders.id, id));
      await tx.update(ssoProviders).set({ wrappedSecret: anew }).where(isIt);
      rewrapped++;
    }
  }
  return { seen: versions.length + secrets.length + providers.length, rewrapped, lost };
}

/** The secrets of webhooks, with those that they are replacing: few of each workspace. */
async function rewrapWebhooks(tx: Transaction, keyring: Keyring): Promise<Batch> {
  const lost: string[] = [];
  let rewrapped = 0;
  const rows = await tx.select().from(webhooks).for("update");
  for (const { tenantId, id, wrappedSecret, formerWrappedSecret } of rows) {
    const place = webhookSecretPlace(tenantId, id);
    const secret = resealed(keyring, wrappedSecret, place);
    const former = formerWrappedSecret === null ? undefined : resealed(keyring, formerWrappedSecret, place);
    if (secret === "lost" || former === "lost") {
      lost.push(`the secret of webhook ${id}`);
      continue;
    }
    if (!secret && !former) continue;
    await tx
      .update(webhooks)
      .set({ ...(secret && { wrappedSecret: secret }), ...(former && { formerWrappedSecret: former }) })
      .where(and(eq(webhooks.tenantId, tenantId), eq(webhooks.id, id)));
    rewrapped++;
  }
  return { seen: rows.length, rewrapped, lost };
}

interface KeyPlace {
  readonly tenantId: string;
  readonly workspaceId: string;
  readonly kid: string;
}

const { tenantId, workspaceId, kid } = signingKeys;
const place = sql`(${tenantId}, ${workspaceId}, ${kid})`;

/** The next signing keys in the order of their places, those of the past too: a backup of the old key must not open them. */
async function rewrapSigningKeys(
  tx: Transaction,
  keyring: Keyring,
  after: KeyPlace | undefined,
): Promise<Batch & { readonly last: KeyPlace | undefined }> {
  const rows = await tx
    .select({
      tenantId,
      workspaceId,
      kid,
      alg: signingKeys.alg,
      privateKey: signingKeys.wrappedPrivateKey,
      sealingKey: signingKeys.wrappedSealingKey,
    })
    .from(signingKeys)
    .where(after && sql`${place} > (${after.tenantId}, ${after.workspaceId}, ${after.kid})`)
    .orderBy(asc(tenantId), asc(workspaceId), asc(kid))
    .limit(BATCH)
    // Whoever plans keys changes a row's instants meanwhile, and waits for a moment.
    .for("no key update");
  const lost: string[] = [];
  let rewrapped = 0;
  for (const row of rows) {
    const privateKey = resealed(
      keyring,
      row.privateKey,
      signingKeyPlace(row.tenantId, row.workspaceId, row.kid, row.alg),
    );
    const sealingKey =
      row.sealingKey === null
        ? undefined
        : resealed(keyring, row.sealingKey, sealingKeyPlace(row.tenantId, row.workspaceId, row.kid));
    if (privateKey === "lost" || sealingKey === "lost") {
      lost.push(`signing key ${row.kid} of workspace ${row.workspaceId}`);
      continue;
    }
    if (!privateKey && !sealingKey) continue;
    await tx
      .update(signingKeys)
      .set({
        ...(privateKey && { wrappedPrivateKey: privateKey }),
        ...(sealingKey && { wrappedSealingKey: sealingKey }),
      })
      .where(and(eq(tenantId, row.tenantId), eq(workspaceId, row.workspaceId), eq(kid, row.kid)));
    rewrapped++;
  }
  return { seen: rows.length, rewrapped, lost, last: rows.at(-1) };
}

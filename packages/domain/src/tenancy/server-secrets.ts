import { randomBytes } from "node:crypto";
import type { Database, Transaction } from "@mintmark/db";
import { serverSecrets } from "@mintmark/db/schema";
import { type Keyring, type ServerPurpose, serverPurposes, serverSecretPlace } from "./keyring.ts";
import { keyChecks } from "./master-key-change.ts";

/** Gives a new installation the secrets that its servers sign and seal with for themselves. */
export const makeServerSecrets = (tx: Transaction, keyring: Keyring): Promise<void> =>
  insert(tx, keyring, () => randomBytes(32));

/** Loads them; those that an older version drew from the master key are kept from now on as they were, so that nothing made with them ends. */
export async function loadServerSecrets(database: Database, keyring: Keyring): Promise<void> {
  const read = () => database.select().from(serverSecrets);
  let rows = await read();
  if (serverPurposes.some((purpose) => rows.every((row) => row.purpose !== purpose))) {
    const { formerKeyCheck, keyCheck } = await keyChecks(database);
    await insert(database, keyring, (purpose) => keyring.drawnSecret(purpose, formerKeyCheck ?? keyCheck));
    rows = await read();
  }
  for (const purpose of serverPurposes) {
    const row = rows.find((candidate) => candidate.purpose === purpose);
    if (row) keyring.addSecret(purpose, row.wrapped);
  }
}

async function insert(
  tx: Database | Transaction,
  keyring: Keyring,
  secretOf: (purpose: ServerPurpose) => Buffer,
): Promise<void> {
  const rows = serverPurposes.map((purpose) => ({
    purpose,
    wrapped: keyring.seal(secretOf(purpose), serverSecretPlace(purpose)),
  }));
  await tx.insert(serverSecrets).values(rows).onConflictDoNothing();
}

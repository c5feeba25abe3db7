import type { Database, Transaction } from "@mintmark/db";
import { installation as installations, replicas } from "@mintmark/db/schema";
import { asc, sql } from "drizzle-orm";
import type { AuditEvent } from "../change/audit-event.ts";
import { lockShards } from "../change/change-feed.ts";
import type { Installation } from "../change/handle.ts";
import { recordByServer } from "../change/server-act.ts";
import { KEY_CHECK_PLACE, type Keyring, sealKeyCheck, WrongMasterKey } from "./keyring.ts";

/** A master key cannot take the place of another now. The message says why, and what to do. */
export class MasterKeyChangeRefused extends Error {
  override readonly name = "MasterKeyChangeRefused";
}

interface KeyChecks {
  readonly keyCheck: Buffer;
  readonly formerKeyCheck: Buffer | null;
}

/**
 * Lets a server in that knows the master key. Where it brings a new one and knows the former too, the new one counts from
 * here on; what the former wraps is left to `rewrap`.
 *
 * @throws WrongMasterKey, MasterKeyChangeRefused
 */
export async function admitMasterKeys(installation: Installation): Promise<void> {
  const { database, keyring } = installation;
  if (!isBroughtBy(keyring, await keyChecks(database))) return;
  await database.transaction(async (tx) => {
    const checks = await keyChecks(tx, "lock");
    if (!isBroughtBy(keyring, checks)) return;
    const [brought = ""] = keyring.keyNames;
    const others = await serversThat(tx, ({ masterKeys }) => !masterKeys.includes(brought));
    if (others.length > 0)
      throw new MasterKeyChangeRefused(
        `MINTMARK_MASTER_KEY is new to this database, and a server that runs on it could not open what it wraps: ${others.join(", ")}. ` +
          "First restart every server with the former key as MINTMARK_MASTER_KEY and the new one as MINTMARK_MASTER_KEY_OTHER; then with the two exchanged.",
      );
    await tx.update(installations).set({ formerKeyCheck: checks.keyCheck, keyCheck: sealKeyCheck(keyring) });
    await recordForInstallation(tx, installation, { type: "installation.master-key-brought" });
  });
}

/** Whether the key that seals is new to the database. @throws WrongMasterKey, MasterKeyChangeRefused */
function isBroughtBy(keyring: Keyring, { keyCheck, formerKeyCheck }: KeyChecks): boolean {
  const isNew = keyring.reseal(keyCheck, KEY_CHECK_PLACE) !== undefined;
  if (formerKeyCheck === null) return isNew;
  try {
    keyring.open(formerKeyCheck, KEY_CHECK_PLACE);
  } catch (error) {
    if (!(error instanceof WrongMasterKey)) throw error;
    throw new MasterKeyChangeRefused(
      "The former master key may still wrap something in this database, and it is not known here. " +
        "Set it as MINTMARK_MASTER_KEY_OTHER and run `mintmark rewrap`, which says when it is no longer needed.",
    );
  }
  return false;
}

/** What the database says of the master keys. */
export async function keyChecks(tx: Database | Transaction, lock?: "lock"): Promise<KeyChecks> {
  const { keyCheck, formerKeyCheck } = installations;
  const query = tx.select({ keyCheck, formerKeyCheck }).from(installations);
  const [row] = await (lock ? query.for("update") : query);
  if (!row) throw new Error("the installation's row cannot be read");
  return row;
}

/** Running servers of which that holds, as host and process. */
export async function serversThat(
  tx: Database | Transaction,
  holds: (server: { readonly masterKeys: readonly string[] }) => boolean,
): Promise<readonly string[]> {
  const running = await tx
    .select({ name: replicas.name, masterKeys: replicas.masterKeys })
    .from(replicas)
    .where(sql`${replicas.beatAt} > clock_timestamp() - interval '10 seconds'`)
    .orderBy(asc(replicas.name));
  return running.filter(holds).map(({ name }) => name);
}

/** Audits what happened to the installation where its operator looks; nowhere while nobody owns it. */
export async function recordForInstallation(
  tx: Transaction,
  installation: Installation,
  event: AuditEvent,
): Promise<void> {
  const [row] = await tx.select({ tenantId: installations.rootTenantId }).from(installations);
  const tenantId = row?.tenantId ?? undefined;
  if (tenantId === undefined) return;
  await lockShards(tx, [tenantId]);
  await recordByServer(tx, installation, { tenantId, workspaceId: null, touched: [], event });
}

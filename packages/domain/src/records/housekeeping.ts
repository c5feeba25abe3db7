import type { AuditCheckpoint } from "../change/audit-checkpoint.ts";
import { auditCheckpoints } from "../change/audit-verification.ts";
import type { Installation } from "../change/handle.ts";
import { retireQuietSecrets } from "../credentials/secret-retirement.ts";
import { noticeWriter } from "../notices/new-notices.ts";
import { keepSigningKeys } from "../signing-keys/signing-key-upkeep.ts";
import { eraseDeletedTenants } from "../tenancy/tenant-erasure.ts";
import { cutAuditLogs } from "./audit-retention.ts";
import { giveBackLease, takeLease } from "./lease.ts";
import { deleteExpired, deleteOld } from "./retention.ts";
import { sumUsageDays } from "./usage-days.ts";

const LEASE = "housekeeping";
const MINUTE_MS = 60_000;
/** Minutes between two sums of the days. */
const SUM_EACH = 10;
/** Minutes between two checkpoints of the audit log. */
const CHECKPOINT_EACH = 60;
/** Seconds after which another server takes over when the one that had it is gone. */
const LEASE_SECONDS = 150;

/** What time makes due, whoever calls: signing keys, rotated secrets, notices, sums, and what has had its time. */
export interface Housekeeping {
  /** Does now what is due, where this server is the one that does it. */
  once(): Promise<void>;
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>;
}

/**
 * Does each minute what is due, on one of the servers.
 *
 * @param holder names this server
 * @param complain told of what failed; it is tried again a minute later
 * @param keep given a checkpoint of every chain of the audit log that has grown or was cut, each hour: to be kept outside
 * the database
 * @param notices whether this installation mails them, and what wakes their sender when there are new ones
 */
export function startHousekeeping(
  installation: Installation,
  holder: string,
  complain: (error: unknown) => void,
  keep: (checkpoint: AuditCheckpoint) => void,
  notices: { readonly mails: boolean; readonly wake: () => void },
): Housekeeping {
  const { database, now } = installation;
  let minutes = 0;
  /** Everything up to then is in the sums of the days, whoever made them. */
  let summedUpTo: number | undefined;
  /** Everything up to then is behind a checkpoint. */
  let keptUpTo: number | undefined;
  const writeNotices = noticeWriter(installation, notices.mails);
  let running = Promise.resolve();

  const work = async (): Promise<void> => {
    const lease = await takeLease(database, LEASE, holder, LEASE_SECONDS);
    if (!lease) return;
    // Whatever fails now is tried again in its own time.
    const minute = minutes++;
    // While nobody had the lease, or the database was away, nothing was summed.
    const lastHeld = (lease.formerEnd?.getTime() ?? 0) - LEASE_SECONDS * 1000;
    summedUpTo = Math.min(summedUpTo ?? Number.POSITIVE_INFINITY, lastHeld - SUM_EACH * MINUTE_MS);
    await keepSigningKeys(installation);
    await retireQuietSecrets(installation);
    if ((await writeNotices()) > 0) notices.wake();
    if (minute % SUM_EACH === 0) {
      const began = now().getTime();
      await sumUsageDays(database, new Date(summedUpTo));
      summedUpTo = began;
    }
    keptUpTo = Math.min(keptUpTo ?? Number.POSITIVE_INFINITY, lastHeld - CHECKPOINT_EACH * MINUTE_MS);
    if (minute % CHECKPOINT_EACH === 0) {
      const began = now().getTime();
      for (const checkpoint of await auditCheckpoints(installation, new Date(keptUpTo))) keep(checkpoint);
      keptUpTo = began;
      await cutAuditLogs(installation, keep, complain);
    }
    await deleteExpired(database, now());
    if (minute % 60 === 0) await deleteOld(database, now());
    await eraseDeletedTenants(installation, complain);
  };
  const once = (): Promise<void> => {
    running = running.then(work).catch(complain);
    return running;
  };
  const timer = setInterval(() => void once(), MINUTE_MS).unref();
  return {
    once,
    async stop() {
      clearInterval(timer);
      await running;
      await giveBackLease(database, LEASE, holder).catch(complain);
    },
  };
}

import type { Database } from "@mintmark/db";
import { BoundedCache } from "./bounded-cache.ts";

const MINUTE_MS = 60_000;
const REMEMBERED = 100_000;

/** One use of a credential. */
interface CredentialUse {
  readonly tenantId: string;
  readonly credentialId: string;
  readonly at: Date;
  readonly address: string;
}

/** Notes when and from where credentials are used last. */
export interface LastUse {
  /** At most once a minute and credential; never waits and never fails. */
  note(use: CredentialUse): void;
  /** Resolves when everything noted so far was written or given up: before the pool closes. */
  settled(): Promise<void>;
}

export function lastUse({ sql }: Pick<Database, "sql">): LastUse {
  const written = new BoundedCache<number>(REMEMBERED);
  const pending = new Set<Promise<void>>();

  // The row is compared as well: other replicas write it too.
  const write = async ({ tenantId, credentialId, at, address }: CredentialUse): Promise<void> => {
    const longAgo = new Date(at.getTime() - MINUTE_MS);
    await sql`update client_secrets set last_used_at = ${at}, last_used_address = ${address}
      where tenant_id = ${tenantId} and id = ${credentialId}
        and (last_used_at is null or last_used_at <= ${longAgo})`;
  };
  return {
    note(use) {
      const before = written.get(use.credentialId);
      if (before !== undefined && use.at.getTime() - before < MINUTE_MS) return;
      written.set(use.credentialId, use.at.getTime());
      const writing = write(use)
        .catch(() => written.delete(use.credentialId))
        .finally(() => pending.delete(writing));
      pending.add(writing);
    },
    async settled() {
      await Promise.all(pending);
    },
  };
}

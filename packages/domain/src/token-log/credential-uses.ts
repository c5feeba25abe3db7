import { setTimeout as pause } from "node:timers/promises";
import type { Database } from "@mintmark/db";
import { type Noun, nounOf } from "../id.ts";
import { oneAfterAnother } from "../one-after-another.ts";
import { patient } from "../patience.ts";

const MINUTE_MS = 60_000;
/** How soon a first use, or one after a quiet minute, is written. */
const SOON_MS = 1000;
/** Addresses and agents kept of one credential. */
const MOST_SOURCES = 50;
const REMEMBERED = 200_000;
/** Uses in one statement, and milliseconds between two. */
const LOT = 500;
const PAUSE_MS = 10;
/** A connection that does not answer must not hold up the end of the server. */
const PATIENCE_MS = 5000;

/** The tables of what can be used, by what its id names. */
const tables: readonly (readonly [Noun, string])[] = [
  ["clientSecret", "client_secrets"],
  ["clientKey", "client_keys"],
  ["clientCertificate", "client_certificates"],
  ["federatedCredential", "federated_credentials"],
  ["apiToken", "api_tokens"],
  ["personalToken", "api_tokens"],
];

/** One use of a credential. */
export interface CredentialUse {
  readonly tenantId: string;
  readonly workspaceId: string;
  readonly credentialId: string;
  readonly at: Date;
  readonly address: string;
  readonly agent: string | undefined;
}

const rowOf = ({ tenantId, workspaceId, credentialId, at, address, agent }: CredentialUse) => ({
  tenant_id: tenantId,
  workspace_id: workspaceId,
  credential_id: credentialId,
  at,
  address,
  agent: (agent ?? "").toWellFormed().replaceAll("\0", "\ufffd"),
});

/** Notes when and from where credentials are used. */
export interface CredentialUses {
  /** Never waits and never fails. */
  note(use: CredentialUse): void;
  /** Resolves when everything noted so far was written or given up. */
  close(): Promise<void>;
}

/**
 * Writes the last use of credentials and their sources, many in one statement. What is used all the time is written once
 * a minute, all of it together; what is used after a quiet minute, within a second.
 */
export function credentialUses({ sql }: Pick<Database, "sql">): CredentialUses {
  /** The minute in which each was noted last, by credential, address and agent. */
  let noted = new Map<string, number>();
  let pending = new Map<string, CredentialUse>();
  let soon: NodeJS.Timeout | undefined;

  const write = async (uses: readonly CredentialUse[]): Promise<void> => {
    const given = sql`json_to_recordset(${JSON.stringify(uses.map(rowOf))}::text::json)
      as u (tenant_id text, workspace_id text, credential_id text, at timestamptz, address text, agent text)`;
    // The rows are compared as well: other servers write them too.
    for (const [noun, table] of tables) {
      if (!uses.some(({ credentialId }) => nounOf(credentialId) === noun)) continue;
      await sql`
        with latest as (
          select distinct on (tenant_id, credential_id) * from ${given} order by tenant_id, credential_id, at desc)
        update ${sql(table)} c set last_used_at = u.at, last_used_address = u.address from latest u
        where c.tenant_id = u.tenant_id and c.id = u.credential_id
          and (c.last_used_at is null or c.last_used_at <= u.at - interval '1 minute')`;
    }
    await sql`
      insert into credential_sources (tenant_id, workspace_id, credential_id, address, agent, first_at, last_at)
      select u.tenant_id, u.workspace_id, u.credential_id, u.address, u.agent, u.at, u.at from ${given}
      where exists (select from credential_sources c where c.tenant_id = u.tenant_id
          and c.workspace_id = u.workspace_id and c.credential_id = u.credential_id and c.address = u.address
          and c.agent = u.agent)
        or (select count(*) from credential_sources c where c.tenant_id = u.tenant_id
          and c.workspace_id = u.workspace_id and c.credential_id = u.credential_id) < ${MOST_SOURCES}
      order by 1, 2, 3, 4, 5
      on conflict (tenant_id, workspace_id, credential_id, address, agent)
        do update set last_at = greatest(credential_sources.last_at, excluded.last_at)`;
  };
  /** Writes them in lots, so that neither this process nor the database is busy with all of them at once. */
  const writeAll = async (uses: readonly CredentialUse[]): Promise<void> => {
    for (let from = 0; from < uses.length; from += LOT) {
      await patient(write(uses.slice(from, from + LOT)), PATIENCE_MS);
      if (from + LOT < uses.length) await pause(PAUSE_MS);
    }
  };
  // One at a time: while the database keeps silent, no more than one lot waits.
  const flush = oneAfterAnother(async () => {
    clearTimeout(soon);
    soon = undefined;
    const uses = [...pending.values()];
    pending = new Map();
    if (noted.size > REMEMBERED) noted = new Map();
    await writeAll(uses).catch(() => {});
  }, 0);
  const minutely = setInterval(() => void flush(), MINUTE_MS).unref();

  return {
    note(use) {
      const key = `${use.credentialId} ${use.address} ${use.agent ?? ""}`;
      const minute = Math.floor(use.at.getTime() / MINUTE_MS);
      const before = noted.get(key);
      if (before === minute) return;
      noted.set(key, minute);
      pending.set(key, use);
      if (before !== minute - 1) soon ??= setTimeout(() => void flush(), SOON_MS).unref();
    },
    close() {
      clearInterval(minutely);
      return flush();
    },
  };
}

import type { Database } from "@mintmark/db";
import type { Issuer, TokenRecord } from "@mintmark/token-issuer";
import { oneAfterAnother } from "../one-after-another.ts";
import type { WhenDatabaseAway } from "../settings/settings.ts";
import { type CredentialUse, credentialUses } from "./credential-uses.ts";
import { RefusalFloods } from "./refusal-floods.ts";
import { openSetAside, type SetAsideListener } from "./set-aside.ts";
import { shipTokenRows } from "./ship-rows.ts";
import { openSpool, shipLeftSpools } from "./spool.ts";
import { BATCH_ROWS } from "./token-batch.ts";
import { tokenLogWriter } from "./token-log-writer.ts";
import { tokenRowOf } from "./token-row.ts";

/** What the token log stands on. */
export interface TokenLogParts {
  /** For what may wait: uses of credentials, rows that were left behind. */
  readonly database: Database;
  /** A pool of one connection, for the writer alone. */
  readonly open: () => Database;
  /** The folder of spools. */
  readonly folder: string;
  /** Told of rows that the database refuses for ever. */
  readonly setAside: SetAsideListener;
  readonly complain: (error: unknown) => void;
}

/** Where a record is kept. */
export interface Kept {
  /** The record's own, or the one of the row that counts it. */
  readonly correlationId: string;
}

/** The record of every token decision. */
export interface TokenLog {
  /** Resolves when the record is durable; a refusal among many equal ones only when it is counted. @throws StoreUnavailable */
  append(issuer: Issuer, record: TokenRecord, feedNumber: number, whenAway: WhenDatabaseAway): Promise<Kept>;
  /** Notes a use of what gets no token. Never waits and never fails. */
  used(use: CredentialUse): void;
  /** Resolves when the row of everything appended so far is in the database or on the disk. */
  written(): Promise<void>;
  /** Resolves when everything is written: after the last request, before the pools close. */
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;

/** Opens the token log; ships what servers that are gone left on the disk, first and each minute. */
export async function openTokenLog(parts: TokenLogParts): Promise<TokenLog> {
  const { database, open, folder, complain } = parts;
  const spool = await openSpool(folder);
  const setAside = openSetAside(folder, parts.setAside);
  // What cannot be shipped now stays where it is until the next minute.
  const shipLeft = oneAfterAnother(
    () => shipLeftSpools(folder, (rows) => shipTokenRows(database, setAside, rows), BATCH_ROWS).catch(complain),
    0,
  );
  await shipLeft();
  const writer = tokenLogWriter({ open, spool, setAside, complain });
  const floods = new RefusalFloods();
  const uses = credentialUses(database);
  const writeCounted = async (now?: number): Promise<void> => {
    await Promise.allSettled(floods.ended(now).map((row) => writer.append(row, "continue")));
  };
  const counting = setInterval(() => void writeCounted(Date.now()), MINUTE_MS / 6).unref();
  const shipping = setInterval(() => void shipLeft(), MINUTE_MS).unref();

  return {
    async append(issuer, record, feedNumber, whenAway) {
      const row = tokenRowOf(issuer, record, feedNumber);
      if (record.outcome === "issued") {
        const { tenantId, workspaceId } = issuer;
        const { credentialId, at, address, agent } = record;
        await writer.append(row, whenAway);
        uses.note({ tenantId, workspaceId, credentialId, at, address, agent });
        return record;
      }
      const kept = floods.add(row);
      if ("countedAs" in kept) return { correlationId: kept.countedAs };
      await writer.append(kept.write, whenAway);
      return record;
    },
    used: uses.note,
    written: () => writer.written(),
    async close() {
      clearInterval(counting);
      clearInterval(shipping);
      await writeCounted();
      await Promise.all([writer.close(), uses.close()]);
    },
  };
}

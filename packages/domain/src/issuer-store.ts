import { isDatabaseUnavailable } from "@mintmark/db";
import { type Client, type Issuer, type IssuerStore, StoreUnavailable, type TokenRecord } from "@mintmark/token-issuer";
import { BoundedCache } from "./bounded-cache.ts";
import { shardOf } from "./change-feed.ts";
import { loadClient } from "./client-snapshot.ts";
import { type FeedNumbers, feedReader } from "./feed-numbers.ts";
import type { Installation } from "./handle.ts";
import { loadIssuer } from "./issuer-snapshot.ts";
import { lastUse } from "./last-use.ts";
import { SnapshotCache } from "./snapshot-cache.ts";
import { appendTokenRecord } from "./token-log.ts";

const ISSUERS = 10_000;
const CLIENTS = 100_000;
const PRIVATE_KEYS = 1000;

/** What could be in the database: everything else is unknown without a look, and never a key in memory. */
const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;
const CLIENT_ID = /^[\x20-\x7e]{1,255}$/;

/** A query that waits for a connection longer than this is given up: the caller is told to try again. */
const PATIENCE_MS = 5000;

/** The issuer's store over PostgreSQL, with what the server does besides. */
export interface PostgresIssuerStore extends IssuerStore {
  /** Resolves when nothing is being written in the background any more: before the pool closes. */
  settled(): Promise<void>;
}

/**
 * The store of the token path. `findIssuer` reads how far the change feed is; issuers and clients are kept in memory
 * and loaded again when it moved. Every method rejects with `StoreUnavailable` while the database is away.
 */
export function postgresIssuerStore(installation: Installation): PostgresIssuerStore {
  const { database, keyring } = installation;
  const source = { database, keyring, privateKeys: new BoundedCache<Awaited<ReturnType<Key>>>(PRIVATE_KEYS) };
  const feed = feedReader(database);
  const issuers = new SnapshotCache<Issuer>(ISSUERS);
  const clients = new SnapshotCache<Client>(CLIENTS);
  const uses = lastUse(database);
  const decidedAt = new WeakMap<Issuer, number>();

  const findIssuer = async (tenant: string, workspace: string): Promise<Issuer | undefined> => {
    if (!SLUG.test(tenant) || !SLUG.test(workspace)) return undefined;
    const numbers = await feed.read();
    const load = () => loadIssuer(source, tenant, workspace);
    const issuer = await issuers.get(`${tenant}/${workspace}`, numbers, installation.now(), load);
    if (issuer && !decidedAt.has(issuer)) decidedAt.set(issuer, numberOf(numbers, issuer));
    return issuer;
  };

  const findClient = async (issuer: Issuer, clientId: string): Promise<Client | undefined> => {
    if (!CLIENT_ID.test(clientId)) return undefined;
    // The issuer was found in this same request, so that the newest numbers known were read after it came in.
    const numbers = feed.latest() ?? (await feed.read());
    const now = installation.now();
    const key = `${issuer.tenantId} ${issuer.workspaceId} ${clientId}`;
    return clients.get(key, numbers, now, () => loadClient(database, issuer, clientId, now));
  };

  const appendToTokenLog = async (issuer: Issuer, record: TokenRecord): Promise<void> => {
    await appendTokenRecord(database, issuer, record, decidedAt.get(issuer) ?? 0);
    if (record.outcome !== "issued") return;
    const { credentialId, at, address } = record;
    uses.note({ tenantId: issuer.tenantId, credentialId, at, address });
  };

  return {
    findIssuer: (tenant, workspace) => answered(findIssuer(tenant, workspace)),
    findClient: (issuer, clientId) => answered(findClient(issuer, clientId)),
    secretDigest: (value, pepperVersion) => keyring.digest(value, pepperVersion),
    get currentPepperVersion() {
      return keyring.currentPepperVersion;
    },
    appendToTokenLog: (issuer, record) => answered(appendToTokenLog(issuer, record)),
    revokeToken: ({ tenantId, workspaceId }, { jti, clientId, expiresAt }) =>
      answered(
        database.sql`insert into revoked_tokens (tenant_id, workspace_id, jti, client_id, expires_at)
          values (${tenantId}, ${workspaceId}, ${jti}, ${clientId}, ${expiresAt}) on conflict do nothing`.then(
          () => {},
        ),
      ),
    isTokenRevoked: ({ tenantId, workspaceId }, jti) =>
      answered(
        database.sql`select 1 from revoked_tokens
          where tenant_id = ${tenantId} and workspace_id = ${workspaceId} and jti = ${jti}`.then(
          (rows) => rows.length > 0,
        ),
      ),
    settled: () => uses.settled(),
  };
}

type Key = Issuer["keys"][number]["privateKey"];

const numberOf = ({ numbers }: FeedNumbers, { tenantId }: Issuer): number => numbers[shardOf(tenantId)] ?? 0;

/** Waits for the database, but not for ever; tells "it is away" from every other error. */
async function answered<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreUnavailable("the database did not answer in time")), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    throw isDatabaseUnavailable(error) ? new StoreUnavailable("the database is away") : error;
  } finally {
    clearTimeout(timer);
  }
}

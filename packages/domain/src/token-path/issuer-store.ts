import { type Database, isDatabaseUnavailable } from "@mintmark/db";
import {
  type ApiToken,
  BoundedCache,
  type Client,
  type Freshness,
  type Issuer,
  type IssuerStore,
  type KeySetFetch,
  StoreUnavailable,
} from "@mintmark/token-issuer";
import { tagsOf } from "../change/feed-tags.ts";
import type { Installation } from "../change/handle.ts";
import { revokeOwnApiToken } from "../credentials/own-api-token.ts";
import { openLine } from "../line.ts";
import { oneAfterAnother } from "../one-after-another.ts";
import { patient } from "../patience.ts";
import { PulseExchange } from "../pulse/pulse-exchange.ts";
import { PulseMeter } from "../pulse/pulse-meter.ts";
import { writeMinutes } from "../pulse/token-minutes.ts";
import { tokenUseNotes } from "../records/token-uses.ts";
import { keySetFetches } from "../signing-keys/jwks-fetches.ts";
import type { CredentialUse } from "../token-log/credential-uses.ts";
import type { SetAsideListener } from "../token-log/set-aside.ts";
import { openTokenLog } from "../token-log/token-log.ts";
import { couldBeTokenOf, loadApiToken } from "./api-token-snapshot.ts";
import { clientLoader } from "./client-loader.ts";
import { Drops } from "./drops.ts";
import type { FeedRow } from "./feed-cursor.ts";
import { readCutOffRows } from "./feed-query.ts";
import { loadIssuer, type WorkspaceIssuer } from "./issuer-snapshot.ts";
import { loadBudget, sharedLoadBudget } from "./load-budget.ts";
import { cutOffsOf } from "./overtaken-tokens.ts";
import { overtakenWatch } from "./overtaken-watch.ts";
import { takeReplayId } from "./replay-id.ts";
import { createReplica, type FeedListener, type Replica } from "./replica.ts";
import { RevokedTokens, writeRevocations } from "./revoked-tokens.ts";
import { SnapshotCache } from "./snapshot-cache.ts";
import { loadEndedNumbers } from "./status-numbers.ts";

const ISSUERS = 20_000;
const CLIENTS = 1_000_000;
const API_TOKENS = 200_000;
const PRIVATE_KEYS = 1000;

/** What could be in the database: everything else is unknown without a look, and never a key in memory. */
const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;
const CLIENT_ID = /^[\x20-\x7e]{1,255}$/;

/** A query that waits for a connection longer than this is given up: the caller is told to try again. */
const PATIENCE_MS = 5000;
/** How often what was counted is written, in milliseconds. */
const FLUSH_MS = 10_000;

/** The issuer's store over PostgreSQL and memory, with what the server does besides. */
export interface PostgresIssuerStore extends IssuerStore {
  /** This process among the servers of the installation. */
  readonly replica: Replica;
  /** What token endpoints do now, at all servers. */
  readonly pulses: PulseExchange;
  /** Counts a token that was issued, and how many milliseconds that took. */
  countIssued(issuer: Issuer, milliseconds: number): void;
  /** Notes a use of a credential that gets no token. Never waits and never fails. */
  noteUse(use: CredentialUse): void;
  /** Notes that a verifier fetched a JWK Set. */
  noteKeySetFetch(issuer: Issuer, fetch: KeySetFetch): void;
  /** Resolves when nothing is being written in the background any more: before the pool closes. */
  settled(): Promise<void>;
}

/** What the store needs beside an installation. */
export interface StoreParts {
  /** Opens a pool of one connection. */
  readonly open: () => Database;
  /** Where records wait while the database is away. */
  readonly spoolFolder: string;
  /** Told of records of the spool that the database refuses for ever. */
  readonly setAside: SetAsideListener;
  /** Told of each change, whichever process made it. */
  readonly heard: (row: FeedRow) => void;
  /** Told what goes wrong without anybody's request failing by it. */
  readonly complain: (error: unknown) => void;
}

/**
 * The store of the token path: issuers, clients and revoked tokens are in memory, and the change feed says what of it is
 * out of date. In the steady state nothing is read. Every method rejects with `StoreUnavailable` where it would have to
 * ask a database that is away, and where changes were not heard of for too long.
 */
export async function postgresIssuerStore(
  installation: Installation,
  { open, spoolFolder, setAside, heard, complain }: StoreParts,
): Promise<PostgresIssuerStore> {
  const { database, keyring } = installation;
  const reads = openLine(open);
  // Apart, since a revocation may have to wait for the tenant's counter.
  const writes = openLine(open);
  // Apart again: whoever asks often must not make revocations wait.
  const onceOnly = openLine(open);
  const source = { keyring, privateKeys: new BoundedCache<Awaited<ReturnType<Key>>>(PRIVATE_KEYS) };
  const drops = new Drops();
  const revoked = new RevokedTokens();
  const issuers = new SnapshotCache<WorkspaceIssuer>(ISSUERS, drops);
  const clients = new SnapshotCache<Client>(CLIENTS, drops);
  const apiTokens = new SnapshotCache<ApiToken>(API_TOKENS, drops);
  const ended = new SnapshotCache<readonly number[]>(ISSUERS, drops);
  const loads = loadBudget();
  // Apart: who shows random API tokens needs no client, and must not use up what clients are loaded with.
  const tokenLoads = sharedLoadBudget();
  const load = clientLoader(reads, installation.now, loads);

  const tokenLog = await openTokenLog({ database, open, folder: spoolFolder, setAside, complain });
  const watch = overtakenWatch({ line: writes, now: installation.now, written: tokenLog.written, complain });
  const meter = new PulseMeter();
  const pulses = new PulseExchange(meter);
  const fetches = keySetFetches(database);
  const uses = tokenUseNotes(database, complain);
  const listener: FeedListener = {
    changed(row) {
      for (const cutOff of cutOffsOf(row)) watch.heard(cutOff);
      for (const tag of tagsOf(row)) drops.drop(tag);
      for (const { kind, id, workspaceId, until } of row.touched)
        if (kind === "token" && workspaceId && until) revoked.add(workspaceId, id, Date.parse(until), Date.now());
      heard(row);
    },
    async lost(sql, known) {
      drops.drop("all");
      await revoked.load(sql, installation.now());
      for (const row of await readCutOffRows(sql, known)) for (const cutOff of cutOffsOf(row)) watch.heard(cutOff);
    },
  };
  const replica = createReplica({ open, masterKeys: keyring.keyNames, listener, cargo: pulses });
  const writeCounted = oneAfterAnother(
    () =>
      meter
        .flush((minutes) => patient(writeMinutes(database, replica.id, minutes), PATIENCE_MS))
        // While the database is away they wait, and others complain.
        .catch((error: unknown) => (isAway(error) ? undefined : complain(error))),
    0,
  );
  const counting = setInterval(() => void writeCounted(), FLUSH_MS).unref();

  const cachedIssuer = (tenant: string, workspace: string) => {
    if (!SLUG.test(tenant) || !SLUG.test(workspace)) return undefined;
    return issuers.get(issuerKey(tenant, workspace), Date.now(), async (isKnown) => {
      if (!isKnown && !loads.take()) throw new StoreUnavailable("too many issuers that are not in memory");
      return reads.ask((database) => loadIssuer({ ...source, database }, tenant, workspace), PATIENCE_MS);
    });
  };
  const believed = (issuer: WorkspaceIssuer | undefined): WorkspaceIssuer | undefined => {
    replica.requireFresh(issuer?.maxStale ?? null);
    return issuer;
  };
  const confirmedIssuer = async (tenant: string, workspace: string) => {
    await replica.confirm();
    return believed(await cachedIssuer(tenant, workspace));
  };
  const findIssuer = (tenant: string, workspace: string, freshness: Freshness) => {
    if (freshness === "confirmed") return answered(confirmedIssuer(tenant, workspace));
    const issuer = cachedIssuer(tenant, workspace);
    // What is at hand costs neither a promise nor a timer.
    return issuer instanceof Promise ? answered(issuer.then(believed)) : believed(issuer);
  };

  const findClient = (issuer: Issuer, clientId: string) => {
    if (!CLIENT_ID.test(clientId)) return undefined;
    const get = () =>
      clients.get(clientKey(issuer, clientId), Date.now(), (isKnown) => load({ issuer, clientId, isKnown }));
    const known = get();
    const client = lacksNumber(issuer, known) ? again(known, get) : known;
    return client instanceof Promise ? answered(client) : client;
  };

  /** It was loaded before its workspace had status lists. */
  const again = (client: Client, get: () => Promise<Client | undefined> | Client | undefined) => {
    drops.drop(client.id);
    return get();
  };

  const findApiToken = (issuer: Issuer, value: string) => {
    if (!couldBeTokenOf(issuer, value)) return undefined;
    const digests = keyring.pepperVersions.map((version) => keyring.digest(value, version));
    const [first = Buffer.alloc(0)] = digests;
    const token = apiTokens.get(tokenKey(issuer, first), Date.now(), async (isKnown) => {
      if (!isKnown && !tokenLoads.take(issuer.workspaceId))
        throw new StoreUnavailable("too many API tokens that are not in memory");
      return reads.ask((database) => loadApiToken(database, issuer, digests), PATIENCE_MS);
    });
    return token instanceof Promise ? answered(token) : token;
  };

  await replica.start();
  return {
    replica,
    findIssuer,
    findClient,
    hasIssuer: (tenant, workspace) => issuers.has(issuerKey(tenant, workspace), Date.now()),
    hasClient: (issuer, clientId) => clients.has(clientKey(issuer, clientId), Date.now()),
    secretDigest: (value, pepperVersion) => keyring.digest(value, pepperVersion),
    pepperVersions: keyring.pepperVersions,
    appendToTokenLog(issuer, record) {
      // Every issuer that comes in here came out of `findIssuer`.
      const { whenDatabaseAway } = issuer as WorkspaceIssuer;
      const kept = tokenLog.append(issuer, record, replica.feedNumber(issuer.tenantId), whenDatabaseAway);
      if (record.outcome === "issued") return kept;
      return kept.then((row) => {
        meter.refused(issuer);
        return row;
      });
    },
    pulses,
    countIssued: (issuer, milliseconds) => meter.issued(issuer, milliseconds),
    noteUse: tokenLog.used,
    noteKeySetFetch: fetches.note,
    takeReplayId: (issuer, replay) =>
      answered(onceOnly.ask((database) => takeReplayId(database, issuer, replay), PATIENCE_MS)),
    async revokeToken(issuer, revocation) {
      await answered(
        writes.ask((database) => writeRevocations(database, issuer, [revocation], installation.now()), PATIENCE_MS),
      );
      revoked.add(issuer.workspaceId, revocation.jti, revocation.expiresAt.getTime(), Date.now());
    },
    endedStatusNumbers: async (issuer) => {
      const load = () => reads.ask((database) => loadEndedNumbers(database, issuer), PATIENCE_MS);
      return (await answered(Promise.resolve(ended.get(issuer.workspaceId, Date.now(), load)))) ?? [];
    },
    findApiToken,
    async revokeApiToken(issuer, token, request) {
      await answered(
        writes.ask((database) => revokeOwnApiToken(database, installation, issuer, token, request), PATIENCE_MS),
      );
      drops.drop(token.id);
    },
    noteApiTokenUse({ tenantId, workspaceId }, { id: credentialId }, { address, headers }, at) {
      const [, agent] = headers.find(([name]) => name.toLowerCase() === "user-agent") ?? [];
      tokenLog.used({ tenantId, workspaceId, credentialId, at, address, agent: agent?.slice(0, 256) });
    },
    noteTokenUse: uses.note,
    isTokenRevoked: (issuer, jti) => revoked.has(issuer, jti),
    async settled() {
      clearInterval(counting);
      await tokenLog.close();
      await Promise.all([writeCounted(), fetches.close(), uses.close()]);
      await replica.stop();
      await watch.stop();
      await Promise.allSettled([reads.close(), writes.close(), onceOnly.close()]);
    },
  };
}

const issuerKey = (tenant: string, workspace: string) => `${tenant}/${workspace}`;
const tokenKey = ({ workspaceId }: Issuer, digest: Buffer) => `${workspaceId} ${digest.toString("latin1")}`;
const clientKey = ({ workspaceId }: Issuer, clientId: string) => `${workspaceId} ${clientId}`;

const lacksNumber = (
  { statusKey }: Issuer,
  client: Promise<Client | undefined> | Client | undefined,
): client is Client =>
  statusKey !== undefined && client !== undefined && !(client instanceof Promise) && client.statusNumber === undefined;

type Key = Issuer["keys"][number]["privateKey"];

const isAway = (error: unknown): boolean => error instanceof StoreUnavailable || isDatabaseUnavailable(error);

/** Waits for the database, but not for ever; tells "it is away" from every other error. */
async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await patient(work, PATIENCE_MS);
  } catch (error) {
    throw isDatabaseUnavailable(error) ? new StoreUnavailable("the database is away") : error;
  }
}

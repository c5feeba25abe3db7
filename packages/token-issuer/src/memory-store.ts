import { createHash, createHmac, createPrivateKey, createSecretKey, randomBytes } from "node:crypto";
import type {
  NewApiToken,
  NewClient,
  NewFederatedCredential,
  NewIssuer,
  NewKey,
  NewSecret,
} from "./memory-store-input.ts";
import { generateSigningKey } from "./signing-keys.ts";
import {
  type ApiToken,
  type Client,
  type ClientKey,
  type ClientSecret,
  type FederatedCredential,
  type Freshness,
  type Issuer,
  type IssuerStore,
  ReplayedId,
  type Resource,
  type Revocation,
  type SigningAlgorithm,
  type SigningKey,
} from "./store.ts";
import type { ReplayId, TokenRecord } from "./token-record.ts";

/** The one pepper of a store in memory. */
const PEPPER = 1;

interface World {
  issuer: Issuer;
  readonly clients: Map<string, Client>;
  readonly revoked: Map<string, Revocation>;
  /** By value. */
  readonly apiTokens: Map<string, ApiToken>;
  readonly taken: Set<string>;
  /** Status numbers of tokens that count no more. */
  ended: readonly number[];
}

/**
 * An {@link IssuerStore} in memory: for trying out, for tests, and for programs whose few clients stand in their
 * configuration. Snapshots are replaced whole, as every store must do. Everything is lost with the process.
 */
export class MemoryStore implements IssuerStore {
  readonly pepperVersions: readonly number[] = [PEPPER];
  /** Every decision so far, oldest first. */
  readonly tokenLog: TokenRecord[] = [];
  #nextNumber = 0;
  readonly #worlds = new Map<string, World>();
  // A KeyObject, not bytes: HMAC then costs 4 µs instead of 18 on Node 24.
  readonly #pepper = createSecretKey(randomBytes(32));

  /** Adds an issuer with a fresh signing key; returns its first snapshot. */
  async addIssuer(wanted: NewIssuer): Promise<Issuer> {
    const issuer: Issuer = {
      tenantId: wanted.tenant,
      workspaceId: `${wanted.tenant}/${wanted.workspace}`,
      url: wanted.url,
      status: "active",
      signingAlgorithm: wanted.signingAlgorithm ?? "ES256",
      accessTokenLifetime: wanted.accessTokenLifetime ?? 900,
      accessTokenFormat: wanted.accessTokenFormat ?? "jwt",
      customClaims: wanted.customClaims,
      jwksMaxAge: wanted.jwksMaxAge ?? 300,
      clientAuthenticationMethods: new Set(
        wanted.clientAuthenticationMethods ?? ["client_secret_basic", "client_secret_post"],
      ),
      dpop: wanted.dpop ?? "optional",
      ...(wanted.statusList && { statusKey: createSecretKey(randomBytes(32)) }),
      certificateBinding: wanted.certificateBinding ?? "optional",
      clientAuthorities: (wanted.clientAuthorities ?? []).map((pem, at) => ({ id: `authority ${at}`, pem })),
      ...(wanted.acceptsJwtScheme && { acceptsJwtScheme: true }),
      tokenLimit: wanted.tokenLimit,
      tokenExchange: wanted.tokenExchange,
      clientTokenLimit: wanted.clientTokenLimit,
      keys: [await newKey(wanted.signingAlgorithm ?? "ES256")],
      resources: new Map(),
    };
    this.#worlds.set(issuer.workspaceId, {
      issuer,
      clients: new Map(),
      revoked: new Map(),
      apiTokens: new Map(),
      taken: new Set(),
      ended: [],
    });
    return issuer;
  }

  /** Gives an issuer a key of one more algorithm, which signs for the clients that chose it. */
  async addSigningKey(issuer: Issuer, alg: SigningAlgorithm): Promise<SigningKey> {
    const key = await newKey(alg);
    this.changeIssuer(issuer, { keys: [...this.#world(issuer).issuer.keys, key] });
    return key;
  }

  /** Replaces parts of an issuer, for example its status or its keys. */
  changeIssuer(issuer: Issuer, change: Partial<Issuer>): Issuer {
    const world = this.#world(issuer);
    world.issuer = { ...world.issuer, ...change };
    return world.issuer;
  }

  /** Adds an API with its scopes; `resourceServers` are the ids of clients that may introspect its tokens. */
  addResource(
    issuer: Issuer,
    identifier: string,
    scopes: readonly string[],
    resourceServers: readonly string[] = [],
  ): Resource {
    const resource: Resource = {
      id: identifier,
      identifier,
      scopes: new Set(scopes),
      resourceServers: new Set(resourceServers),
    };
    const { resources } = this.#world(issuer).issuer;
    this.changeIssuer(issuer, { resources: new Map(resources).set(identifier, resource) });
    return resource;
  }

  /** Adds a client; its id and its wire `client_id` are the same here. */
  addClient(issuer: Issuer, wanted: NewClient): Client {
    const { clientId, grants = {}, clientAuthenticationMethods: methods } = wanted;
    const { accessTokenLifetime, accessTokenFormat, customClaims, dpop, certificateBinding, tokenLimit } = wanted;
    const { signingAlgorithm } = wanted;
    const client: Client = {
      id: clientId,
      clientId,
      status: "active",
      secrets: [],
      clientAuthenticationMethods: methods && new Set(methods),
      accessTokenLifetime,
      ...(dpop && { dpop }),
      accessTokenFormat,
      signingAlgorithm,
      customClaims,
      ...(certificateBinding && { certificateBinding }),
      tokenLimit,
      grants: new Map(Object.entries(grants).map(([resource, scopes]) => [resource, new Set(scopes)])),
      tokensNotBefore: undefined,
      statusNumber: this.#nextNumber++,
    };
    this.#world(issuer).clients.set(clientId, client);
    return client;
  }

  /** Replaces parts of a client, for example its status or its cut-off. */
  changeClient(issuer: Issuer, clientId: string, change: Partial<Client>): Client {
    const world = this.#world(issuer);
    const { clients } = world;
    const client = clients.get(clientId);
    if (!client) throw new Error(`No client '${clientId}' in ${issuer.url}. Add it first.`);
    const endsTokens = change.tokensNotBefore !== undefined || change.status === "disabled";
    if (endsTokens) world.ended = [...world.ended, client.statusNumber ?? 0];
    const changed = { ...client, ...(endsTokens && { statusNumber: this.#nextNumber++ }), ...change };
    clients.set(clientId, changed);
    return changed;
  }

  /** Gives a client one more secret. The value is returned here and kept nowhere. */
  addSecret(issuer: Issuer, clientId: string, wanted: NewSecret = {}): { readonly id: string; readonly value: string } {
    const value = wanted.value ?? randomBytes(32).toString("base64url");
    const secret: ClientSecret = {
      id: `sec_${randomBytes(8).toString("hex")}`,
      digest: this.secretDigest(value, PEPPER),
      pepperVersion: PEPPER,
      notBefore: wanted.notBefore ?? new Date(0),
      expiresAt: wanted.expiresAt,
      revokedAt: undefined,
    };
    const secrets = this.#world(issuer).clients.get(clientId)?.secrets ?? [];
    this.changeClient(issuer, clientId, { secrets: [...secrets, secret] });
    return { id: secret.id, value };
  }

  async findIssuer(tenant: string, workspace: string, _freshness?: Freshness): Promise<Issuer | undefined> {
    return this.#worlds.get(`${tenant}/${workspace}`)?.issuer;
  }

  async findClient(issuer: Issuer, clientId: string): Promise<Client | undefined> {
    return this.#world(issuer).clients.get(clientId);
  }

  secretDigest(value: string, _pepperVersion: number): Uint8Array {
    return createHmac("sha256", this.#pepper).update(createHash("sha256").update(value).digest()).digest();
  }

  /** Registers a public key of a client, for `private_key_jwt`. */
  addKey(issuer: Issuer, clientId: string, wanted: NewKey): ClientKey {
    const { publicJwk, kid, notBefore = new Date(0), expiresAt } = wanted;
    const id = `key_${randomBytes(8).toString("hex")}`;
    const key: ClientKey = { id, kid, publicJwk, notBefore, expiresAt, revokedAt: undefined };
    const keys = this.#world(issuer).clients.get(clientId)?.keys ?? [];
    this.changeClient(issuer, clientId, { keys: [...keys, key] });
    return key;
  }

  /** Registers the address of a client's public keys, for `private_key_jwt`. @returns its id */
  addKeySet(issuer: Issuer, clientId: string, jwksUri: string): string {
    const id = `key_${randomBytes(8).toString("hex")}`;
    const set = { id, jwksUri, notBefore: new Date(0), expiresAt: undefined, revokedAt: undefined };
    const sets = this.#world(issuer).clients.get(clientId)?.keySets ?? [];
    this.changeClient(issuer, clientId, { keySets: [...sets, set] });
    return id;
  }

  /** Trusts somebody else's JWT about a client. */
  addFederatedCredential(issuer: Issuer, clientId: string, wanted: NewFederatedCredential): FederatedCredential {
    const { audience = issuer.url, keys, notBefore = new Date(0), expiresAt } = wanted;
    const id = `fed_${randomBytes(8).toString("hex")}`;
    const credential = { ...wanted, id, audience, keys, notBefore, expiresAt, revokedAt: undefined };
    const others = this.#world(issuer).clients.get(clientId)?.federated ?? [];
    this.changeClient(issuer, clientId, { federated: [...others, credential] });
    return credential;
  }

  /** Gives a client a static token: for all that it is granted, or for some of it. The value is returned here. */
  addApiToken(
    issuer: Issuer,
    clientId: string,
    wanted: NewApiToken = {},
  ): { readonly id: string; readonly value: string } {
    const { value = `mmt_${randomBytes(32).toString("hex")}`, permissions, expiresAt } = wanted;
    const narrowed = permissions && new Map(Object.entries(permissions).map(([at, names]) => [at, new Set(names)]));
    const id = `tok_${randomBytes(7).toString("hex")}`;
    const owner = this.#world(issuer).clients.get(clientId)?.id ?? clientId;
    const token = {
      id,
      owner,
      clientId,
      createdAt: new Date(),
      expiresAt,
      revokedAt: undefined,
      permissions: narrowed,
    };
    this.#world(issuer).apiTokens.set(value, token);
    return { id, value };
  }

  async findApiToken(issuer: Issuer, value: string): Promise<ApiToken | undefined> {
    return this.#world(issuer).apiTokens.get(value);
  }

  async revokeApiToken(issuer: Issuer, { id }: ApiToken): Promise<void> {
    const { apiTokens } = this.#world(issuer);
    for (const [value, token] of apiTokens)
      if (token.id === id) apiTokens.set(value, { ...token, revokedAt: token.revokedAt ?? new Date() });
  }

  noteApiTokenUse(): void {}

  noteTokenUse(): void {}

  async endedStatusNumbers(issuer: Issuer): Promise<readonly number[]> {
    return this.#world(issuer).ended;
  }

  async takeReplayId(issuer: Issuer, { id }: ReplayId): Promise<boolean> {
    const { taken } = this.#world(issuer);
    return !taken.has(id) && taken.add(id) !== undefined;
  }

  async appendToTokenLog(issuer: Issuer, record: TokenRecord): Promise<TokenRecord> {
    if (record.outcome === "issued") {
      const { taken } = this.#world(issuer);
      const used = record.replays.find(({ id }) => taken.has(id));
      if (used) throw new ReplayedId(used.id);
      for (const { id } of record.replays) taken.add(id);
    }
    this.tokenLog.push(record);
    return record;
  }

  async revokeToken(issuer: Issuer, revocation: Revocation): Promise<void> {
    this.#world(issuer).revoked.set(revocation.jti, revocation);
  }

  async isTokenRevoked(issuer: Issuer, jti: string): Promise<boolean> {
    return this.#world(issuer).revoked.has(jti);
  }

  #world(issuer: Issuer): World {
    const world = this.#worlds.get(issuer.workspaceId);
    if (!world) throw new Error(`No issuer ${issuer.url} in this store. Add it first.`);
    return world;
  }
}

/** A signing key that is active at once and has no planned end. */
async function newKey(alg: SigningAlgorithm): Promise<SigningKey> {
  const { kid, publicJwk, privateKey } = await generateSigningKey(alg);
  const sealing = createSecretKey(randomBytes(32));
  const opened = createPrivateKey({ key: privateKey, format: "der", type: "pkcs8" });
  const start = new Date(0);
  return {
    kid,
    alg,
    publicJwk,
    publishAt: start,
    activateAt: start,
    retireAt: undefined,
    removeAt: undefined,
    revokedAt: undefined,
    privateKey: () => opened,
    sealingKey: () => sealing,
  };
}

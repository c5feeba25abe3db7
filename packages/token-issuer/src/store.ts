import type { KeyObject } from "node:crypto";
import type { JWK } from "jose";
import type { AlternativeName } from "./certificate/alternative-names.ts";
import type { ForeignKey } from "./client-auth/read-key-set.ts";
import type { CustomClaims } from "./custom-claims.ts";
import type { IssuerRequest } from "./request.ts";
import type { ReplayId, TokenRecord } from "./token-record.ts";
import type { TokenUse } from "./token-use.ts";

/** Signature algorithms an issuer may choose (RFC 7518 §3.1, RFC 8037 §3.1). `ES256` is the default. */
export type SigningAlgorithm = "ES256" | "EdDSA" | "PS256" | "RS256";

/** What an access token is to who holds it: claims that anybody can read, or a text that only its issuer can open. */
export type AccessTokenFormat = "jwt" | "opaque";

/** How a client may prove itself at the token endpoint (RFC 6749 §2.3.1, RFC 7523 §2.2). */
export type ClientAuthenticationMethod =
  | "client_secret_basic"
  | "client_secret_post"
  | "private_key_jwt"
  /** A certificate that one of the workspace's authorities signed, and one that was registered itself (RFC 8705 §2). */
  | "tls_client_auth"
  | "self_signed_tls_client_auth"
  /** Somebody else's JWT about the client's workload, trusted by a federated credential. The name is ours. */
  | "federated_jwt";

/** A signing key of one issuer. Its state follows from the four instants alone; `undefined` = not planned. */
export interface SigningKey {
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  /** Public members only. */
  readonly publicJwk: JWK;
  readonly publishAt: Date;
  readonly activateAt: Date | undefined;
  readonly retireAt: Date | undefined;
  readonly removeAt: Date | undefined;
  readonly revokedAt: Date | undefined;
  /** Unwraps the private key; callers may call it per signature, the store caches. */
  privateKey(): KeyObject | Promise<KeyObject>;
  /** The secret of 32 bytes that opaque tokens are sealed with while this key signs; absent: it seals none. */
  sealingKey?(): KeyObject;
}

/** A protected API of the issuer: its identifier becomes `aud` (RFC 8707 §2). */
export interface Resource {
  readonly id: string;
  /** Absolute URI without fragment, compared byte for byte. */
  readonly identifier: string;
  /** Names of all scopes that exist at this resource. */
  readonly scopes: ReadonlySet<string>;
  /** Ids of the clients that may introspect tokens for this resource (RFC 7662 §2.1), besides a token's own client. */
  readonly resourceServers: ReadonlySet<string>;
}

/** A workspace as the token path sees it: an immutable snapshot. */
export interface Issuer {
  readonly tenantId: string;
  readonly workspaceId: string;
  /** The exact `iss`, e.g. `https://id.example.com/acme/payments`. */
  readonly url: string;
  /** `stopped`: nothing is issued. `suspended`: every token is inactive besides. */
  readonly status: "active" | "stopped" | "suspended";
  readonly signingAlgorithm: SigningAlgorithm;
  /** What signed when that one was chosen: it goes on while the chosen one's first key waits. Absent: nothing else. */
  readonly signingAlgorithmBefore?: SigningAlgorithm | undefined;
  /** Seconds an access token lives, 1 … 86,400. */
  readonly accessTokenLifetime: number;
  readonly accessTokenFormat: AccessTokenFormat;
  /** Added to every access token; absent: nothing. */
  readonly customClaims?: CustomClaims | undefined;
  readonly clientAuthenticationMethods: ReadonlySet<ClientAuthenticationMethod>;
  /** Whether every token is bound to a key of its client (RFC 9449), or those whose clients ask for it. */
  readonly dpop: "optional" | "required";
  /** Tokens issued before are dead, whoever's they are. */
  readonly tokensNotBefore?: Date | undefined;
  /** How many such cut-offs there were so far: each begins new status lists, and ends those before. */
  readonly cutOffs?: number;
  /** 32 bytes that hide clients' places in status lists; absent: tokens carry none. */
  readonly statusKey?: KeyObject;
  /** Whether every token is bound to the certificate that its client showed (RFC 8705 §3), or those that it was got with. */
  readonly certificateBinding: "optional" | "required";
  /** Who may sign the certificates of `tls_client_auth`. */
  readonly clientAuthorities: readonly ClientAuthority[];
  /** Seconds the JWK Set may be cached. */
  readonly jwksMaxAge: number;
  /** Token requests a minute that are taken in all, and of each client; `undefined`: no limit. */
  readonly tokenLimit: number | undefined;
  readonly clientTokenLimit: number | undefined;
  /** Whether clients may exchange tokens (RFC 8693); `undefined`: only those that it is allowed for. */
  readonly tokenExchange?: "allowed" | "refused" | undefined;
  /** Access tokens may come as `Authorization: JWT` too; absent: that is refused by the name of `Bearer`. */
  readonly acceptsJwtScheme?: true;
  /** Clients may register themselves, with a token that was made for that (RFC 7591). */
  readonly registersClients?: true;
  readonly keys: readonly SigningKey[];
  readonly resources: ReadonlyMap<string, Resource>;
}

/** One of a client's secrets, as stored: never the value. */
export interface ClientSecret {
  readonly id: string;
  readonly digest: Uint8Array;
  /** Which pepper made the digest. */
  readonly pepperVersion: number;
  readonly notBefore: Date;
  readonly expiresAt: Date | undefined;
  readonly revokedAt: Date | undefined;
}

/** A public key that a client registered, to sign its assertions with (RFC 7523 §2.2). */
export interface ClientKey {
  readonly id: string;
  /** What its assertions name it by, where they do. */
  readonly kid: string | undefined;
  /** Public members: P-256, Ed25519 or RSA. The algorithms that fit follow from it (RFC 8725 §3.1). */
  readonly publicJwk: JWK;
  readonly notBefore: Date;
  readonly expiresAt: Date | undefined;
  readonly revokedAt: Date | undefined;
}

/** The address of a client's public keys, which it may change by itself (RFC 7591 §2, `jwks_uri`). */
export interface ClientKeySet {
  readonly id: string;
  readonly jwksUri: string;
  readonly notBefore: Date;
  readonly expiresAt: Date | undefined;
  readonly revokedAt: Date | undefined;
}

/** What a client's certificate is known by (RFC 8705 §2.1.2), or the certificate itself. */
export interface CertificateCredential {
  readonly id: string;
  readonly subjectType: "dn" | AlternativeName | "thumbprint";
  /** In the form to compare: `readDistinguishedName`, `comparableName`, or SHA-256 of the DER in base64url. */
  readonly subject: string;
  readonly notBefore: Date;
  readonly expiresAt: Date | undefined;
  readonly revokedAt: Date | undefined;
}

/** An authority that an issuer trusts to sign clients' certificates. */
export interface ClientAuthority {
  readonly id: string;
  readonly pem: string;
}

/** Trust in somebody else's JWT: what it must say, byte for byte, and whose signature counts. */
export interface FederatedCredential {
  readonly id: string;
  /** `iss`. A token without one is of `spiffe://{trust domain}` where its `sub` is a SPIFFE id. */
  readonly issuer: string;
  /** The sole `aud`. */
  readonly audience: string;
  /** Claim → its value. A name that begins with a slash is a JSON Pointer (RFC 6901). */
  readonly claims: Readonly<Record<string, string>>;
  /** `undefined`: those that the issuer's openid-configuration leads to. */
  readonly keys: readonly ForeignKey[] | undefined;
  readonly notBefore: Date;
  readonly expiresAt: Date | undefined;
  readonly revokedAt: Date | undefined;
}

/** A static bearer string of a client, as stored: never the value. */
export interface ApiToken {
  readonly id: string;
  /** The `id` of the client that it acts for: another one may come to send the same `client_id`. */
  readonly owner: string;
  /** That client's wire `client_id`. */
  readonly clientId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | undefined;
  readonly revokedAt: Date | undefined;
  /** Resource identifier → names of scopes that it was narrowed to; `undefined`: everything that its client is granted. */
  readonly permissions: ReadonlyMap<string, ReadonlySet<string>> | undefined;
}

/** A client as the token path sees it: an immutable snapshot. */
export interface Client {
  readonly id: string;
  /** What the client sends; becomes `sub` and `client_id`. */
  readonly clientId: string;
  /** `unapproved`: nobody has let it have tokens, or somebody took that back. */
  readonly status: "active" | "disabled" | "unapproved";
  readonly secrets: readonly ClientSecret[];
  /** For `private_key_jwt`; absent: none. */
  readonly keys?: readonly ClientKey[];
  /** For `private_key_jwt`, by their address; absent: none. */
  readonly keySets?: readonly ClientKeySet[];
  /** For `tls_client_auth` and `self_signed_tls_client_auth`; absent: none. */
  readonly certificates?: readonly CertificateCredential[];
  /** For `federated_jwt`; absent: none. */
  readonly federated?: readonly FederatedCredential[];
  /** Its assertions may name the token endpoint as their audience, as was usual before RFC 7523bis. */
  readonly acceptsTokenEndpointAudience?: true;
  /** `undefined`: whatever the issuer allows. */
  readonly clientAuthenticationMethods: ReadonlySet<ClientAuthenticationMethod> | undefined;
  /** `undefined`: whatever the issuer says. Either's refusal wins. */
  readonly tokenExchange?: "allowed" | "refused" | undefined;
  /** Seconds; `undefined`: the issuer's. The shorter wins. */
  readonly accessTokenLifetime: number | undefined;
  /** Absent: what the issuer says (RFC 9449 §5.2, `dpop_bound_access_tokens`). */
  readonly dpop?: "required";
  /** Absent: the issuer's. */
  readonly accessTokenFormat?: AccessTokenFormat | undefined;
  /** What its JWTs are signed with; absent: what the issuer says. Opaque tokens are sealed under the issuer's either way. */
  readonly signingAlgorithm?: SigningAlgorithm | undefined;
  /** As of the issuer. */
  readonly signingAlgorithmBefore?: SigningAlgorithm | undefined;
  /** Added to its access tokens, beside the issuer's and instead of those of the same name; absent: nothing. */
  readonly customClaims?: CustomClaims | undefined;
  /** Absent: what the issuer says (RFC 8705 §3.4, `tls_client_certificate_bound_access_tokens`). */
  readonly certificateBinding?: "required";
  /** Token requests a minute; `undefined`: the issuer's. The least wins. */
  readonly tokenLimit: number | undefined;
  /**
   * Its number in the status lists, below 2^20; a new one after each cut-off. Needed where the issuer has a `statusKey`.
   */
  readonly statusNumber?: number;
  /** Resource identifier → names of the scopes granted there now (grants and roles together). */
  readonly grants: ReadonlyMap<string, ReadonlySet<string>>;
  /** Tokens with `iat` before this instant are dead; no token is issued until it has passed. */
  readonly tokensNotBefore: Date | undefined;
}

/** One token taken back before its end. */
export interface Revocation {
  readonly jti: string;
  readonly expiresAt: Date;
  readonly clientId: string;
}

/** The store cannot answer now; nothing is known about the caller. Thrown by stores, shown as 503, never as 401. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

/** What the caller presented has become another token before. Thrown by `appendToTokenLog`; no row was kept. */
export class ReplayedId extends Error {
  override readonly name = "ReplayedId";
  /** The first of the ids that was used before. */
  readonly id: string;
  constructor(id: string) {
    super(`used before: ${id}`);
    this.id = id;
  }
}

/** At hand, or on its way. */
type Awaitable<T> = T | Promise<T>;

/**
 * How sure an answer must be. `cached`: what the store has at hand, a moment old at most. `confirmed`: everything that was
 * changed before the call is known. Grants are given by the first; no refusal that rests on the store is given without
 * the second, so that nothing is refused just after it was made.
 */
export type Freshness = "cached" | "confirmed";

/**
 * Everything the issuer asks of the outside. Two implementations: `MemoryStore` here, PostgreSQL in the server.
 *
 * Every method may reject with `StoreUnavailable`; the wire then says 503 with `Retry-After`, never 401.
 */
export interface IssuerStore {
  /** The issuer at this path, by slugs, or `undefined` when there is none. What is asked about it later is as fresh as this. */
  findIssuer(tenant: string, workspace: string, freshness: Freshness): Awaitable<Issuer | undefined>;
  /** The client of this issuer with that wire `client_id`, or `undefined`. */
  findClient(issuer: Issuer, clientId: string): Awaitable<Client | undefined>;
  /**
   * Whether the answer is in memory. Stores where looking further costs something say so: nothing is looked up for callers
   * who have failed too often. Absent: everything is in memory.
   */
  hasIssuer?(tenant: string, workspace: string): boolean;
  hasClient?(issuer: Issuer, clientId: string): boolean;
  /** The digest that a stored secret is compared with: HMAC-SHA-256(pepper, SHA-256(value)). */
  secretDigest(value: string, pepperVersion: number): Uint8Array;
  /** Every pepper version that a stored digest may have: each presented secret is digested under all, so that all cost the same. */
  readonly pepperVersions: readonly number[];
  /**
   * Appends to the token log; resolves when the row is durable. Of many equal refusals some may be counted in one row:
   * then its correlation id comes back, and is what the caller is told.
   */
  appendToTokenLog(issuer: Issuer, record: TokenRecord): Promise<{ readonly correlationId: string }>;
  /** Takes an id that may be used once, where no token row takes it; `false`: it was taken before. Resolves when durable. */
  takeReplayId(issuer: Issuer, replay: ReplayId): Promise<boolean>;
  /** Remembers a revoked token until it would have expired; resolves when durable. Idempotent. */
  revokeToken(issuer: Issuer, revocation: Revocation): Promise<void>;
  isTokenRevoked(issuer: Issuer, jti: string): Awaitable<boolean>;
  /** The API token of this issuer with that value, or `undefined`. */
  findApiToken(issuer: Issuer, value: string): Awaitable<ApiToken | undefined>;
  /** Stops an API token for good because its own client asked for that; resolves when durable. Idempotent. */
  revokeApiToken(issuer: Issuer, token: ApiToken, request: IssuerRequest): Promise<void>;
  /** Notes that an API token was used, and from where. Never waits and never fails. */
  noteApiTokenUse(issuer: Issuer, token: ApiToken, request: IssuerRequest, at: Date): void;
  /** Notes that a token was shown to an API that asked about it here. Never waits and never throws. */
  noteTokenUse(issuer: Issuer, use: TokenUse): void;
  /** The status numbers whose tokens count no more; the same object while they are the same. Absent: there are none. */
  endedStatusNumbers?(issuer: Issuer): Awaitable<readonly number[]>;
}

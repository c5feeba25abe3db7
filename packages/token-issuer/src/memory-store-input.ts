import type { JWK } from "jose";
import type { ForeignKey } from "./client-auth/read-key-set.ts";
import type { CustomClaims } from "./custom-claims.ts";
import type { AccessTokenFormat, ClientAuthenticationMethod, Issuer, SigningAlgorithm } from "./store.ts";

/** What a new issuer needs; the rest has defaults. */
export interface NewIssuer {
  readonly tenant: string;
  readonly workspace: string;
  /** The exact `iss`, ending in `/{tenant}/{workspace}` where the endpoints are mounted like that. */
  readonly url: string;
  /** Default `ES256`. */
  readonly signingAlgorithm?: SigningAlgorithm;
  /** Seconds; default 900. */
  readonly accessTokenLifetime?: number;
  /** Default `jwt`. */
  readonly accessTokenFormat?: AccessTokenFormat;
  /** Added to every access token. */
  readonly customClaims?: CustomClaims;
  /** Seconds; default 300. */
  readonly jwksMaxAge?: number;
  readonly clientAuthenticationMethods?: readonly ClientAuthenticationMethod[];
  /** Whether tokens carry their place in a status list. */
  readonly statusList?: boolean;
  /** Whether every token is bound to a key of its client (RFC 9449). Default `optional`. */
  readonly dpop?: Issuer["dpop"];
  /** Whether every token is bound to its client's certificate (RFC 8705). Default `optional`. */
  readonly certificateBinding?: Issuer["certificateBinding"];
  /** Access tokens may come as `Authorization: JWT` too. */
  readonly acceptsJwtScheme?: true;
  /** Certificates in PEM of those who may sign clients' certificates. */
  readonly clientAuthorities?: readonly string[];
  /** Token requests a minute that are taken in all, and of each client; default: no limit. */
  readonly tokenLimit?: number;
  readonly clientTokenLimit?: number;
  /** Default: only the clients that it is allowed for. */
  readonly tokenExchange?: "allowed" | "refused";
}

/** What a new client needs. Nothing is granted by default. */
export interface NewClient {
  readonly clientId: string;
  /** Resource identifier → scope names. */
  readonly grants?: Readonly<Record<string, readonly string[]>>;
  readonly clientAuthenticationMethods?: readonly ClientAuthenticationMethod[];
  readonly accessTokenLifetime?: number;
  /** Its tokens are bound to a key of its own (RFC 9449). */
  readonly dpop?: "required";
  readonly accessTokenFormat?: AccessTokenFormat;
  /** What its JWTs are signed with, where the issuer has a key for it; default: what the issuer says. */
  readonly signingAlgorithm?: SigningAlgorithm;
  readonly customClaims?: CustomClaims;
  /** Its tokens are bound to its certificate (RFC 8705). */
  readonly certificateBinding?: "required";
  /** Token requests a minute. */
  readonly tokenLimit?: number;
}

/** What a new secret may say; by default it is random, starts now and does not expire. */
export interface NewSecret {
  readonly value?: string;
  readonly notBefore?: Date;
  readonly expiresAt?: Date;
}

/** What a new static token may say; by default it is random, follows its client's grants and does not expire. */
export interface NewApiToken {
  readonly value?: string;
  /** Resource identifier → scope names. */
  readonly permissions?: Readonly<Record<string, readonly string[]>>;
  readonly expiresAt?: Date;
}

/** What a new key may say; it starts now and does not expire unless it says so. */
export interface NewKey {
  readonly publicJwk: JWK;
  readonly kid?: string;
  readonly notBefore?: Date;
  readonly expiresAt?: Date;
}

/** What a new federated credential may say; its keys are found through the issuer, and the audience is this issuer, unless it says so. */
export interface NewFederatedCredential {
  readonly issuer: string;
  readonly audience?: string;
  /** Claim → value. */
  readonly claims: Readonly<Record<string, string>>;
  readonly keys?: readonly ForeignKey[];
  readonly notBefore?: Date;
  readonly expiresAt?: Date;
}

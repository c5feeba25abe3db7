import type { JWK } from "jose";
import type { Failure } from "../failure.ts";
import type { CertificateCredential, ClientAuthenticationMethod, Issuer } from "../store.ts";

/** Resource identifier → names of scopes there. */
export type Grants = ReadonlyMap<string, ReadonlySet<string>>;

/** What a client may be registered with. */
export interface Allowance {
  /** `undefined`: whatever the issuer allows. */
  readonly methods: ReadonlySet<ClientAuthenticationMethod> | undefined;
  /** Whether it may exchange tokens, where the issuer allows that. */
  readonly exchange: boolean;
  /** The most that it may be granted. */
  readonly grants: Grants;
}

/** An initial access token that somebody showed (RFC 7591 §3), and what it is good for. */
export interface InitialAccess extends Allowance {
  readonly id: string;
}

/** A client that manages its own registration, by the registration access token that it showed (RFC 7592 §2). */
export interface ManagedClient extends Allowance {
  /** Its internal id. */
  readonly id: string;
  /** What it holds now: it can give that up, and not widen it. */
  readonly grants: Grants;
}

/** What a certificate is known by, or the certificate itself in PEM and when it ends. */
export type CertificateRegistration = Pick<CertificateCredential, "subjectType" | "subject"> & {
  readonly pem?: string;
  readonly notAfter?: Date;
};

/** A public key by its name. */
export interface RegisteredKey {
  readonly kid: string;
  /** Public members. */
  readonly publicJwk: JWK;
}

/** What a client proves itself with. A secret is made by the server: nobody chooses their own. */
export type RegisteredCredentials =
  | { readonly kind: "secret" }
  | { readonly kind: "keys"; readonly keys: readonly RegisteredKey[] }
  | { readonly kind: "key_set"; readonly jwksUri: string }
  | { readonly kind: "certificates"; readonly certificates: readonly CertificateRegistration[] };

/** A client's metadata (RFC 7591 §2) as the issuer understands them; what else was sent is gone. */
export interface ClientMetadata {
  /** `client_name`; `undefined`: it has none. */
  readonly name: string | undefined;
  /** `token_endpoint_auth_method`; where a client says nothing, both ways to send a secret, the one that is said first. */
  readonly methods: readonly [ClientAuthenticationMethod, ...ClientAuthenticationMethod[]];
  readonly credentials: RegisteredCredentials;
  /** Whether `grant_types` names token exchange too. */
  readonly mayExchange: boolean;
  /** `scope` and `resource` (ours). */
  readonly grants: Grants;
  /** `dpop_bound_access_tokens` (RFC 9449 §5.2). */
  readonly requiresDpop: boolean;
  /** `tls_client_certificate_bound_access_tokens` (RFC 8705 §3.4). */
  readonly requiresCertificate: boolean;
}

/** A registration as it is now. */
export interface Registration {
  readonly clientId: string;
  readonly issuedAt: Date;
  readonly metadata: ClientMetadata;
  /** When the secret ends that lives longest; `null`: never. Absent: there is none. */
  readonly secretExpiresAt?: Date | null;
  /** A secret that was made just now. */
  readonly secret?: string;
}

/** A client that was made just now, and the token that manages it: neither value is kept anywhere. */
export interface NewRegistration extends Registration {
  readonly registrationAccessToken: string;
}

/** Where a request came from, for whoever keeps the record. */
export interface Provenance {
  readonly correlationId: string;
  readonly address: string;
  readonly agent: string | undefined;
}

/**
 * Who keeps registered clients. Every method may reject with `StoreUnavailable`; each change is done as a whole or not at
 * all, and is what it answers with.
 */
export interface ClientRegistry {
  /** What an initial access token is good for now; a failure where it is good for nothing. */
  findInitialAccess(issuer: Issuer, token: string): Promise<InitialAccess | Failure>;
  /** Makes a client and spends one use of the token. Of many at once, no more are made than it has uses left. */
  register(
    issuer: Issuer,
    access: InitialAccess,
    wanted: ClientMetadata,
    from: Provenance,
  ): Promise<NewRegistration | Failure>;
  /** The client of that `client_id` whose registration the token manages; a failure that is alike for all that is wrong. */
  findManaged(issuer: Issuer, clientId: string, token: string): Promise<ManagedClient | Failure>;
  read(issuer: Issuer, client: ManagedClient): Promise<Registration | Failure>;
  /** Whether the value is a secret that works for the client now (RFC 7592 §2.2). */
  hasSecret(issuer: Issuer, client: ManagedClient, secret: string): Promise<boolean>;
  /** Puts a registration in the place of the one before. A secret stays; one is made where none works. */
  replace(
    issuer: Issuer,
    client: ManagedClient,
    wanted: ClientMetadata,
    from: Provenance,
  ): Promise<Registration | Failure>;
  /** Deletes the client with all that it has. */
  remove(issuer: Issuer, client: ManagedClient, from: Provenance): Promise<undefined | Failure>;
}

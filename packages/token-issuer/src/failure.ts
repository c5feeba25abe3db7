import type { AlternativeName } from "./certificate/alternative-names.ts";
import type { PathProblem } from "./certificate/certificate-path.ts";
import type { DifferenceKind } from "./client-auth/difference.ts";
import type { KeySetProblem } from "./document.ts";
import { cut } from "./request.ts";
import type { ClientAuthenticationMethod, SigningAlgorithm } from "./store.ts";

/** Why a form could not be read. */
export type FormProblem = "percent_encoding" | "utf8" | "nul";

/** Why a string is not a resource indicator (RFC 8707 §2). */
export type ResourceProblem = "not_absolute" | "fragment" | "character";

/** Why a presented string is not a JWT this issuer could have made. */
export type TokenProblem =
  | "too_long"
  | "not_three_parts"
  | "not_five_parts"
  | "encoding"
  | "json"
  | "duplicate_member"
  | "header"
  | "forbidden_header"
  | "type"
  | "claims";

/** A claim of a client's assertion (RFC 7523 §3), and why it is not right. */
export type AssertionClaim = "iss" | "sub" | "aud" | "exp" | "iat" | "nbf" | "jti";
export type ClaimProblem = "missing" | "differs" | "passed" | "ahead" | "too_far";

/** Why what stands in the `DPoP` headers is no proof (RFC 9449 §4.3). */
export type ProofProblem =
  | TokenProblem
  | "no_proof"
  | "several_proofs"
  | "algorithm"
  | "key"
  | "private_key"
  | "signature";
export type ProofClaim = "htm" | "htu" | "iat" | "exp" | "nbf" | "jti" | "ath";
/** Where a proof was shown: to get a token, or beside one. */
export type ProofPlace = "token" | "resource";

/** Why a member of client metadata (RFC 7591 §2) is not taken. `refused`: the `detail` says it. */
export type MetadataProblem =
  | "type"
  | "text"
  | "unsupported"
  | "not_allowed"
  | "missing"
  | "needed"
  | "both"
  | "private"
  | "key"
  | "repeated"
  | "too_many"
  | "certificate"
  | "certificate_name"
  | "address"
  | "differs"
  | "server_member"
  | "refused";

/** Evidence of every refusal of a client: who it said it was, and how it tried to prove it. */
type Attempt = {
  readonly clientId: string;
  readonly method: ClientAuthenticationMethod;
};

/** Why somebody else's token is not trusted. `rule` is the first that fails, of `failing`; `distance` counts characters. */
export type ForeignTokenFailure =
  | { readonly reason: "no_federated_credential" }
  | {
      readonly reason: "federated_rule_missed";
      readonly credentialId: string;
      readonly rule: string;
      readonly expected: string;
      readonly presented: string;
      readonly difference: DifferenceKind;
      readonly distance: number;
      readonly failing: number;
    }
  | { readonly reason: "federated_credential_not_yet_valid"; readonly credentialId: string; readonly notBefore: Date }
  | { readonly reason: "federated_credential_expired"; readonly credentialId: string; readonly expiredAt: Date }
  | { readonly reason: "federated_credential_revoked"; readonly credentialId: string; readonly revokedAt: Date }
  | {
      readonly reason: "key_set_unavailable";
      readonly credentialId: string;
      readonly address: string;
      readonly problem: KeySetProblem;
    }
  | {
      readonly reason: "unknown_federated_key";
      readonly credentialId: string;
      readonly issuer: string;
      readonly kid: string;
    };

/** Why a certificate proves nothing. */
export type CertificateFailure =
  /** `between`: how many were shown with it. `problem`: why the nearest of those that signed it may not. */
  | {
      readonly reason: "certificate_untrusted";
      readonly issuer: string;
      readonly between: number;
      readonly problem?: PathProblem;
    }
  | { readonly reason: "certificate_not_now"; readonly notBefore: Date; readonly notAfter: Date }
  | { readonly reason: "certificate_not_for_clients" }
  | { readonly reason: "unknown_certificate"; readonly thumbprint: string; readonly subject: string }
  | { readonly reason: "certificate_ambiguous"; readonly kind: AlternativeName; readonly count: number }
  | { readonly reason: "certificate_not_yet_valid"; readonly credentialId: string; readonly notBefore: Date }
  | { readonly reason: "certificate_expired"; readonly credentialId: string; readonly expiredAt: Date }
  | { readonly reason: "certificate_revoked"; readonly credentialId: string; readonly revokedAt: Date };

/**
 * Every reason the issuer can refuse for, each with its evidence. Closed: a new reason does not compile until it has
 * its sentences and its place on the wire. Evidence never holds a secret.
 */
export type Failure =
  // The address and the transport
  | { readonly reason: "unknown_path" }
  | { readonly reason: "issuer_not_found"; readonly tenant: string; readonly workspace: string }
  | { readonly reason: "method_not_allowed"; readonly method: string; readonly allow: readonly string[] }
  | { readonly reason: "body_too_large"; readonly limit: number }
  | { readonly reason: "wrong_content_type"; readonly contentType: string; readonly expected?: "application/json" }
  | { readonly reason: "encoded_content"; readonly contentEncoding: string }
  // The form
  | { readonly reason: "malformed_form"; readonly problem: FormProblem }
  | { readonly reason: "too_many_parameters"; readonly limit: number }
  | { readonly reason: "duplicated_parameter"; readonly parameter: string }
  | { readonly reason: "missing_parameter"; readonly parameter: string }
  | { readonly reason: "secret_in_query"; readonly parameter: string }
  | { readonly reason: "unsupported_grant_type"; readonly grantType: string }
  | { readonly reason: "unsupported_token_type"; readonly parameter: string; readonly type: string }
  | { readonly reason: "malformed_json"; readonly problem: "json" | "duplicate_member" | "utf8" }
  // Client registration; `tokenId` names an initial access token, `claimed` what an unknown token says that it is of
  | { readonly reason: "registration_token_missing" }
  | { readonly reason: "registration_token_unknown"; readonly claimed: string }
  | { readonly reason: "registration_token_expired"; readonly tokenId: string; readonly expiredAt: Date }
  | { readonly reason: "registration_token_revoked"; readonly tokenId: string; readonly revokedAt: Date }
  | { readonly reason: "registration_token_used_up"; readonly tokenId: string; readonly uses: number }
  | { readonly reason: "registered_client_disabled"; readonly clientId: string }
  | { readonly reason: "registration_limit_reached"; readonly limit: number; readonly retryAfter: number }
  | {
      readonly reason: "invalid_client_metadata";
      readonly member: string;
      readonly problem: MetadataProblem;
      readonly allowed: readonly string[];
      readonly detail?: string;
    }
  | { readonly reason: "software_statement_not_approved" }
  // Client authentication, as far as it can be judged without knowing the client
  | { readonly reason: "two_authorization_headers" }
  | { readonly reason: "two_authentication_methods" }
  | { readonly reason: "client_ids_differ" }
  | { readonly reason: "no_client_authentication" }
  | { readonly reason: "unsupported_client_authentication"; readonly method: string }
  | { readonly reason: "malformed_basic" }
  | { readonly reason: "malformed_certificate" }
  | { readonly reason: "malformed_assertion"; readonly problem: TokenProblem }
  | {
      readonly reason: "wrong_assertion_claim";
      readonly claim: AssertionClaim;
      readonly problem: ClaimProblem;
      readonly expected: string;
    }
  // Client authentication: alike on the wire, told apart in the log
  | ({ readonly reason: "unknown_client" } & Attempt)
  | ({ readonly reason: "client_disabled" } & Attempt)
  | ({ readonly reason: "client_not_approved" } & Attempt)
  | ({ readonly reason: "method_not_allowed_for_client"; readonly allowed: readonly string[] } & Attempt)
  | ({ readonly reason: "unknown_secret" } & Attempt)
  | ({ readonly reason: "secret_not_yet_valid"; readonly secretId: string; readonly notBefore: Date } & Attempt)
  | ({ readonly reason: "secret_expired"; readonly secretId: string; readonly expiredAt: Date } & Attempt)
  | ({ readonly reason: "secret_revoked"; readonly secretId: string; readonly revokedAt: Date } & Attempt)
  | ({ readonly reason: "unknown_client_key"; readonly kid: string } & Attempt)
  | ({ readonly reason: "client_key_not_yet_valid"; readonly keyId: string; readonly notBefore: Date } & Attempt)
  | ({ readonly reason: "client_key_expired"; readonly keyId: string; readonly expiredAt: Date } & Attempt)
  | ({ readonly reason: "client_key_revoked"; readonly keyId: string; readonly revokedAt: Date } & Attempt)
  | ({ readonly reason: "assertion_replayed" } & Attempt)
  | ({ readonly reason: "token_endpoint_audience"; readonly expected: string } & Attempt)
  | (ForeignTokenFailure & Attempt)
  | (CertificateFailure & Attempt)
  // Proofs of possession (RFC 9449)
  | { readonly reason: "dpop_proof_needed" }
  | { readonly reason: "malformed_dpop_proof"; readonly problem: ProofProblem; readonly at: ProofPlace }
  | {
      readonly reason: "wrong_dpop_claim";
      readonly claim: ProofClaim;
      readonly problem: ClaimProblem;
      readonly expected: string;
      readonly at: ProofPlace;
    }
  | { readonly reason: "dpop_nonce_needed"; readonly problem: "missing" | "passed" }
  | { readonly reason: "dpop_proof_replayed"; readonly at: ProofPlace }
  | { readonly reason: "certificate_needed" }
  // Limits; `limit` is requests a minute, `retryAfter` seconds
  | { readonly reason: "too_many_failures"; readonly cause: string; readonly retryAfter: number }
  | { readonly reason: "client_limit_reached"; readonly limit: number; readonly retryAfter: number }
  | { readonly reason: "issuer_limit_reached"; readonly limit: number; readonly retryAfter: number }
  // The decision
  | { readonly reason: "issuer_suspended" }
  | { readonly reason: "issuance_stopped" }
  | { readonly reason: "malformed_scope"; readonly scope: string }
  | { readonly reason: "unknown_scope"; readonly scope: readonly string[]; readonly resource: string }
  | { readonly reason: "scope_not_granted"; readonly scope: readonly string[]; readonly resource: string }
  | { readonly reason: "no_granted_scopes" }
  | { readonly reason: "malformed_resource"; readonly resource: string; readonly problem: ResourceProblem }
  | { readonly reason: "resource_and_audience_differ" }
  | { readonly reason: "resource_scopes_differ"; readonly scope: readonly string[]; readonly resource: string }
  | { readonly reason: "unknown_resource"; readonly resource: string }
  | { readonly reason: "resource_not_granted"; readonly resource: string }
  | { readonly reason: "resource_ambiguous"; readonly count: number }
  // Token exchange; `why` is the reason that the token would be refused for elsewhere, with its evidence
  | { readonly reason: "grant_type_not_allowed"; readonly grantType: string }
  | { readonly reason: "subject_token_refused"; readonly why: string; readonly evidence: readonly string[] }
  | { readonly reason: "resource_beyond_subject"; readonly resource: string }
  | { readonly reason: "scope_beyond_subject"; readonly scope: readonly string[] }
  | { readonly reason: "token_too_large"; readonly bytes: number; readonly limit: number }
  // A presented access token
  | { readonly reason: "no_credential" }
  | { readonly reason: "two_credentials" }
  /** `expected`: what goes with that kind of credential; absent where it cannot be told. */
  | { readonly reason: "wrong_scheme"; readonly scheme: string; readonly expected?: "Bearer" | "Token" }
  // API tokens: alike on the wire, told apart in the log
  | { readonly reason: "unknown_api_token" }
  | { readonly reason: "api_token_expired"; readonly apiTokenId: string; readonly expiredAt: Date }
  | { readonly reason: "api_token_revoked"; readonly apiTokenId: string; readonly revokedAt: Date }
  | { readonly reason: "api_token_ungranted"; readonly apiTokenId: string; readonly resource: string }
  | { readonly reason: "api_token_client_unknown"; readonly apiTokenId: string; readonly clientId: string }
  | { readonly reason: "api_token_client_disabled"; readonly apiTokenId: string; readonly clientId: string }
  | { readonly reason: "api_token_issuer_suspended" }
  | { readonly reason: "malformed_token"; readonly problem: TokenProblem }
  | { readonly reason: "unknown_key"; readonly kid: string }
  | { readonly reason: "wrong_algorithm"; readonly alg: string; readonly expected: SigningAlgorithm }
  | { readonly reason: "bad_signature"; readonly kid: string }
  | { readonly reason: "wrong_issuer" }
  | { readonly reason: "token_not_yet_valid"; readonly notBefore: Date }
  | { readonly reason: "token_expired"; readonly jti: string; readonly expiredAt: Date }
  | { readonly reason: "wrong_audience"; readonly audience: readonly string[]; readonly expected: string }
  | { readonly reason: "token_revoked"; readonly jti: string }
  | { readonly reason: "token_cut_off"; readonly jti: string; readonly tokensNotBefore: Date }
  | { readonly reason: "token_client_unknown"; readonly clientId: string }
  | { readonly reason: "token_client_disabled"; readonly clientId: string }
  | { readonly reason: "token_issuer_suspended" }
  | { readonly reason: "token_bound"; readonly jti: string }
  | { readonly reason: "token_not_bound"; readonly jti: string }
  | { readonly reason: "wrong_dpop_key"; readonly jti: string }
  | { readonly reason: "token_without_certificate"; readonly jti: string }
  | { readonly reason: "wrong_certificate"; readonly jti: string; readonly thumbprint: string }
  | { readonly reason: "target_unknown" }
  | { readonly reason: "delegated_token"; readonly subject: string }
  | { readonly reason: "insufficient_scope"; readonly required: readonly string[]; readonly missing: readonly string[] }
  // Ourselves
  | { readonly reason: "no_signing_key"; readonly alg: SigningAlgorithm }
  | { readonly reason: "cut_off_ahead"; readonly tokensNotBefore: Date }
  | { readonly reason: "store_unavailable" }
  | { readonly reason: "unexpected_error" };

/** The name of a reason. */
export type FailureReason = Failure["reason"];

/** The failure with that reason. */
export type FailureOf<R extends FailureReason> = Extract<Failure, { readonly reason: R }>;

/** Tells a failure from the value a step would have handed on. */
export const isFailure = (value: unknown): value is Failure =>
  typeof value === "object" && value !== null && "reason" in value;

const RESTING_ON_STORE: ReadonlySet<FailureReason> = new Set([
  "issuer_not_found",
  "unknown_client",
  "client_disabled",
  "client_not_approved",
  "method_not_allowed_for_client",
  "unknown_secret",
  "secret_not_yet_valid",
  "secret_expired",
  "secret_revoked",
  "unknown_client_key",
  "client_key_not_yet_valid",
  "client_key_expired",
  "client_key_revoked",
  "token_endpoint_audience",
  "no_federated_credential",
  "federated_rule_missed",
  "federated_credential_not_yet_valid",
  "federated_credential_expired",
  "federated_credential_revoked",
  "key_set_unavailable",
  "unknown_federated_key",
  "certificate_untrusted",
  "unknown_certificate",
  "certificate_ambiguous",
  "certificate_not_yet_valid",
  "certificate_expired",
  "certificate_revoked",
  "certificate_needed",
  "dpop_proof_needed",
  "registration_token_unknown",
  "registration_token_expired",
  "registration_token_revoked",
  "registration_token_used_up",
  "registered_client_disabled",
  "issuer_suspended",
  "issuance_stopped",
  "unknown_scope",
  "scope_not_granted",
  "no_granted_scopes",
  "unknown_resource",
  "resource_not_granted",
  "resource_ambiguous",
  "resource_scopes_differ",
  "grant_type_not_allowed",
  "subject_token_refused",
  "unknown_key",
  "unknown_api_token",
  "api_token_expired",
  "api_token_revoked",
  "api_token_ungranted",
  "api_token_client_unknown",
  "api_token_client_disabled",
  "api_token_issuer_suspended",
  "token_revoked",
  "token_cut_off",
  "token_client_unknown",
  "token_client_disabled",
  "token_issuer_suspended",
  "no_signing_key",
  "cut_off_ahead",
]);

/** Whether the refusal would be another one, or none, if something had changed in the store a moment ago. */
export const restsOnStore = ({ reason }: Failure): boolean => RESTING_ON_STORE.has(reason);

/** Whether somebody said to be a client and could not prove it: alike on the wire, and counted by where it came from. */
export const isFailedAuthentication = (failure: Failure): failure is Extract<Failure, Attempt> =>
  "clientId" in failure && "method" in failure;

type RegistrationTokenFailure = Extract<Failure, { readonly tokenId: string } | { readonly claimed: string }>;

/** Whether somebody showed a registration token that is good for nothing: alike on the wire, and counted. */
export const isFailedRegistration = (failure: Failure): failure is RegistrationTokenFailure =>
  "tokenId" in failure || "claimed" in failure;

/** Evidence as the token log keeps it. */
export type Evidence = Readonly<Record<string, string | number | readonly string[]>>;

/** A failure's evidence without its `reason`: instants as ISO 8601, long texts and lists cut, so that nobody fills the log. */
export function failureEvidence(failure: Failure): Evidence {
  const { reason: _, ...evidence } = failure;
  return Object.fromEntries(Object.entries(evidence).map(([name, value]) => [name, keepable(value)]));
}

function keepable(value: string | number | Date | readonly string[]): string | number | readonly string[] {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "string") return cut(value, 512);
  return typeof value === "number" ? value : value.slice(0, 20).map((item) => cut(item));
}

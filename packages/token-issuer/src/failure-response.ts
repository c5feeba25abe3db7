import { ASSERTION_ALGORITHMS } from "./client-auth/find-key.ts";
import type { Failure, ProofPlace } from "./failure.ts";
import { callerSentence, errorText } from "./failure-sentences.ts";
import type { PresentedStaticToken, PresentedToken } from "./presented-token.ts";
import type { IssuerResponse } from "./request.ts";

/** What an error answer needs beside the failure. */
export interface FailureContext {
  readonly correlationId: string;
  /** The issuer's URL for `WWW-Authenticate`; absent at the edge, before an issuer is known. */
  readonly realm?: string | undefined;
  /** Where the refusal is explained. */
  readonly errorUri?: string | undefined;
  /** How the request carried its token; `Bearer` unless it says otherwise. */
  readonly scheme?: (PresentedToken | PresentedStaticToken)["scheme"] | undefined;
  /** Where the metadata of the API stands (RFC 9728 §5.1). */
  readonly resourceMetadata?: string | undefined;
}

/** Headers of every answer that holds or concerns a credential (RFC 6749 §5.1). */
export const privateHeaders = {
  "Cache-Control": "no-store",
  Pragma: "no-cache",
  "X-Content-Type-Options": "nosniff",
} as const;

/** Headers of a JSON answer that nobody may keep. */
export const privateJsonHeaders = { "Content-Type": "application/json", ...privateHeaders } as const;

interface Wire {
  readonly status: number;
  readonly error: string;
  /**
   * `Basic` where Basic was used (RFC 6749 §5.2). At a protected resource the scheme that was used, or the one that fits the
   * token, or all of them where there was none (RFC 6750 §3, RFC 9449 §7.1); `BearerAlone`: the only one there, and no token.
   */
  readonly challenge?: "Basic" | "Presented" | "Bearer" | "BearerAlone" | "DPoP" | "Token" | "Any";
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Renders a failure as the wire shows it (RFC 6749 §5.2, RFC 6750 §3).
 * Refusals that must look alike differ in `correlation_id` and `error_uri` only.
 */
export function renderFailure(failure: Failure, context: FailureContext): IssuerResponse {
  const wire = toWire(failure);
  const description = callerSentence(failure);
  const challenge = challengeOf(wire, failure, description, context);
  return {
    status: wire.status,
    headers: { ...privateJsonHeaders, ...wire.headers, ...(challenge && { "WWW-Authenticate": challenge }) },
    body: JSON.stringify({
      error: wire.error,
      error_description: description,
      ...(context.errorUri && { error_uri: context.errorUri }),
      correlation_id: context.correlationId,
    }),
  };
}

function challengeOf(
  { challenge, error }: Wire,
  failure: Failure,
  description: string,
  { realm = "mintmark", scheme = "Bearer", resourceMetadata }: FailureContext,
): string | undefined {
  if (challenge === undefined) return undefined;
  const where = resourceMetadata === undefined ? "" : `, resource_metadata="${errorText(resourceMetadata)}"`;
  const named = (name: string) => `${name} realm="${errorText(realm)}"${name === "DPoP" ? ALGS : ""}${where}`;
  if (challenge === "Basic") return named("Basic");
  if (challenge === "BearerAlone") return named("Bearer");
  if (challenge === "Any") return `${named("Bearer")}, ${named("DPoP")}`;
  const scope = failure.reason === "insufficient_scope" ? `, scope="${errorText(failure.required.join(" "))}"` : "";
  const start = named(challenge === "Presented" ? scheme : challenge);
  return `${start}, error="${error}", error_description="${description}"${scope}`;
}

/** RFC 9449 §7.1. */
const ALGS = `, algs="${ASSERTION_ALGORITHMS.join(" ")}"`;

const invalidRequest: Wire = { status: 400, error: "invalid_request" };
const invalidScope: Wire = { status: 400, error: "invalid_scope" };
const invalidTarget: Wire = { status: 400, error: "invalid_target" };
const invalidToken: Wire = { status: 401, error: "invalid_token", challenge: "Presented" };
const invalidClient: Wire = { status: 401, error: "invalid_client" };
const invalidClientByBasic: Wire = { ...invalidClient, challenge: "Basic" };
/** RFC 9449 §5 at the token endpoint, §7.1 at a protected resource. */
const invalidProof = (at: ProofPlace): Wire =>
  at === "token"
    ? { status: 400, error: "invalid_dpop_proof" }
    : { status: 401, error: "invalid_dpop_proof", challenge: "DPoP" };
const unavailable = (seconds: number): Wire => ({
  status: 503,
  error: "temporarily_unavailable",
  headers: { "Retry-After": String(seconds) },
});

const tooMany = (seconds: number): Wire => ({ ...unavailable(seconds), status: 429 });

/** The one mapping from reasons to the wire. */
function toWire(failure: Failure): Wire {
  switch (failure.reason) {
    case "unknown_path":
    case "issuer_not_found":
      return { status: 404, error: "not_found" };
    case "method_not_allowed":
      return { status: 405, error: "invalid_request", headers: { Allow: failure.allow.join(", ") } };
    case "body_too_large":
      return { status: 413, error: "invalid_request", headers: { Connection: "close" } };
    case "wrong_content_type":
    case "encoded_content":
    case "malformed_form":
    case "too_many_parameters":
    case "duplicated_parameter":
    case "missing_parameter":
    case "secret_in_query":
    case "two_authorization_headers":
    case "two_authentication_methods":
    case "client_ids_differ":
    case "resource_and_audience_differ":
    case "malformed_json":
    case "unsupported_token_type":
    case "subject_token_refused":
      return invalidRequest;
    case "unsupported_grant_type":
      return { status: 400, error: "unsupported_grant_type" };
    case "registration_token_missing":
      return { status: 401, error: "invalid_token", challenge: "BearerAlone" };
    case "registration_token_unknown":
    case "registration_token_expired":
    case "registration_token_revoked":
    case "registration_token_used_up":
      return { status: 401, error: "invalid_token", challenge: "Bearer" };
    case "registered_client_disabled":
      return { status: 403, error: "access_denied" };
    case "registration_limit_reached":
      return tooMany(failure.retryAfter);
    case "invalid_client_metadata":
      return { status: 400, error: "invalid_client_metadata" };
    case "software_statement_not_approved":
      return { status: 400, error: "unapproved_software_statement" };
    case "no_client_authentication":
    case "unsupported_client_authentication":
      return invalidClient;
    case "malformed_assertion":
    case "wrong_assertion_claim":
    case "assertion_replayed":
    case "token_endpoint_audience":
      return invalidClient;
    case "malformed_basic":
      return invalidClientByBasic;
    case "unknown_client":
    case "client_disabled":
    case "client_not_approved":
    case "method_not_allowed_for_client":
    case "unknown_secret":
    case "secret_not_yet_valid":
    case "secret_expired":
    case "secret_revoked":
    case "unknown_client_key":
    case "client_key_not_yet_valid":
    case "client_key_expired":
    case "client_key_revoked":
    case "no_federated_credential":
    case "federated_rule_missed":
    case "federated_credential_not_yet_valid":
    case "federated_credential_expired":
    case "federated_credential_revoked":
    case "key_set_unavailable":
    case "unknown_federated_key":
    case "certificate_untrusted":
    case "certificate_not_now":
    case "certificate_not_for_clients":
    case "unknown_certificate":
    case "certificate_ambiguous":
    case "certificate_not_yet_valid":
    case "certificate_expired":
    case "certificate_revoked":
      return failure.method === "client_secret_basic" ? invalidClientByBasic : invalidClient;
    case "dpop_proof_needed":
    case "certificate_needed":
    case "malformed_certificate":
    case "target_unknown":
      return invalidRequest;
    case "malformed_dpop_proof":
    case "wrong_dpop_claim":
    case "dpop_proof_replayed":
      return invalidProof(failure.at);
    case "dpop_nonce_needed":
      return { status: 400, error: "use_dpop_nonce" };
    case "too_many_failures":
    case "client_limit_reached":
    case "issuer_limit_reached":
      return tooMany(failure.retryAfter);
    case "issuer_suspended":
    case "grant_type_not_allowed":
      return { status: 400, error: "unauthorized_client" };
    case "malformed_scope":
    case "unknown_scope":
    case "scope_not_granted":
    case "no_granted_scopes":
    case "scope_beyond_subject":
    case "token_too_large":
      return invalidScope;
    case "malformed_resource":
    case "unknown_resource":
    case "resource_not_granted":
    case "resource_ambiguous":
    case "resource_beyond_subject":
    case "resource_scopes_differ":
      return invalidTarget;
    case "no_credential":
      return { status: 401, error: "invalid_token", challenge: "Any" };
    case "two_credentials":
      return { ...invalidRequest, challenge: "Presented" };
    case "wrong_scheme":
      return { ...invalidToken, challenge: failure.expected ?? "Presented" };
    case "unknown_api_token":
    case "api_token_expired":
    case "api_token_revoked":
    case "api_token_ungranted":
    case "api_token_client_unknown":
    case "api_token_client_disabled":
    case "api_token_issuer_suspended":
      return { ...invalidToken, challenge: "Token" };
    case "malformed_token":
    case "unknown_key":
    case "wrong_algorithm":
    case "bad_signature":
    case "wrong_issuer":
    case "token_not_yet_valid":
    case "token_expired":
    case "wrong_audience":
    case "token_revoked":
    case "token_cut_off":
    case "token_client_unknown":
    case "token_client_disabled":
    case "token_issuer_suspended":
    case "token_without_certificate":
    case "wrong_certificate":
    case "delegated_token":
      return invalidToken;
    case "token_bound":
    case "wrong_dpop_key":
      return { ...invalidToken, challenge: "DPoP" };
    case "token_not_bound":
      return { ...invalidToken, challenge: "Bearer" };
    case "insufficient_scope":
      return { status: 403, error: "insufficient_scope", challenge: "Presented" };
    case "issuance_stopped":
      return unavailable(60);
    case "no_signing_key":
      return unavailable(30);
    case "cut_off_ahead":
      return unavailable(5);
    case "store_unavailable":
      return unavailable(5);
    case "unexpected_error":
      return { status: 500, error: "server_error" };
  }
}

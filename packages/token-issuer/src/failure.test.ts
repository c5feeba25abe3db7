import { expect, test } from "vitest";
import { type Failure, type FailureOf, type FailureReason, failureEvidence } from "./failure.ts";
import { renderFailure } from "./failure-response.ts";
import { callerSentence, failureReasons, operatorSentence, recordedSentences } from "./failure-sentences.ts";

const at = new Date("2026-03-01T12:00:00Z");
const nasty = 'a"b\\c\r\nd\u202eé';
const attempt = { clientId: nasty, method: "client_secret_basic" } as const;

// The compiler keeps this table complete: a new reason does not build without its example.
const examples = {
  unknown_path: {},
  issuer_not_found: { tenant: nasty, workspace: nasty },
  method_not_allowed: { method: "GET", allow: ["POST"] },
  body_too_large: { limit: 65_536 },
  wrong_content_type: { contentType: nasty },
  encoded_content: { contentEncoding: nasty },
  malformed_form: { problem: "nul" },
  too_many_parameters: { limit: 100 },
  duplicated_parameter: { parameter: nasty },
  missing_parameter: { parameter: "grant_type" },
  secret_in_query: { parameter: "client_secret" },
  unsupported_grant_type: { grantType: nasty },
  unsupported_token_type: { parameter: "subject_token_type", type: nasty },
  malformed_json: { problem: "duplicate_member" },
  registration_token_missing: {},
  registration_token_unknown: { claimed: nasty },
  registration_token_expired: { tokenId: "iat_1", expiredAt: at },
  registration_token_revoked: { tokenId: "iat_1", revokedAt: at },
  registration_token_used_up: { tokenId: "iat_1", uses: 3 },
  registered_client_disabled: { clientId: nasty },
  registration_limit_reached: { limit: 120, retryAfter: 7 },
  invalid_client_metadata: { member: nasty, problem: "not_allowed", allowed: [nasty], detail: nasty },
  software_statement_not_approved: {},
  two_authorization_headers: {},
  two_authentication_methods: {},
  client_ids_differ: {},
  no_client_authentication: {},
  unsupported_client_authentication: { method: nasty },
  malformed_basic: {},
  malformed_certificate: {},
  certificate_untrusted: { ...attempt, issuer: nasty, between: 1, problem: "path_length" },
  certificate_not_now: { ...attempt, notBefore: at, notAfter: at },
  certificate_not_for_clients: attempt,
  unknown_certificate: { ...attempt, thumbprint: nasty, subject: nasty },
  certificate_ambiguous: { ...attempt, kind: "san_dns", count: 2 },
  certificate_not_yet_valid: { ...attempt, credentialId: "crt_1", notBefore: at },
  certificate_expired: { ...attempt, credentialId: "crt_1", expiredAt: at },
  certificate_revoked: { ...attempt, credentialId: "crt_1", revokedAt: at },
  certificate_needed: {},
  token_without_certificate: { jti: nasty },
  wrong_certificate: { jti: nasty, thumbprint: nasty },
  malformed_assertion: { problem: "json" },
  wrong_assertion_claim: { claim: "aud", problem: "differs", expected: nasty },
  unknown_client: attempt,
  client_disabled: attempt,
  client_not_approved: attempt,
  method_not_allowed_for_client: { ...attempt, allowed: ["client_secret_post"] },
  unknown_secret: attempt,
  secret_not_yet_valid: { ...attempt, secretId: "sec_1", notBefore: at },
  secret_expired: { ...attempt, secretId: "sec_1", expiredAt: at },
  secret_revoked: { ...attempt, secretId: "sec_1", revokedAt: at },
  unknown_client_key: { ...attempt, kid: nasty },
  client_key_not_yet_valid: { ...attempt, keyId: "key_1", notBefore: at },
  client_key_expired: { ...attempt, keyId: "key_1", expiredAt: at },
  client_key_revoked: { ...attempt, keyId: "key_1", revokedAt: at },
  assertion_replayed: attempt,
  token_endpoint_audience: { ...attempt, expected: nasty },
  no_federated_credential: attempt,
  federated_rule_missed: {
    ...attempt,
    credentialId: "fed_1",
    rule: "sub",
    expected: nasty,
    presented: nasty,
    difference: "letter_case",
    distance: 1,
    failing: 1,
  },
  federated_credential_not_yet_valid: { ...attempt, credentialId: "fed_1", notBefore: at },
  federated_credential_expired: { ...attempt, credentialId: "fed_1", expiredAt: at },
  federated_credential_revoked: { ...attempt, credentialId: "fed_1", revokedAt: at },
  key_set_unavailable: { ...attempt, credentialId: "fed_1", address: nasty, problem: "not_public" },
  unknown_federated_key: { ...attempt, credentialId: "fed_1", issuer: nasty, kid: nasty },
  dpop_proof_needed: {},
  malformed_dpop_proof: { problem: "key", at: "token" },
  wrong_dpop_claim: { claim: "htu", problem: "differs", expected: nasty, at: "token" },
  dpop_nonce_needed: { problem: "missing" },
  dpop_proof_replayed: { at: "token" },
  too_many_failures: { cause: "unknown_secret", retryAfter: 7 },
  client_limit_reached: { limit: 60, retryAfter: 7 },
  issuer_limit_reached: { limit: 600, retryAfter: 7 },
  issuer_suspended: {},
  issuance_stopped: {},
  malformed_scope: { scope: nasty },
  unknown_scope: { scope: [nasty], resource: nasty },
  scope_not_granted: { scope: [nasty], resource: nasty },
  no_granted_scopes: {},
  malformed_resource: { resource: nasty, problem: "character" },
  resource_and_audience_differ: {},
  unknown_resource: { resource: nasty },
  resource_not_granted: { resource: nasty },
  resource_ambiguous: { count: 2 },
  resource_scopes_differ: { scope: [nasty], resource: nasty },
  grant_type_not_allowed: { grantType: nasty },
  subject_token_refused: { why: "token_expired", evidence: [nasty] },
  resource_beyond_subject: { resource: nasty },
  scope_beyond_subject: { scope: [nasty] },
  token_too_large: { bytes: 4000, limit: 2048 },
  no_credential: {},
  two_credentials: {},
  wrong_scheme: { scheme: nasty },
  unknown_api_token: {},
  api_token_expired: { apiTokenId: "tok_1", expiredAt: at },
  api_token_revoked: { apiTokenId: "tok_1", revokedAt: at },
  api_token_ungranted: { apiTokenId: "tok_1", resource: nasty },
  api_token_client_unknown: { apiTokenId: "tok_1", clientId: nasty },
  api_token_client_disabled: { apiTokenId: "tok_1", clientId: nasty },
  api_token_issuer_suspended: {},
  malformed_token: { problem: "json" },
  unknown_key: { kid: nasty },
  wrong_algorithm: { alg: nasty, expected: "ES256" },
  bad_signature: { kid: nasty },
  wrong_issuer: {},
  token_not_yet_valid: { notBefore: at },
  token_expired: { jti: "j", expiredAt: at },
  wrong_audience: { audience: [nasty], expected: nasty },
  token_revoked: { jti: "j" },
  token_cut_off: { jti: "j", tokensNotBefore: at },
  token_client_unknown: { clientId: nasty },
  token_client_disabled: { clientId: nasty },
  token_issuer_suspended: {},
  token_bound: { jti: "j" },
  token_not_bound: { jti: "j" },
  wrong_dpop_key: { jti: "j" },
  target_unknown: {},
  delegated_token: { subject: nasty },
  insufficient_scope: { required: ["orders:read"], missing: ["orders:read"] },
  no_signing_key: { alg: "ES256" },
  cut_off_ahead: { tokensNotBefore: at },
  store_unavailable: {},
  unexpected_error: {},
} satisfies { readonly [R in FailureReason]: Omit<FailureOf<R>, "reason"> };

const example = (reason: FailureReason): Failure => ({ reason, ...examples[reason] }) as Failure;
const context = {
  correlationId: "req_1",
  realm: "https://id.example.com/acme/payments",
  errorUri: "https://id.example.com/x",
};

// One literal line per reason: every status and error code on the wire, to be read at a glance.
const wire: { readonly [R in FailureReason]: string } = {
  unknown_path: "404 not_found",
  issuer_not_found: "404 not_found",
  method_not_allowed: "405 invalid_request",
  body_too_large: "413 invalid_request",
  wrong_content_type: "400 invalid_request",
  encoded_content: "400 invalid_request",
  malformed_form: "400 invalid_request",
  too_many_parameters: "400 invalid_request",
  duplicated_parameter: "400 invalid_request",
  missing_parameter: "400 invalid_request",
  secret_in_query: "400 invalid_request",
  unsupported_grant_type: "400 unsupported_grant_type",
  unsupported_token_type: "400 invalid_request",
  grant_type_not_allowed: "400 unauthorized_client",
  subject_token_refused: "400 invalid_request",
  resource_beyond_subject: "400 invalid_target",
  scope_beyond_subject: "400 invalid_scope",
  malformed_json: "400 invalid_request",
  registration_token_missing: "401 invalid_token",
  registration_token_unknown: "401 invalid_token",
  registration_token_expired: "401 invalid_token",
  registration_token_revoked: "401 invalid_token",
  registration_token_used_up: "401 invalid_token",
  registered_client_disabled: "403 access_denied",
  registration_limit_reached: "429 temporarily_unavailable",
  invalid_client_metadata: "400 invalid_client_metadata",
  software_statement_not_approved: "400 unapproved_software_statement",
  two_authorization_headers: "400 invalid_request",
  two_authentication_methods: "400 invalid_request",
  client_ids_differ: "400 invalid_request",
  no_client_authentication: "401 invalid_client",
  unsupported_client_authentication: "401 invalid_client",
  malformed_basic: "401 invalid_client",
  malformed_assertion: "401 invalid_client",
  wrong_assertion_claim: "401 invalid_client",
  unknown_client: "401 invalid_client",
  client_disabled: "401 invalid_client",
  client_not_approved: "401 invalid_client",
  method_not_allowed_for_client: "401 invalid_client",
  malformed_certificate: "400 invalid_request",
  certificate_untrusted: "401 invalid_client",
  certificate_not_now: "401 invalid_client",
  certificate_not_for_clients: "401 invalid_client",
  unknown_certificate: "401 invalid_client",
  certificate_ambiguous: "401 invalid_client",
  certificate_not_yet_valid: "401 invalid_client",
  certificate_expired: "401 invalid_client",
  certificate_revoked: "401 invalid_client",
  certificate_needed: "400 invalid_request",
  token_without_certificate: "401 invalid_token",
  wrong_certificate: "401 invalid_token",
  unknown_secret: "401 invalid_client",
  secret_not_yet_valid: "401 invalid_client",
  secret_expired: "401 invalid_client",
  secret_revoked: "401 invalid_client",
  unknown_client_key: "401 invalid_client",
  client_key_not_yet_valid: "401 invalid_client",
  client_key_expired: "401 invalid_client",
  client_key_revoked: "401 invalid_client",
  assertion_replayed: "401 invalid_client",
  token_endpoint_audience: "401 invalid_client",
  no_federated_credential: "401 invalid_client",
  federated_rule_missed: "401 invalid_client",
  federated_credential_not_yet_valid: "401 invalid_client",
  federated_credential_expired: "401 invalid_client",
  federated_credential_revoked: "401 invalid_client",
  key_set_unavailable: "401 invalid_client",
  unknown_federated_key: "401 invalid_client",
  dpop_proof_needed: "400 invalid_request",
  malformed_dpop_proof: "400 invalid_dpop_proof",
  wrong_dpop_claim: "400 invalid_dpop_proof",
  dpop_nonce_needed: "400 use_dpop_nonce",
  dpop_proof_replayed: "400 invalid_dpop_proof",
  too_many_failures: "429 temporarily_unavailable",
  client_limit_reached: "429 temporarily_unavailable",
  issuer_limit_reached: "429 temporarily_unavailable",
  issuer_suspended: "400 unauthorized_client",
  issuance_stopped: "503 temporarily_unavailable",
  malformed_scope: "400 invalid_scope",
  unknown_scope: "400 invalid_scope",
  scope_not_granted: "400 invalid_scope",
  no_granted_scopes: "400 invalid_scope",
  malformed_resource: "400 invalid_target",
  resource_and_audience_differ: "400 invalid_request",
  unknown_resource: "400 invalid_target",
  resource_not_granted: "400 invalid_target",
  resource_ambiguous: "400 invalid_target",
  resource_scopes_differ: "400 invalid_target",
  token_too_large: "400 invalid_scope",
  no_credential: "401 invalid_token",
  two_credentials: "400 invalid_request",
  wrong_scheme: "401 invalid_token",
  unknown_api_token: "401 invalid_token",
  api_token_expired: "401 invalid_token",
  api_token_revoked: "401 invalid_token",
  api_token_ungranted: "401 invalid_token",
  api_token_client_unknown: "401 invalid_token",
  api_token_client_disabled: "401 invalid_token",
  api_token_issuer_suspended: "401 invalid_token",
  malformed_token: "401 invalid_token",
  unknown_key: "401 invalid_token",
  wrong_algorithm: "401 invalid_token",
  bad_signature: "401 invalid_token",
  wrong_issuer: "401 invalid_token",
  token_not_yet_valid: "401 invalid_token",
  token_expired: "401 invalid_token",
  wrong_audience: "401 invalid_token",
  token_revoked: "401 invalid_token",
  token_cut_off: "401 invalid_token",
  token_client_unknown: "401 invalid_token",
  token_client_disabled: "401 invalid_token",
  token_issuer_suspended: "401 invalid_token",
  token_bound: "401 invalid_token",
  token_not_bound: "401 invalid_token",
  wrong_dpop_key: "401 invalid_token",
  target_unknown: "400 invalid_request",
  delegated_token: "401 invalid_token",
  insufficient_scope: "403 insufficient_scope",
  no_signing_key: "503 temporarily_unavailable",
  cut_off_ahead: "503 temporarily_unavailable",
  store_unavailable: "503 temporarily_unavailable",
  unexpected_error: "500 server_error",
};

test("the list of reasons is the union's", () => {
  expect([...failureReasons].sort()).toEqual(Object.keys(examples).sort());
});

test.each(failureReasons)("%s answers with its status and error", (reason) => {
  const response = renderFailure(example(reason), context);
  expect(`${response.status} ${JSON.parse(response.body ?? "{}").error}`).toBe(wire[reason]);
});

test.each(failureReasons)("%s keeps to the characters of RFC 6749 §5.2 and forbids storing", (reason) => {
  const { headers, body } = renderFailure(example(reason), context);
  const answer = JSON.parse(body ?? "{}");
  expect(Object.keys(answer)).toEqual(["error", "error_description", "error_uri", "correlation_id"]);
  expect(answer.error).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  expect(answer.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]{20,}$/);
  expect(headers).toMatchObject({
    "Cache-Control": "no-store",
    Pragma: "no-cache",
    "X-Content-Type-Options": "nosniff",
  });
  expect(headers["WWW-Authenticate"] ?? "").toMatch(/^[\x20-\x5b\x5d-\x7e]*$/);
});

test.each(failureReasons)("%s has evidence that the token log can keep", (reason) => {
  const evidence = failureEvidence(example(reason));
  expect(evidence).not.toHaveProperty("reason");
  expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence);
});

test("evidence is cut, so that a caller cannot fill the log", () => {
  const scope = Array.from({ length: 500 }, (_, index) => `${index}${"x".repeat(200)}`);
  const evidence = failureEvidence({ reason: "unknown_scope", scope, resource: "r".repeat(10_000) });
  expect(JSON.stringify(evidence).length).toBeLessThan(4000);
});

test("every refusal of a client looks the same to whoever guesses", () => {
  // Whoever used an assertion twice, or one for the token endpoint, has proved itself.
  const isAlike = (reason: FailureReason) =>
    "method" in examples[reason] &&
    "clientId" in examples[reason] &&
    !["assertion_replayed", "token_endpoint_audience"].includes(reason);
  const alike = failureReasons.filter(isAlike);
  const answers = alike.map((reason) => JSON.stringify(renderFailure(example(reason), context)));
  expect(alike).toHaveLength(27);
  expect(new Set(answers).size).toBe(1);
});

test("[T12] an API token that is good for nothing looks the same whatever it was", () => {
  const alike = failureReasons.filter((reason) => reason.includes("api_token"));
  expect(alike).toHaveLength(7);
  expect(new Set(alike.map((reason) => JSON.stringify(renderFailure(example(reason), context)))).size).toBe(1);
  expect(new Set(alike.map((reason) => operatorSentence(example(reason)))).size).toBe(7);
});

test("a registration token that is good for nothing looks the same whatever it was", () => {
  const alike = ["unknown", "expired", "revoked", "used_up"].map((how) =>
    JSON.stringify(renderFailure(example(`registration_token_${how}` as FailureReason), context)),
  );
  expect(new Set(alike).size).toBe(1);
});

test("a challenge names Basic only where Basic was used", () => {
  const byPost = renderFailure({ reason: "unknown_client", clientId: "x", method: "client_secret_post" }, context);
  const byBasic = renderFailure({ reason: "unknown_client", clientId: "x", method: "client_secret_basic" }, context);
  expect(byPost.headers).not.toHaveProperty("WWW-Authenticate");
  expect(byBasic.headers["WWW-Authenticate"]).toBe('Basic realm="https://id.example.com/acme/payments"');
});

test("a reached limit says when to try again", () => {
  for (const reason of [
    "too_many_failures",
    "client_limit_reached",
    "issuer_limit_reached",
    "registration_limit_reached",
  ] as const)
    expect(renderFailure(example(reason), context).headers["Retry-After"]).toBe("7");
});

test("an unavailable issuer says when to try again", () => {
  expect(renderFailure({ reason: "store_unavailable" }, context).headers["Retry-After"]).toBe("5");
});

test("a refused proof is 400 where a token is asked for, and a DPoP challenge where one is shown", () => {
  const at = (place: "token" | "resource") => {
    const { status, headers } = renderFailure({ reason: "dpop_proof_replayed", at: place }, context);
    return [status, headers["WWW-Authenticate"]];
  };
  expect(at("token")).toEqual([400, undefined]);
  expect(at("resource")).toEqual([401, expect.stringMatching(/^DPoP realm=.*, algs="ES256 .*", error="invalid_dpop_/)]);
});

test.each([
  ["a bound token as a bearer token", { reason: "token_bound", jti: "j" }, "Bearer", /^DPoP .*algs=/],
  ["a bearer token under DPoP", { reason: "token_not_bound", jti: "j" }, "DPoP", /^Bearer /],
  [
    "an expired token under DPoP",
    { reason: "token_expired", jti: "j", expiredAt: at },
    "DPoP",
    /^DPoP .*invalid_token/,
  ],
  ["no token", { reason: "no_credential" }, "Bearer", /^Bearer realm="[^"]*", DPoP realm="[^"]*", algs="[^"]*"$/],
] as const)("%s → a challenge for what would do", (_, failure, scheme, challenge) => {
  expect(renderFailure(failure, { ...context, scheme }).headers["WWW-Authenticate"]).toMatch(challenge);
});

test.each(failureReasons)("%s, recorded and read again → the same two sentences", (reason) => {
  const failure = example(reason);
  const kept = JSON.parse(JSON.stringify({ endpoint: "token", ...failureEvidence(failure) })) as Record<
    string,
    unknown
  >;
  const live = { caller: callerSentence(failure), operator: operatorSentence(failure) };
  expect(recordedSentences(reason, kept)).toEqual(live);
});

test("a reason that nobody knows any more, or evidence that lacks something → no sentence, and nothing thrown", () => {
  expect(recordedSentences("constructor", {})).toBeUndefined();
  expect(recordedSentences("secret_expired", {})).toBeUndefined();
});

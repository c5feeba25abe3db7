import { claimProblem, list, notAuthenticated, type SomeSentences, tokenProblem } from "./words.ts";

/** Who the client is, by a secret or a key. */
export const clientAuthenticationSentences = {
  two_authorization_headers: {
    caller: () => "The request has several Authorization headers. Send one.",
    operator: () => "The request had several Authorization headers.",
  },
  two_authentication_methods: {
    caller: () => "The client authenticates in two ways at once. Use the Authorization header or the body, not both.",
    operator: () => "The client authenticated in two ways at once.",
  },
  client_ids_differ: {
    caller: () => "The client_id in the body is not the one in the Authorization header. Send one of them.",
    operator: () => "The client_id in the body differed from the one in the Authorization header.",
  },
  no_client_authentication: {
    caller: () =>
      "The client did not authenticate. Send its id and secret in a Basic Authorization header or in the body.",
    operator: () => "The request carried no client authentication, or a client id without a secret.",
  },
  unsupported_client_authentication: {
    caller: () =>
      "This way of client authentication is not supported. Use client_secret_basic, client_secret_post or private_key_jwt.",
    operator: (f) => `The client tried '${f.method}', which is not supported.`,
  },
  malformed_basic: {
    caller: () =>
      "The Basic Authorization header cannot be read. Form-encode id and secret, join them with a colon, then use base64.",
    operator: () => "The Basic Authorization header could not be read (base64, UTF-8, colon or form encoding).",
  },
  malformed_assertion: {
    caller: (f) => `The client assertion cannot be read (${tokenProblem[f.problem]}). Send a signed JWT.`,
    operator: (f) => `The client assertion could not be read: ${tokenProblem[f.problem]}.`,
  },
  wrong_assertion_claim: {
    caller: (f) =>
      `The claim '${f.claim}' of the client assertion ${claimProblem[f.problem]}. Expected: ${f.expected}.`,
    operator: (f) =>
      `The claim '${f.claim}' of the client assertion ${claimProblem[f.problem]}; expected: ${f.expected}.`,
  },
  unknown_client: {
    caller: notAuthenticated,
    operator: (f) => `No client '${f.clientId}' exists in this workspace.`,
  },
  client_disabled: {
    caller: notAuthenticated,
    operator: (f) => `Client '${f.clientId}' gave a right secret but is disabled.`,
  },
  client_not_approved: {
    caller: notAuthenticated,
    operator: (f) => `Client '${f.clientId}' was not approved, or its approval was taken back.`,
  },
  method_not_allowed_for_client: {
    caller: notAuthenticated,
    operator: (f) => `Client '${f.clientId}' used ${f.method}; allowed: ${list(f.allowed)}.`,
  },
  unknown_secret: {
    caller: notAuthenticated,
    operator: (f) => `Client '${f.clientId}' gave a secret that it does not have.`,
  },
  secret_not_yet_valid: {
    caller: notAuthenticated,
    operator: (f) => `Client '${f.clientId}' used secret ${f.secretId}, which starts at ${f.notBefore.toISOString()}.`,
  },
  secret_expired: {
    caller: notAuthenticated,
    operator: (f) => `Client '${f.clientId}' used secret ${f.secretId}, which expired at ${f.expiredAt.toISOString()}.`,
  },
  secret_revoked: {
    caller: notAuthenticated,
    operator: (f) =>
      `Client '${f.clientId}' used secret ${f.secretId}, which was revoked at ${f.revokedAt.toISOString()}.`,
  },
  unknown_client_key: {
    caller: notAuthenticated,
    operator: (f) => `Client '${f.clientId}' signed with a key that it does not have (kid '${f.kid}').`,
  },
  client_key_not_yet_valid: {
    caller: notAuthenticated,
    operator: (f) => `Client '${f.clientId}' signed with key ${f.keyId}, which starts at ${f.notBefore.toISOString()}.`,
  },
  client_key_expired: {
    caller: notAuthenticated,
    operator: (f) =>
      `Client '${f.clientId}' signed with key ${f.keyId}, which expired at ${f.expiredAt.toISOString()}.`,
  },
  client_key_revoked: {
    caller: notAuthenticated,
    operator: (f) =>
      `Client '${f.clientId}' signed with key ${f.keyId}, which was revoked at ${f.revokedAt.toISOString()}.`,
  },
  assertion_replayed: {
    caller: () => "This client assertion was used before. Sign a new one, with a new jti, for each request.",
    operator: (f) => `Client '${f.clientId}' sent an assertion whose jti was used before.`,
  },
  token_endpoint_audience: {
    caller: (f) => `The claim 'aud' of the client assertion is the token endpoint. Expected: ${f.expected}.`,
    operator: (f) =>
      `Client '${f.clientId}' named the token endpoint as its assertion's audience, not the issuer. Have it send ${f.expected}, or switch tokenEndpointAudience on for this client.`,
  },
} satisfies SomeSentences;

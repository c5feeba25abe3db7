import type { PathProblem } from "./certificate/certificate-path.ts";
import type { DifferenceKind } from "./client-auth/difference.ts";
import type { KeySetProblem } from "./document.ts";
import type { Failure, FailureOf, FailureReason, MetadataProblem } from "./failure.ts";

interface Sentences<R extends FailureReason> {
  readonly caller: (failure: FailureOf<R>) => string;
  readonly operator: (failure: FailureOf<R>) => string;
}

const list = (names: readonly string[]) => names.join(" ");

/** A name that Node prints in lines, in one. */
const oneLine = (text: string): string => text.replaceAll("\n", ", ");

// One text for all of them: whoever guesses ids or secrets must not learn which part was right.
const notAuthenticated = () =>
  "Client authentication failed. Check the client id, the secret and the authentication method, then try again.";

// Whoever guesses tokens, or ids of clients, must not learn which of them was right.
const noRegistration = () =>
  "The registration token is not valid here. Ask the workspace's administrator for an initial access token, or use the token that the client was registered with.";

const invalidToken = () => "The access token is not valid here. Request a new one.";

const pathProblem = {
  not_ca: "Whoever signed it, or a certificate in between, may not sign others: it is no authority's.",
  not_now: "Whoever signed it, or a certificate in between, is not valid now.",
  path_length:
    "Between it and an authority stand more certificates than that authority, or one of them, allows below it.",
  bound: "A certificate in between is bound to names, policies or something else that cannot be checked here.",
  not_for_clients: "A certificate in between is not for clients: its extended key usage lacks clientAuth.",
} satisfies Record<PathProblem, string>;

const keySetProblem = {
  address: "it is no https address",
  not_public: "it is not on the public internet, and EGRESS_ALLOW does not open it",
  certificate: "its certificate is not trusted",
  unreachable: "nobody answered there",
  slow: "it took longer than 5 seconds",
  redirect: "it led elsewhere, which is not followed",
  status: "it did not answer with 200",
  type: "it did not answer with JSON",
  too_large: "the answer was larger than 256 KiB",
  json: "the answer was no JSON object",
  issuer_differs: "its openid-configuration names another issuer",
  no_keys: "it names no key that could be used here",
  busy: "too many key sets of this workspace are being fetched",
} satisfies Record<KeySetProblem, string>;

const differs = {
  missing: "the token has no such claim",
  letter_case: "only upper and lower case differ",
  trailing_slash: "only a slash at the end differs",
  white_space: "only white space differs",
  ids_added: "the token has the ids of owner and repository inside, the rule has not",
  ids_left_out: "the rule has the ids of owner and repository inside, the token has not",
  begins_alike: "one is the beginning of the other",
  characters: "they differ",
} satisfies Record<DifferenceKind, string>;

/** Which rule of a federated credential fails, and by how little. */
export const ruleSentence = (miss: {
  readonly rule: string;
  readonly expected: string;
  readonly presented: string;
  readonly difference: DifferenceKind;
  readonly distance: number;
}): string => {
  const { rule, expected, presented, difference, distance } = miss;
  const said = difference === "missing" ? "" : `, the token says '${presented}'`;
  const by = difference === "missing" ? "" : ` (by ${distance} ${distance === 1 ? "character" : "characters"})`;
  return `${rule} must be '${expected}'${said}: ${differs[difference]}${by}.`;
};

const metadataProblem = {
  type: "has the wrong type",
  text: "cannot be read",
  unsupported: "has a value that is not supported here",
  not_allowed: "asks for more than this token allows",
  missing: "lacks a value that is always needed",
  needed: "is needed with this token_endpoint_auth_method",
  both: "stands beside another member that excludes it",
  private: "holds a private or secret key, which must not leave the client",
  key: "holds no key that could be used here",
  repeated: "names one key twice",
  too_many: "holds more than 10 keys",
  certificate: "has to hold a self-signed certificate in the x5c of each key, with that key in it",
  certificate_name: "is no name that a certificate could bear",
  address: "is no https address without user and fragment",
  differs: "is not the one that belongs to this client",
  server_member: "is said by the server, and must not be sent",
  refused: "was refused",
} satisfies Record<MetadataProblem, string>;

function metadataSentence({ member, problem, allowed, detail }: FailureOf<"invalid_client_metadata">): string {
  const choice = allowed.length > 0 ? ` Possible: ${allowed.join(", ")}.` : "";
  return `The member '${member}' ${metadataProblem[problem]}.${choice}${detail === undefined ? "" : ` ${detail}`}`;
}

/** What each reason says to the caller and to the operator. The compiler keeps the table complete. */
const sentences = {
  unknown_path: {
    caller: () => "There is nothing at this address. Check the URL.",
    operator: () => "A path that no endpoint answers.",
  },
  issuer_not_found: {
    caller: () => "There is no issuer at this address. Check the tenant and the workspace in the URL.",
    operator: (f) => `No workspace ${f.tenant}/${f.workspace} exists.`,
  },
  method_not_allowed: {
    caller: (f) => `This endpoint answers ${f.allow.join(", ")} only.`,
    operator: (f) => `Method ${f.method} was used; allowed: ${f.allow.join(", ")}.`,
  },
  body_too_large: {
    caller: (f) => `The request body is larger than ${f.limit} bytes. Send less.`,
    operator: (f) => `The request body exceeded ${f.limit} bytes.`,
  },
  wrong_content_type: {
    caller: (f) =>
      f.expected
        ? `The request body must be JSON. Send Content-Type: ${f.expected}.`
        : "The request body must be a form. Send Content-Type: application/x-www-form-urlencoded.",
    operator: (f) => `Content-Type was '${f.contentType}', not ${f.expected ?? "application/x-www-form-urlencoded"}.`,
  },
  encoded_content: {
    caller: () => "The request body must not be compressed. Send it without Content-Encoding.",
    operator: (f) => `Content-Encoding was '${f.contentEncoding}'.`,
  },
  malformed_form: {
    caller: (f) =>
      `The form cannot be read (${formProblem[f.problem]}). Encode it as application/x-www-form-urlencoded.`,
    operator: (f) => `The form cannot be read: ${formProblem[f.problem]}.`,
  },
  too_many_parameters: {
    caller: (f) => `The request has more than ${f.limit} parameters. Send fewer.`,
    operator: (f) => `The request had more than ${f.limit} parameters.`,
  },
  duplicated_parameter: {
    caller: (f) => `The parameter '${f.parameter}' is given more than once. Send it once.`,
    operator: (f) => `The parameter '${f.parameter}' was given more than once.`,
  },
  missing_parameter: {
    caller: (f) => `The parameter '${f.parameter}' is missing. Send it.`,
    operator: (f) => `The parameter '${f.parameter}' was missing or empty.`,
  },
  secret_in_query: {
    caller: (f) =>
      `The parameter '${f.parameter}' stands in the URL, where logs keep it. Send it in the body and replace the value.`,
    operator: (f) =>
      `The parameter '${f.parameter}' was sent in the URL; its value may stand in proxy logs and should be replaced.`,
  },
  unsupported_grant_type: {
    caller: () => "This grant_type is not supported. Use client_credentials, or token exchange (RFC 8693).",
    operator: (f) => `grant_type was '${f.grantType}'.`,
  },
  unsupported_token_type: {
    caller: (f) =>
      f.parameter === "actor_token"
        ? "An actor_token is not taken: the client that authenticates is the one that acts. Leave it out."
        : `This ${f.parameter} is not supported. Use the type access_token for this issuer's tokens, jwt for another's.`,
    operator: (f) => `The parameter '${f.parameter}' of a token exchange was '${f.type}'.`,
  },
  malformed_json: {
    caller: (f) => `The body cannot be read (${jsonProblem[f.problem]}). Send one JSON object in UTF-8.`,
    operator: (f) => `The body could not be read: ${jsonProblem[f.problem]}.`,
  },
  registration_token_missing: {
    caller: () => "No registration token was sent. Send Authorization: Bearer with one.",
    operator: () => "The request to register a client, or to manage a registration, carried no token.",
  },
  registration_token_unknown: {
    caller: noRegistration,
    operator: (f) =>
      f.claimed === ""
        ? "The token is no registration token of this workspace."
        : `The token is not that of ${f.claimed}, or not any more.`,
  },
  registration_token_expired: {
    caller: noRegistration,
    operator: (f) => `Initial access token ${f.tokenId} expired at ${f.expiredAt.toISOString()}.`,
  },
  registration_token_revoked: {
    caller: noRegistration,
    operator: (f) => `Initial access token ${f.tokenId} was revoked at ${f.revokedAt.toISOString()}.`,
  },
  registration_token_used_up: {
    caller: noRegistration,
    operator: (f) => `Initial access token ${f.tokenId} has registered its ${f.uses} clients. Make another one.`,
  },
  registered_client_disabled: {
    caller: () => "This client is disabled, and may not manage its registration. Ask the workspace's administrator.",
    operator: (f) => `Client '${f.clientId}' is disabled; until it is enabled its registration stays as it is.`,
  },
  registration_limit_reached: {
    caller: () => "Too many registrations were made or changed with this token. Try again later.",
    operator: (f) => `More than ${f.limit} registrations a minute were made or changed with one token.`,
  },
  invalid_client_metadata: {
    caller: metadataSentence,
    operator: metadataSentence,
  },
  software_statement_not_approved: {
    caller: () => "Software statements are not taken here. Send the metadata as members, without software_statement.",
    operator: () => "The request carried a software_statement; no publisher of such statements is trusted here.",
  },
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
  no_federated_credential: {
    caller: notAuthenticated,
    operator: (f) => `Client '${f.clientId}' sent another issuer's token, and has no federated credential.`,
  },
  federated_rule_missed: {
    caller: notAuthenticated,
    operator: (f) =>
      `The token of client '${f.clientId}' misses federated credential ${f.credentialId} by ${f.failing === 1 ? "one rule" : `${f.failing} rules`}. ${ruleSentence(f)}`,
  },
  federated_credential_not_yet_valid: {
    caller: notAuthenticated,
    operator: (f) =>
      `Federated credential ${f.credentialId} of client '${f.clientId}' starts at ${f.notBefore.toISOString()}.`,
  },
  federated_credential_expired: {
    caller: notAuthenticated,
    operator: (f) =>
      `Federated credential ${f.credentialId} of client '${f.clientId}' expired at ${f.expiredAt.toISOString()}.`,
  },
  federated_credential_revoked: {
    caller: notAuthenticated,
    operator: (f) =>
      `Federated credential ${f.credentialId} of client '${f.clientId}' was revoked at ${f.revokedAt.toISOString()}.`,
  },
  key_set_unavailable: {
    caller: notAuthenticated,
    operator: (f) =>
      `The keys for ${f.credentialId} of client '${f.clientId}' could not be had from ${f.address}: ${keySetProblem[f.problem]}.`,
  },
  unknown_federated_key: {
    caller: notAuthenticated,
    operator: (f) =>
      `The token of client '${f.clientId}' fits federated credential ${f.credentialId}, but no key of ${f.issuer} signed it (kid '${f.kid}').`,
  },
  certificate_untrusted: {
    caller: notAuthenticated,
    operator: (f) =>
      `The certificate of client '${f.clientId}' leads to none of the workspace's authorities for clients. It was signed by: ${oneLine(f.issuer)}. ` +
      (f.problem ? pathProblem[f.problem] : `With it came ${f.between} others that could lead on.`),
  },
  certificate_not_now: {
    caller: notAuthenticated,
    operator: (f) =>
      `The certificate of client '${f.clientId}' is valid from ${f.notBefore.toISOString()} to ${f.notAfter.toISOString()} only.`,
  },
  certificate_not_for_clients: {
    caller: notAuthenticated,
    operator: (f) =>
      `The certificate of client '${f.clientId}' is not for clients: its extended key usage lacks clientAuth.`,
  },
  unknown_certificate: {
    caller: notAuthenticated,
    operator: (f) =>
      `Client '${f.clientId}' showed a certificate that it is not registered with: subject ${f.subject}, SHA-256 ${f.thumbprint}.`,
  },
  certificate_ambiguous: {
    caller: notAuthenticated,
    operator: (f) =>
      `The certificate of client '${f.clientId}' has ${f.count} names of the kind ${f.kind}. One that stands for a client has exactly one.`,
  },
  certificate_not_yet_valid: {
    caller: notAuthenticated,
    operator: (f) =>
      `Client '${f.clientId}' used certificate ${f.credentialId}, which starts here at ${f.notBefore.toISOString()}.`,
  },
  certificate_expired: {
    caller: notAuthenticated,
    operator: (f) =>
      `Client '${f.clientId}' used certificate ${f.credentialId}, which expired here at ${f.expiredAt.toISOString()}.`,
  },
  certificate_revoked: {
    caller: notAuthenticated,
    operator: (f) =>
      `Client '${f.clientId}' used certificate ${f.credentialId}, which was revoked at ${f.revokedAt.toISOString()}.`,
  },
  malformed_certificate: {
    caller: () => "The client certificate cannot be read.",
    operator: () => "What came as the client's certificate is none, or too long.",
  },
  certificate_needed: {
    caller: () =>
      "Tokens of this client are bound to a certificate. Show it: the metadata's mtls_endpoint_aliases say where.",
    operator: () =>
      "Tokens are bound to a certificate here by the setting certificateBinding, and the request showed none.",
  },
  dpop_proof_needed: {
    caller: () =>
      "Tokens of this client are bound to a key. Send a DPoP header with a proof signed by that key (RFC 9449).",
    operator: () => "Tokens are bound to a key here by the setting dpop, and the request brought no DPoP proof.",
  },
  malformed_dpop_proof: {
    caller: (f) => `The DPoP proof cannot be used: ${proofProblem[f.problem]}. Sign a new one for each request.`,
    operator: (f) => `The DPoP proof could not be used: ${proofProblem[f.problem]}.`,
  },
  wrong_dpop_claim: {
    caller: (f) => `The claim '${f.claim}' of the DPoP proof ${claimProblem[f.problem]}. Expected: ${f.expected}.`,
    operator: (f) => `The claim '${f.claim}' of the DPoP proof ${claimProblem[f.problem]}; expected: ${f.expected}.`,
  },
  dpop_nonce_needed: {
    caller: () => "Sign a new DPoP proof with the nonce of this answer's DPoP-Nonce header, and send it again.",
    operator: (f) =>
      f.problem === "missing"
        ? "The DPoP proof had no nonce; the answer gave one. Libraries repeat the request by themselves."
        : "The DPoP proof had a nonce that is not ours or has passed; the answer gave a new one.",
  },
  dpop_proof_replayed: {
    caller: () => "This DPoP proof was used before. Sign a new one, with a new jti, for each request.",
    operator: () => "A DPoP proof was sent whose jti was used before.",
  },
  too_many_failures: {
    caller: () =>
      "Too many failed requests from your network. Check the address, the client id and the secret, then try again later.",
    operator: (f) =>
      `Too many failures from this network; this one (${f.cause}) was judged by what was in memory, without a second look.`,
  },
  client_limit_reached: {
    caller: () =>
      "This client has made too many token requests. Keep each token until it expires, and try again later.",
    operator: (f) =>
      `The client reached its limit of ${f.limit} token requests a minute. Have it keep its tokens, or raise clientTokenLimit.`,
  },
  issuer_limit_reached: {
    caller: () => "This workspace has had too many token requests. Try again later, or ask its administrator.",
    operator: (f) =>
      `The workspace reached its limit of ${f.limit} token requests a minute. Raise workspaceTokenLimit, or limit its clients.`,
  },
  issuer_suspended: {
    caller: () => "This workspace is suspended and issues no tokens. Ask its administrator.",
    operator: () => "The workspace is suspended.",
  },
  issuance_stopped: {
    caller: () => "Tokens are not issued here at the moment. Keep the token that you have, and try again later.",
    operator: () => "Issuing is stopped by the setting issuance; tokens that were issued go on working.",
  },
  malformed_scope: {
    caller: () =>
      "The scope cannot be read. Separate names by single spaces; quotes, backslashes and control characters are not allowed.",
    operator: (f) => `The scope '${f.scope}' is outside the grammar of RFC 6749 section 3.3.`,
  },
  unknown_scope: {
    caller: () => "A requested scope is unknown or not granted to this client. Ask for less, or have it granted.",
    operator: (f) => `Resource ${f.resource} has no scope ${list(f.scope)}.`,
  },
  scope_not_granted: {
    caller: () => "A requested scope is unknown or not granted to this client. Ask for less, or have it granted.",
    operator: (f) => `The client is not granted ${list(f.scope)} at ${f.resource}.`,
  },
  no_granted_scopes: {
    caller: () => "Nothing is granted to this client here. Have a scope granted first.",
    operator: () => "The client has no granted scope there; an empty grant grants nothing.",
  },
  malformed_resource: {
    caller: () => "The resource must be an absolute URI without a fragment. Send the identifier exactly as registered.",
    operator: (f) => `The resource '${f.resource}' is not an absolute URI without a fragment (${f.problem}).`,
  },
  resource_and_audience_differ: {
    caller: () => "The parameters resource and audience differ. Send one of them.",
    operator: () => "The parameters resource and audience named different APIs.",
  },
  unknown_resource: {
    caller: () =>
      "The resource is unknown or not granted to this client. Send the identifier exactly as registered, or have it granted.",
    operator: (f) => `No resource '${f.resource}' exists in this workspace; identifiers are compared byte for byte.`,
  },
  resource_not_granted: {
    caller: () =>
      "The resource is unknown or not granted to this client. Send the identifier exactly as registered, or have it granted.",
    operator: (f) => `The client has no grant for resource ${f.resource}.`,
  },
  resource_ambiguous: {
    caller: () => "The client has grants for several resources. Name one with the resource parameter.",
    operator: (f) => `The request named no resource and the client has grants for ${f.count}.`,
  },
  resource_scopes_differ: {
    caller: () =>
      "The scopes granted at these resources differ. Name scopes that are granted at each, or request a token for each resource.",
    operator: (f) =>
      `The client's scopes at ${f.resource} differ from those at the resource named first: ${list(f.scope)}.`,
  },
  grant_type_not_allowed: {
    caller: () => "This client may not use this grant_type. Ask the workspace's administrator to allow it.",
    operator: (f) =>
      `The client may not use ${f.grantType}: tokenExchange is to be allowed for it or for its workspace, and refused by neither.`,
  },
  subject_token_refused: {
    caller: () =>
      "The subject_token is not valid here. Send one that this client may exchange, and that has not ended.",
    operator: (f) =>
      `The subject_token was refused: ${f.why}${f.evidence.length > 0 ? ` (${f.evidence.join(", ")})` : ""}.`,
  },
  resource_beyond_subject: {
    caller: () => "The subject_token is not for this resource. Ask for one that it is for.",
    operator: (f) => `The subject_token was not for ${f.resource}: an exchange never widens.`,
  },
  scope_beyond_subject: {
    caller: () => "The subject_token does not have a requested scope. Ask for less.",
    operator: (f) => `The subject_token lacks ${list(f.scope)}: an exchange never widens.`,
  },
  token_too_large: {
    caller: () => "The token would be too large. Ask for fewer scopes or resources.",
    operator: (f) =>
      `The token would have ${f.bytes} bytes; the limit is ${f.limit}. Shorten or split the scopes, or its custom claims.`,
  },
  no_credential: {
    caller: () => "No access token was sent. Send Authorization: Bearer with a token.",
    operator: () => "The request carried no access token.",
  },
  two_credentials: {
    caller: () => "Several credentials were sent. Send one.",
    operator: () => "The request carried several credentials.",
  },
  wrong_scheme: {
    caller: () =>
      "This scheme is not for access tokens. Use Authorization: Bearer. A token that is bound to a key goes under DPoP.",
    operator: (f) => `The credential came as '${f.scheme}' instead of Bearer.`,
  },
  malformed_token: {
    caller: invalidToken,
    operator: (f) => `The token is not one of ours (${f.problem}).`,
  },
  unknown_key: {
    caller: invalidToken,
    operator: (f) => `The token names the key '${f.kid}', which this issuer does not publish.`,
  },
  wrong_algorithm: {
    caller: invalidToken,
    operator: (f) => `The token says alg '${f.alg}'; its key signs with ${f.expected}.`,
  },
  bad_signature: {
    caller: invalidToken,
    operator: (f) => `The signature does not fit key ${f.kid}.`,
  },
  wrong_issuer: {
    caller: invalidToken,
    operator: () => "The token names another issuer.",
  },
  token_not_yet_valid: {
    caller: invalidToken,
    operator: (f) => `The token is valid from ${f.notBefore.toISOString()} on.`,
  },
  token_expired: {
    caller: invalidToken,
    operator: (f) => `Token ${f.jti} expired at ${f.expiredAt.toISOString()}.`,
  },
  wrong_audience: {
    caller: invalidToken,
    operator: (f) => `The token is for ${list(f.audience)}, not for ${f.expected}.`,
  },
  token_revoked: {
    caller: invalidToken,
    operator: (f) => `Token ${f.jti} was revoked.`,
  },
  token_cut_off: {
    caller: invalidToken,
    operator: (f) => `Token ${f.jti} was issued before the client's cut-off at ${f.tokensNotBefore.toISOString()}.`,
  },
  token_client_unknown: {
    caller: invalidToken,
    operator: (f) => `The token's client '${f.clientId}' does not exist any more.`,
  },
  token_client_disabled: {
    caller: invalidToken,
    operator: (f) => `The token's client '${f.clientId}' is disabled.`,
  },
  token_issuer_suspended: {
    caller: invalidToken,
    operator: () => "The workspace that issued the token is suspended.",
  },
  token_bound: {
    caller: () => "The access token is bound to a key. Send it as Authorization: DPoP, with a proof in a DPoP header.",
    operator: (f) => `Token ${f.jti} is bound to a DPoP key and came as a bearer token: it may have been stolen.`,
  },
  token_not_bound: {
    caller: () => "The access token is not bound to a key. Send it as Authorization: Bearer, or request a bound one.",
    operator: (f) => `Token ${f.jti} is a bearer token and came under DPoP.`,
  },
  wrong_dpop_key: {
    caller: () => "The access token is bound to another key than the one that signed the DPoP proof.",
    operator: (f) => `Token ${f.jti} came with a proof of another key: it may have been stolen.`,
  },
  token_without_certificate: {
    caller: () => "The access token is bound to a certificate, and the request showed none.",
    operator: (f) => `Token ${f.jti} is bound to a certificate and came without one: it may have been stolen.`,
  },
  wrong_certificate: {
    caller: () => "The access token is bound to another certificate than the one that was shown.",
    operator: (f) => `Token ${f.jti} came with another certificate (SHA-256 ${f.thumbprint}): it may have been stolen.`,
  },
  target_unknown: {
    caller: () => "The proxy does not say which request the DPoP proof is for. Ask the operator of this API.",
    operator: () =>
      "A DPoP proof is for one method and address: have the proxy send X-Forwarded-Method, -Proto, -Host and -Uri, once each.",
  },
  delegated_token: {
    caller: invalidToken,
    operator: (f) => `The token acts for '${f.subject}'; here everybody acts in their own name.`,
  },
  insufficient_scope: {
    caller: (f) => `The access token lacks a scope. Required: ${list(f.required)}.`,
    operator: (f) => `The token lacks ${list(f.missing)}; required: ${list(f.required)}.`,
  },
  no_signing_key: {
    caller: () => "The issuer cannot sign at the moment. Try again later.",
    operator: (f) => `The workspace has no active signing key, neither for ${f.alg} nor another. Activate one.`,
  },
  cut_off_ahead: {
    caller: () => "The issuer cannot issue for this client at the moment. Try again shortly.",
    operator: (f) =>
      `The client's cut-off ${f.tokensNotBefore.toISOString()} lies ahead of this server's clock by more than the wait.`,
  },
  store_unavailable: {
    caller: () => "The issuer is not available at the moment. Try again shortly.",
    operator: () => "The store could not answer or could not keep the record, so nothing was issued.",
  },
  unexpected_error: {
    caller: () => "Something went wrong on our side. Give the correlation id to the operator.",
    operator: () => "An unexpected error; the server's log has it under this correlation id.",
  },
} satisfies { readonly [R in FailureReason]: Sentences<R> };

const jsonProblem = {
  json: "it is no JSON object",
  duplicate_member: "a member is repeated",
  utf8: "invalid UTF-8",
} as const;

const formProblem = {
  percent_encoding: "broken percent-encoding",
  utf8: "invalid UTF-8",
  nul: "a NUL character",
} as const;

const tokenProblem = {
  too_long: "it is too long",
  not_three_parts: "it does not have three parts",
  not_five_parts: "it does not have the five parts of a sealed token",
  encoding: "its parts are not base64url",
  json: "a part is no JSON object",
  duplicate_member: "a member is repeated",
  header: "its alg, kid or typ is no text",
  forbidden_header: "its header may not have jwk, jku, x5u, x5c, crit, b64 or zip",
  type: "its 'typ' names another kind of token",
  claims: "its claims are not complete",
} as const;

const proofProblem = {
  ...tokenProblem,
  forbidden_header: "its header may not have jku, x5u, x5c, crit, b64 or zip",
  no_proof: "there is no DPoP header",
  several_proofs: "there is more than one DPoP header",
  type: "its 'typ' is not dpop+jwt",
  algorithm: "its 'alg' is none that is supported here",
  key: "its 'jwk' is no public key that fits its 'alg'",
  private_key: "its 'jwk' is a private key, which must not leave the client",
  signature: "it is not signed by the key in its header",
} as const;

const claimProblem = {
  missing: "is missing or of the wrong type",
  differs: "is another one",
  passed: "has passed",
  ahead: "lies ahead",
  too_far: "is too far away",
} as const;

/** All reasons, taken from the table that the compiler keeps complete. */
export const failureReasons = Object.keys(sentences) as readonly FailureReason[];

/** What the caller may be told, in the characters RFC 6749 §5.2 allows for `error_description`. */
export const callerSentence = (failure: Failure): string => errorText(sentenceOf(failure).caller(failure));

/** What happened, for the operator who reads the log or the explanation. */
export const operatorSentence = (failure: Failure): string => sentenceOf(failure).operator(failure);

/** What is a time in evidence that was kept as JSON. */
const instants = /^(?:notBefore|notAfter|expiredAt|revokedAt|tokensNotBefore)$/;

/**
 * The same two sentences for a refusal that was recorded, from its reason and the evidence as `failureEvidence` made it.
 *
 * @returns `undefined` where this version knows no such reason, or an older one kept other evidence for it
 */
export function recordedSentences(
  reason: string,
  evidence: Readonly<Record<string, unknown>>,
): { readonly caller: string; readonly operator: string } | undefined {
  if (!Object.hasOwn(sentences, reason)) return undefined;
  const members = Object.entries(evidence).map(([name, value]) => [
    name,
    instants.test(name) ? new Date(String(value)) : value,
  ]);
  const failure = { ...Object.fromEntries(members), reason } as Failure;
  try {
    return { caller: callerSentence(failure), operator: operatorSentence(failure) };
  } catch {
    return undefined;
  }
}

// The table pairs each reason with functions of its own failure; the compiler cannot follow that pairing through a look-up.
const sentenceOf = (failure: Failure) =>
  sentences[failure.reason] as { caller(failure: Failure): string; operator(failure: Failure): string };

/** Text in %x20-21 / %x23-5B / %x5D-7E; other characters would break the header or the caller's terminal (RFC 6749 §5.2). */
export const errorText = (text: string): string =>
  text
    .replaceAll('"', "'")
    .replaceAll("\\", "/")
    .replace(/[^\x20-\x7e]/g, "?");

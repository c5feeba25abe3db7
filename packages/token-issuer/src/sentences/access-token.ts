import { list, type SomeSentences } from "./words.ts";

const invalidToken = () => "The access token is not valid here. Request a new one.";

const invalidApiToken = () => "The API token is not valid here. Ask its owner for another one.";

/** Access tokens at a protected resource. */
export const accessTokenSentences = {
  no_credential: {
    caller: () => "No access token was sent. Send Authorization: Bearer with a token.",
    operator: () => "The request carried no access token.",
  },
  two_credentials: {
    caller: () => "Several credentials were sent. Send one.",
    operator: () => "The request carried several credentials.",
  },
  wrong_scheme: {
    caller: ({ scheme, expected }) => {
      if (expected === "Token")
        return "This is an API token, not an access token. Use Authorization: Token, or X-API-KEY.";
      if (expected === "Bearer")
        return `This is an access token: it does not go under ${scheme}. Use Authorization: Bearer.`;
      return "This scheme is not for access tokens. Use Authorization: Bearer. A token that is bound to a key goes under DPoP.";
    },
    operator: (f) => `The credential came as '${f.scheme}' instead of ${f.expected ?? "Bearer"}.`,
  },
  unknown_api_token: {
    caller: invalidApiToken,
    operator: () => "There is no API token with this value in the workspace.",
  },
  api_token_expired: {
    caller: invalidApiToken,
    operator: (f) => `API token ${f.apiTokenId} ended at ${f.expiredAt.toISOString()}.`,
  },
  api_token_revoked: {
    caller: invalidApiToken,
    operator: (f) => `API token ${f.apiTokenId} was revoked at ${f.revokedAt.toISOString()}.`,
  },
  api_token_ungranted: {
    caller: invalidApiToken,
    operator: (f) =>
      `API token ${f.apiTokenId} is good for nothing at ${f.resource}: its client holds nothing there, or it was narrowed.`,
  },
  api_token_client_unknown: {
    caller: invalidApiToken,
    operator: (f) => `The client '${f.clientId}' of API token ${f.apiTokenId} does not exist any more.`,
  },
  api_token_client_disabled: {
    caller: invalidApiToken,
    operator: (f) => `The client '${f.clientId}' of API token ${f.apiTokenId} is disabled.`,
  },
  api_token_issuer_suspended: {
    caller: invalidApiToken,
    operator: () => "The workspace is suspended, and its API tokens with it.",
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
    operator: (f) =>
      `Token ${f.jti} was issued before the cut-off of its client or workspace at ${f.tokensNotBefore.toISOString()}.`,
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
} satisfies SomeSentences;

import type { SomeSentences } from "./words.ts";

/** What may be otherwise later. */
export const passingSentences = {
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
  no_signing_key: {
    caller: () => "The issuer cannot sign at the moment. Try again later.",
    operator: (f) => `The workspace has no active signing key, neither for ${f.alg} nor another. Activate one.`,
  },
  cut_off_ahead: {
    caller: () => "The issuer cannot issue for this client at the moment. Try again shortly.",
    operator: (f) =>
      `The cut-off of the client or its workspace, ${f.tokensNotBefore.toISOString()}, lies ahead of this server's clock by more than the wait.`,
  },
  store_unavailable: {
    caller: () => "The issuer is not available at the moment. Try again shortly.",
    operator: () => "The store could not answer or could not keep the record, so nothing was issued.",
  },
  unexpected_error: {
    caller: () => "Something went wrong on our side. Give the correlation id to the operator.",
    operator: () => "An unexpected error; the server's log has it under this correlation id.",
  },
} satisfies SomeSentences;

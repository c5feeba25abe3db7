import type { DifferenceKind } from "../client-auth/difference.ts";
import type { KeySetProblem } from "../document.ts";
import { notAuthenticated, type SomeSentences } from "./words.ts";

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

/** Who the client is, by a platform's token. */
export const federationSentences = {
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
} satisfies SomeSentences;

import type { FailureOf, MetadataProblem } from "../failure.ts";
import type { SomeSentences } from "./words.ts";

// Whoever guesses tokens, or ids of clients, must not learn which of them was right.
const noRegistration = () =>
  "The registration token is not valid here. Ask the workspace's administrator for an initial access token, or use the token that the client was registered with.";

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

/** Dynamic client registration. */
export const registrationSentences = {
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
  registration_limit_reached: {
    caller: () => "Too many registrations were made or changed with this token. Try again later.",
    operator: (f) => `More than ${f.limit} registrations a minute were made or changed with one token.`,
  },
  registered_client_disabled: {
    caller: () => "This client is disabled, and may not manage its registration. Ask the workspace's administrator.",
    operator: (f) => `Client '${f.clientId}' is disabled; until it is enabled its registration stays as it is.`,
  },
  invalid_client_metadata: {
    caller: metadataSentence,
    operator: metadataSentence,
  },
  software_statement_not_approved: {
    caller: () => "Software statements are not taken here. Send the metadata as members, without software_statement.",
    operator: () => "The request carried a software_statement; no publisher of such statements is trusted here.",
  },
} satisfies SomeSentences;

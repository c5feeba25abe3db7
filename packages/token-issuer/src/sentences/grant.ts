import { list, type SomeSentences } from "./words.ts";

/** What a client may have. */
export const grantSentences = {
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
} satisfies SomeSentences;

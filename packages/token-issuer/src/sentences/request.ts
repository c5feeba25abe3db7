import type { SomeSentences } from "./words.ts";

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

/** The request as such: what cannot be read, or has no address here. */
export const requestSentences = {
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
  malformed_json: {
    caller: (f) => `The body cannot be read (${jsonProblem[f.problem]}). Send one JSON object in UTF-8.`,
    operator: (f) => `The body could not be read: ${jsonProblem[f.problem]}.`,
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
} satisfies SomeSentences;

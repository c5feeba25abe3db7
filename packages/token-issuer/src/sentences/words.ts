import type { FailureOf, FailureReason } from "../failure.ts";

/** What a reason says: to the caller, who may be anybody, and to the operator. */
interface Sentences<R extends FailureReason> {
  readonly caller: (failure: FailureOf<R>) => string;
  readonly operator: (failure: FailureOf<R>) => string;
}

/** Of some reasons. */
export type SomeSentences = { readonly [R in FailureReason]?: Sentences<R> };

export const list = (names: readonly string[]) => names.join(" ");

// One text for all of them: whoever guesses ids or secrets must not learn which part was right.
export const notAuthenticated = () =>
  "Client authentication failed. Check the client id, the secret and the authentication method, then try again.";

export const tokenProblem = {
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

export const claimProblem = {
  missing: "is missing or of the wrong type",
  differs: "is another one",
  passed: "has passed",
  ahead: "lies ahead",
  too_far: "is too far away",
} as const;

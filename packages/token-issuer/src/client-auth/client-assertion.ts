import { type CompactJws, readCompactJws } from "../compact-jws.ts";
import { type AssertionClaim, type ClaimProblem, type Failure, isFailure } from "../failure.ts";
import type { Form } from "../form.ts";
import { cut } from "../request.ts";
import type { Issuer } from "../store.ts";
import type { PresentedAssertion, PresentedForeignToken } from "./presented.ts";

/** RFC 7523 §2.2. */
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** `typ` is optional; where it stands, it must not be another kind of token (RFC 8725 §3.11). */
const TYPES: ReadonlySet<unknown> = new Set([undefined, "jwt", "client-authentication+jwt"]);
/** `JOSE` is what SPIFFE allows beside it (JWT-SVID §2.3). */
export const FOREIGN_TYPES: ReadonlySet<unknown> = new Set([undefined, "jwt", "jose"]);
/** Seconds that a client's clock may be wrong. */
const SKEW = 30;
/** Seconds from now to the end of an assertion at most: libraries sign for an hour. */
const LONGEST = 3660;
const JTI_LIMIT = 255;
/** Seconds that a used assertion is remembered beyond its end: servers' clocks differ, and a request may have to wait. */
const MARGIN = 300;

/** What an issuer of workloads' tokens is called. */
const ISSUER = /^(?:https|spiffe):\/\//;

/**
 * Reads `client_assertion` from a form. Only its form is judged here, and who it says it is from: the client itself
 * (`iss` = `sub`), or somebody else, beside `client_id`. Some issuers speak of themselves (`iss` = `sub` too): their name is
 * an address, and not the `client_id` beside it. Nothing of a client decides which it is, so no stranger learns any of it.
 */
export function readAssertion(form: Form): PresentedAssertion | PresentedForeignToken | Failure {
  const type = form.get("client_assertion_type");
  if (type === undefined) return { reason: "missing_parameter", parameter: "client_assertion_type" };
  if (type !== ASSERTION_TYPE) return { reason: "unsupported_client_authentication", method: cut(type) };
  const assertion = readCompactJws(form.get("client_assertion") ?? "");
  if (typeof assertion === "string") return { reason: "malformed_assertion", problem: assertion };
  const { iss, sub } = assertion.payload;
  const beside = form.get("client_id");
  const isForeign = beside !== undefined && (iss !== sub || (beside !== sub && ISSUER.test(String(iss))));
  if (!hasType(assertion, isForeign ? FOREIGN_TYPES : TYPES)) return { reason: "malformed_assertion", problem: "type" };
  if (isForeign) return { method: "federated_jwt", clientId: beside, token: assertion };
  if (typeof sub !== "string" || sub === "") return wrong("sub", "missing", "the client id");
  if (iss !== sub)
    return wrong("iss", "differs", "the client id, as in 'sub', or client_id beside another issuer's token");
  if (beside !== undefined && beside !== sub) return { reason: "client_ids_differ" };
  return { method: "private_key_jwt", clientId: sub, assertion };
}

/** Whether a token's kind is one of these. */
export const hasType = ({ header: { typ } }: CompactJws, types: ReadonlySet<unknown>): boolean =>
  types.has(typeof typ === "string" ? typ.toLowerCase() : typ);

/** What an assertion says of its own use. */
export interface AssertionUse {
  /** Whether its audience is the token endpoint, which only some clients' may be. */
  readonly isForEndpoint: boolean;
  readonly jti: string;
  /** When it would be refused anyway, by whatever clock. */
  readonly endsAt: Date;
}

/**
 * Judges the claims of an assertion that need no client: for this issuer and no other, now, and usable once
 * (RFC 7523 §3; the sole audience of draft-ietf-oauth-rfc7523bis).
 */
export function readAssertionUse(issuer: Issuer, { payload }: CompactJws, now: Date): AssertionUse | Failure {
  const { aud, jti } = payload;
  const audience = soleAudience(aud);
  const isForEndpoint = tokenEndpoints(issuer).includes(audience);
  if (audience !== issuer.url && !isForEndpoint)
    return wrong("aud", aud === undefined ? "missing" : "differs", issuer.url);
  const exp = readEnd(payload, now);
  if (isFailure(exp)) return exp;
  if (exp > now.getTime() / 1000 + LONGEST + SKEW)
    return wrong("exp", "too_far", `at most ${LONGEST} seconds from now`);
  if (typeof jti !== "string" || jti === "" || jti.length > JTI_LIMIT)
    return wrong("jti", "missing", `1 to ${JTI_LIMIT} characters, new for each assertion`);
  return { jti, isForEndpoint, endsAt: new Date((exp + SKEW + MARGIN) * 1000) };
}

/** `aud` where it is one: alone, or alone in a list. */
export const soleAudience = (aud: unknown): unknown => (Array.isArray(aud) && aud.length === 1 ? aud[0] : aud);

const tokenEndpoints = ({ url }: Issuer): readonly unknown[] => [`${url}/oauth2/token`, `${url}/oauth/token`];

/** @returns `exp` of a token that counts now, in seconds since 1970 */
export function readEnd({ exp, iat, nbf }: CompactJws["payload"], now: Date): number | Failure {
  const seconds = now.getTime() / 1000;
  if (!isInstant(exp)) return wrong("exp", "missing", "seconds since 1970");
  if (exp <= seconds - SKEW) return wrong("exp", "passed", "an instant to come");
  return aheadOf({ iat, nbf }, seconds) ?? exp;
}

function aheadOf(starts: { readonly iat: unknown; readonly nbf: unknown }, seconds: number): Failure | undefined {
  for (const claim of ["iat", "nbf"] as const) {
    const at = starts[claim];
    if (at === undefined) continue;
    if (!isInstant(at)) return wrong(claim, "missing", "seconds since 1970, or left out");
    if (at > seconds + SKEW) return wrong(claim, "ahead", "an instant that has come");
  }
  return undefined;
}

const isInstant = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

const wrong = (claim: AssertionClaim, problem: ClaimProblem, expected: string): Failure => ({
  reason: "wrong_assertion_claim",
  claim,
  problem,
  expected,
});

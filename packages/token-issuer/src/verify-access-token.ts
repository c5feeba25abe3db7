import { hash } from "node:crypto";
import { BoundedCache } from "./bounded-cache.ts";
import type { AccessTokenClaims } from "./claims.ts";
import { readCompactJws } from "./compact-jws.ts";
import { isConfirmation } from "./confirmation.ts";
import { type Failure, isFailure, type TokenProblem } from "./failure.ts";
import { cut } from "./request.ts";
import { isOpaque, openSealed, readEnvelope } from "./sealed-token.ts";
import { verifyBytes } from "./signature.ts";
import { isPublished } from "./signing-keys.ts";
import type { Issuer, SigningKey } from "./store.ts";
import type { JsonObject } from "./strict-json.ts";

/** Seconds another replica's clock may run ahead. */
const SKEW = 60;
const TYPES: ReadonlySet<unknown> = new Set(["at+jwt", "application/at+jwt"]);

/**
 * Checks that a string is an access token of this issuer, signed or sealed, and that it has not expired (RFC 9068 §4,
 * RFC 8725). What the store knows is not asked here.
 */
export function verifyAccessToken(issuer: Issuer, token: string, now: Date): { claims: AccessTokenClaims } | Failure {
  const found = isOpaque(token) ? openSealed(issuer, token, now) : findSigned(issuer, token, now);
  if (isFailure(found)) return found;
  const { payload } = found;
  const claims = readClaims(payload);
  if (!claims) return malformed("claims");
  if (claims.iss !== issuer.url) return { reason: "wrong_issuer" };
  const seconds = now.getTime() / 1000;
  const start = Math.max(claims.iat, typeof payload["nbf"] === "number" ? payload["nbf"] : 0);
  if (start > seconds + SKEW) return { reason: "token_not_yet_valid", notBefore: instant(start) };
  if (claims.exp <= seconds) return { reason: "token_expired", jti: claims.jti, expiredAt: instant(claims.exp) };
  return { claims };
}

/** What a token of this issuer says, whether or not it is good now; nothing where this issuer did not make it. */
export function signedClaims(issuer: Issuer, token: string, now: Date): AccessTokenClaims | undefined {
  const found = isOpaque(token) ? openSealed(issuer, token, now) : findSigned(issuer, token, now);
  const claims = isFailure(found) ? undefined : readClaims(found.payload);
  return claims?.iss === issuer.url ? claims : undefined;
}

/** What a token says once its signature was found good, and the key that it was found good with. */
interface Signed {
  readonly payload: JsonObject;
  readonly publicJwk: SigningKey["publicJwk"];
}

/**
 * Good signatures by the hash of the whole token: an API asks about the same token again and again, and a signature stays
 * good. Whether its key may still be used, and everything about time and state, is judged anew each time.
 */
const goodSignatures = new BoundedCache<Signed>(10_000);

/** What a token says that one of the issuer's published keys signed. */
function findSigned(issuer: Issuer, token: string, now: Date): Signed | Failure {
  const id = hash("sha256", token, "base64url");
  const known = goodSignatures.get(id);
  const isKnownKey = ({ publicJwk }: SigningKey) => publicJwk === known?.publicJwk;
  if (known && issuer.keys.some((key) => isKnownKey(key) && isPublished(key, now))) return known;

  const parts = readCompactJws(token);
  if (typeof parts === "string") return malformed(parts);
  const { header, payload, signature, signed } = parts;
  if (!TYPES.has(typeof header["typ"] === "string" ? header["typ"].toLowerCase() : undefined)) return malformed("type");
  const key = issuer.keys.find(({ kid }) => kid === header["kid"]);
  if (!key || !isPublished(key, now)) return { reason: "unknown_key", kid: cut(String(header["kid"])) };
  if (header["alg"] !== key.alg) {
    return { reason: "wrong_algorithm", alg: cut(String(header["alg"])), expected: key.alg };
  }
  if (!verifyBytes(key, signed, signature)) return { reason: "bad_signature", kid: key.kid };
  const found = { payload, publicJwk: key.publicJwk };
  goodSignatures.set(id, found);
  return found;
}

/** The issuer a token claims to be from, unverified: good for finding whom to ask, for nothing else. */
export function unverifiedIssuer(token: string): string | undefined {
  const parts = isOpaque(token) ? readEnvelope(token) : readCompactJws(token);
  if (typeof parts === "string") return undefined;
  const { iss } = "payload" in parts ? parts.payload : parts.header;
  return typeof iss === "string" ? iss : undefined;
}

/** The claims with their types checked; our tokens have them all (RFC 9068 §2.2). */
function readClaims(payload: JsonObject): AccessTokenClaims | undefined {
  const text = (name: string) => typeof payload[name] === "string";
  const time = (name: string) => Number.isFinite(payload[name]);
  const aud = payload["aud"];
  const audience = Array.isArray(aud) ? aud.length > 0 && aud.every((item) => typeof item === "string") : text("aud");
  const whole =
    audience &&
    ["iss", "sub", "client_id", "jti", "scope"].every(text) &&
    ["iat", "exp"].every(time) &&
    // Only what was exchanged is about somebody else than its client, and says so.
    (payload["sub"] === payload["client_id"] || typeof payload["act"] === "object") &&
    (payload["nbf"] === undefined || time("nbf")) &&
    (payload["cnf"] === undefined || isConfirmation(payload["cnf"]));
  return whole ? (payload as unknown as AccessTokenClaims) : undefined;
}

const malformed = (problem: TokenProblem): Failure => ({ reason: "malformed_token", problem });

/** An absurd number must not throw later, where the instant is printed. */
const instant = (seconds: number): Date => new Date(Math.min(Math.max(seconds, 0), 8.64e12) * 1000);

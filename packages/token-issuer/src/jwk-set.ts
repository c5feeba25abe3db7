import { isPublished, publicMembers } from "./signing-keys.ts";
import type { Issuer } from "./store.ts";

/** The JWK Set at `now` as JSON (RFC 7517 §5); the order is stable, so that the ETag is. */
export function jwkSet(issuer: Issuer, now: Date): string {
  const published = issuer.keys
    .filter((key) => isPublished(key, now))
    .toSorted((one, other) => (one.kid < other.kid ? -1 : 1))
    .map((key) => publicMembers({ ...key.publicJwk, kid: key.kid, alg: key.alg }));
  return JSON.stringify({ keys: published });
}

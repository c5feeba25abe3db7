import { timingSafeEqual } from "node:crypto";
import type { ClientSecret, IssuerStore } from "../store.ts";

/** What a presented secret turned out to be. */
export type FoundSecret =
  | { readonly state: "unknown" }
  | { readonly state: "live"; readonly id: string }
  | { readonly state: "early" | "expired" | "revoked"; readonly id: string; readonly at: Date };

// A fixed amount, so that no answer's time tells whether the client exists or how many secrets it holds.
const COMPARISONS = 4;
const NOTHING = new Uint8Array(32);

/**
 * Compares a presented secret with every stored one, in constant time and without stopping at a hit.
 * A live one wins over a dead one of the same value.
 */
export function findSecret(
  store: IssuerStore,
  secrets: readonly ClientSecret[],
  presented: string,
  now: Date,
): FoundSecret {
  const versions = store.pepperVersions;
  const digests = versions.map((version) => store.secretDigest(presented, version));
  let found: FoundSecret = { state: "unknown" };
  for (let index = 0; index < Math.max(COMPARISONS, secrets.length); index++) {
    const secret = secrets[index];
    const digest = digests[secret ? versions.indexOf(secret.pepperVersion) : 0] ?? NOTHING;
    const equal = sameBytes(secret?.digest ?? NOTHING, digest) && digest !== NOTHING;
    if (secret && equal && found.state !== "live") found = judge(secret, now);
  }
  return found;
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function judge(secret: ClientSecret, now: Date): FoundSecret {
  const { id, revokedAt, expiresAt, notBefore } = secret;
  if (revokedAt) return { state: "revoked", id, at: revokedAt };
  if (expiresAt && expiresAt <= now) return { state: "expired", id, at: expiresAt };
  if (notBefore > now) return { state: "early", id, at: notBefore };
  return { state: "live", id };
}

import { timingSafeEqual } from "node:crypto";
import type { ClientSecret, IssuerStore } from "../store.ts";

/** What a presented secret turned out to be. */
export type FoundSecret =
  | { readonly state: "unknown" }
  | { readonly state: "live"; readonly id: string }
  | { readonly state: "early" | "expired" | "revoked"; readonly id: string; readonly at: Date };

// Fixed amounts, so that no answer's time tells whether the client exists or how many secrets it holds.
const DIGESTS = 2;
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
  const digests = digestsOf(store, secrets, presented);
  let found: FoundSecret = { state: "unknown" };
  for (let index = 0; index < Math.max(COMPARISONS, secrets.length); index++) {
    const secret = secrets[index];
    const digest = digests.get(secret?.pepperVersion ?? store.currentPepperVersion) ?? NOTHING;
    const equal = sameBytes(secret?.digest ?? NOTHING, digest);
    if (secret && equal && found.state !== "live") found = judge(secret, now);
  }
  return found;
}

/** The presented value under the current pepper and under every other that the client's secrets need; two at least. */
function digestsOf(store: IssuerStore, secrets: readonly ClientSecret[], presented: string): Map<number, Uint8Array> {
  const digests = new Map<number, Uint8Array>();
  for (const version of new Set([store.currentPepperVersion, ...secrets.map((secret) => secret.pepperVersion)])) {
    digests.set(version, store.secretDigest(presented, version));
  }
  for (let made = digests.size; made < DIGESTS; made++) store.secretDigest(presented, store.currentPepperVersion);
  return digests;
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

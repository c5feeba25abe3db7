import { hash, timingSafeEqual } from "node:crypto";
import type { ClientSecret, IssuerStore } from "../store.ts";

/** What a presented secret turned out to be. */
export type FoundSecret =
  | { readonly state: "unknown" }
  | { readonly state: "live"; readonly id: string }
  | { readonly state: "early" | "expired" | "revoked"; readonly id: string; readonly at: Date };

// A fixed amount, so that no answer's time tells whether the client exists or how many secrets it holds.
const COMPARISONS = 4;
const NOTHING = new Uint8Array(32);

/** SHA-256 of the value that proved itself as a secret, for as long as that snapshot of the secret is kept. */
const proven = new WeakMap<ClientSecret, Uint8Array>();

/**
 * Compares a presented secret with every stored one, in constant time and without stopping at a hit.
 * A live one wins over a dead one of the same value. What proved itself before costs no pepper: a client that asks again
 * is known by the hash of what it showed.
 */
export function findSecret(
  store: IssuerStore,
  secrets: readonly ClientSecret[],
  presented: string,
  now: Date,
): FoundSecret {
  const shown = hash("sha256", presented, "buffer");
  const again = compareAll(secrets, now, (secret) => isSame(secret && proven.get(secret), shown));
  if (again.state === "live") return again;
  const versions = store.pepperVersions;
  const digests = versions.map((version) => store.secretDigest(presented, version));
  return compareAll(secrets, now, (secret) => {
    const digest = digests[secret ? versions.indexOf(secret.pepperVersion) : 0];
    const isProven = isSame(secret?.digest, digest ?? NOTHING) && digest !== undefined;
    if (secret && isProven) proven.set(secret, shown);
    return isProven;
  });
}

/** As many comparisons for every client. */
function compareAll(
  secrets: readonly ClientSecret[],
  now: Date,
  isIt: (secret: ClientSecret | undefined) => boolean,
): FoundSecret {
  let found: FoundSecret = { state: "unknown" };
  for (let index = 0; index < Math.max(COMPARISONS, secrets.length); index++) {
    const secret = secrets[index];
    if (isIt(secret) && secret && found.state !== "live") found = judge(secret, now);
  }
  return found;
}

const isSame = (stored: Uint8Array | undefined, shown: Uint8Array): boolean =>
  sameBytes(stored ?? NOTHING, shown) && stored !== undefined;

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

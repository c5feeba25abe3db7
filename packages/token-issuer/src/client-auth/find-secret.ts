import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Client, ClientSecret, IssuerStore } from "../store.ts";

/** What a presented secret turned out to be. */
export type FoundSecret =
  | { readonly state: "unknown" }
  | ({ readonly state: "live"; readonly id: string } & Proof)
  | Dead<"early">
  | Dead<"expired">
  | Dead<"revoked">;

interface Dead<State> {
  readonly state: State;
  readonly id: string;
  readonly at: Date;
}

/** A secret, and the keyed hash of the value that proved to be it. */
interface Proof {
  readonly secret: ClientSecret;
  readonly shown: Uint8Array;
}

// A fixed amount, so that no answer's time tells whether the client exists or how many secrets it holds.
const COMPARISONS = 4;
const NOTHING = new Uint8Array(32);

/** Of this process alone: what is remembered helps nobody who reads it elsewhere to guess a value. */
const MEMORY_KEY = randomBytes(32).toString("hex");

/** What each client was let in with last, for as long as that snapshot of it is kept. */
const lettingIn = new WeakMap<Client, Proof>();

/** Remembers with what a client was let in. Not before: whoever is refused must cost the same whatever it showed. */
export function rememberLettingIn(client: Client, { secret, shown }: Proof): void {
  if (lettingIn.get(client)?.secret !== secret) lettingIn.set(client, { secret, shown });
}

/**
 * Compares a presented secret with every stored one, in constant time and without stopping at a hit.
 * A live one wins over a dead one of the same value. What let the client in before is known again by its hash alone.
 */
export function findSecret(store: IssuerStore, client: Client | undefined, presented: string, now: Date): FoundSecret {
  const shown = hash("sha256", MEMORY_KEY + presented, "buffer");
  const before = client && lettingIn.get(client);
  if (sameBytes(before?.shown ?? NOTHING, shown) && before) {
    const again = judge(before.secret, shown, now);
    if (again.state === "live") return again;
  }
  const secrets = client?.secrets ?? [];
  const versions = store.pepperVersions;
  const digests = versions.map((version) => store.secretDigest(presented, version));
  let found: FoundSecret = { state: "unknown" };
  for (let index = 0; index < Math.max(COMPARISONS, secrets.length); index++) {
    const secret = secrets[index];
    const digest = digests[secret ? versions.indexOf(secret.pepperVersion) : 0] ?? NOTHING;
    const equal = sameBytes(secret?.digest ?? NOTHING, digest) && digest !== NOTHING;
    if (secret && equal && found.state !== "live") found = judge(secret, shown, now);
  }
  return found;
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function judge(secret: ClientSecret, shown: Uint8Array, now: Date): FoundSecret {
  const { id, revokedAt, expiresAt, notBefore } = secret;
  if (revokedAt) return { state: "revoked", id, at: revokedAt };
  if (expiresAt && expiresAt <= now) return { state: "expired", id, at: expiresAt };
  if (notBefore > now) return { state: "early", id, at: notBefore };
  return { state: "live", id, secret, shown };
}

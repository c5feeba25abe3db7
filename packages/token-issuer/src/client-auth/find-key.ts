import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { JWK } from "jose";
import type { CompactJws } from "../compact-jws.ts";
import { verifyBytes } from "../signature.ts";
import type { ClientKey, SigningAlgorithm } from "../store.ts";

/** What the key of an assertion turned out to be. */
export type FoundKey =
  | { readonly state: "unknown" }
  | { readonly state: "live"; readonly id: string }
  | Dead<"early">
  | Dead<"expired">
  | Dead<"revoked">;

interface Dead<State> {
  readonly state: State;
  readonly id: string;
  readonly at: Date;
}

const ALGORITHMS: readonly SigningAlgorithm[] = ["ES256", "EdDSA", "PS256", "RS256"];
/** Their names, with the one that RFC 9864 §2.2 gives EdDSA with this curve (RFC 7518 §3.1, RFC 8037 §3.1). */
export const ASSERTION_ALGORITHMS = ["ES256", "EdDSA", "Ed25519", "PS256", "RS256"];
const RSA: readonly SigningAlgorithm[] = ["PS256", "RS256"];
/** Keys that are tried for one assertion, by everybody: the one in use and the one that follows it. */
const TRIES = 2;

/**
 * Which of a client's keys signed an assertion. A `kid` narrows the choice and never widens it; the algorithm has to fit
 * the key (RFC 8725 §3.1). Without a `kid` two keys of that algorithm are tried, those that live first: with more of them
 * a client has to name the one. A client that is not there, or has no such key, costs the same checks: its keys are none.
 */
export function findKey(keys: readonly ClientKey[], { header, signed, signature }: CompactJws, now: Date): FoundKey {
  const { kid } = header;
  const alg = algorithmNamed(header["alg"]);
  // What no key could have made is told by nobody's key.
  if (alg === undefined || !isPossible(alg, signature)) return { state: "unknown" };
  const fitting = keys
    .filter((key) => (kid === undefined || key.kid === kid) && algorithmsOf(key.publicJwk).includes(alg))
    .toSorted((one, other) => Number(judge(other, now).state === "live") - Number(judge(one, now).state === "live"));
  let found: FoundKey = { state: "unknown" };
  for (let index = 0; index < TRIES; index++) {
    const key = fitting[index];
    const publicJwk = key?.publicJwk ?? decoyOf(alg, signature.length);
    const isIt = verifyBytes({ alg, publicJwk }, signed, signature);
    if (key && isIt && found.state !== "live") found = judge(key, now);
  }
  return found;
}

/**
 * Whether none of these keys is the one that a token names or, where it names none, fits its signature: then
 * they may have been exchanged. What no key could have made misses none.
 */
export function isSignerMissing(
  keys: readonly Pick<ClientKey, "kid" | "publicJwk">[],
  { header, signed, signature }: Pick<CompactJws, "header" | "signed" | "signature">,
): boolean {
  const { kid } = header;
  if (kid !== undefined) return keys.every((key) => key.kid !== kid);
  const alg = algorithmNamed(header["alg"]);
  if (alg === undefined || !isPossible(alg, signature)) return false;
  const fitting = keys.filter(({ publicJwk }) => algorithmsOf(publicJwk).includes(alg)).slice(0, TRIES);
  return !fitting.some(({ publicJwk }) => verifyBytes({ alg, publicJwk }, signed, signature));
}

/** Bytes of an RSA signature: as many as the key has, of 2,048 to 4,096 bits. */
const RSA_BYTES = { least: 256, most: 512 };

const isPossible = (alg: SigningAlgorithm, { length }: Uint8Array): boolean =>
  RSA.includes(alg) ? length >= RSA_BYTES.least && length <= RSA_BYTES.most : length === 64;

/** An algorithm by its name; `Ed25519` is what RFC 9864 §2.2 calls EdDSA with this curve. */
export function algorithmNamed(name: unknown): SigningAlgorithm | undefined {
  if (name === "Ed25519") return "EdDSA";
  return ALGORITHMS.find((one) => one === name);
}

/** The algorithms that a public key may check: one for each curve, two for RSA unless the key names one. */
export function algorithmsOf({ kty, crv, alg }: JWK): readonly SigningAlgorithm[] {
  if (kty === "EC" && crv === "P-256") return ["ES256"];
  if (kty === "OKP" && crv === "Ed25519") return ["EdDSA"];
  if (kty !== "RSA") return [];
  const only = algorithmNamed(alg);
  return only && RSA.includes(only) ? [only] : RSA;
}

/** Whether a credential counts at that moment. */
export function judge(
  { id, revokedAt, expiresAt, notBefore }: Pick<ClientKey, "id" | "revokedAt" | "expiresAt" | "notBefore">,
  now: Date,
): Exclude<FoundKey, { readonly state: "unknown" }> {
  if (revokedAt) return { state: "revoked", id, at: revokedAt };
  if (expiresAt && expiresAt <= now) return { state: "expired", id, at: expiresAt };
  if (notBefore > now) return { state: "early", id, at: notBefore };
  return { state: "live", id };
}

const decoys = new Map<string, JWK>();

/** A public key of that kind whose private half nobody has. */
function decoyOf(alg: SigningAlgorithm, bytes: number): JWK {
  const name = RSA.includes(alg) ? `RSA ${bytes}` : alg;
  let decoy = decoys.get(name);
  if (!decoy) {
    decoy = alg === "ES256" ? publicHalf("ec") : alg === "EdDSA" ? publicHalf("ed25519") : oddNumber(bytes);
    decoys.set(name, decoy);
  }
  return decoy;
}

const publicHalf = (kind: "ec" | "ed25519"): JWK => {
  const { publicKey } =
    kind === "ec" ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("ed25519");
  return publicKey.export({ format: "jwk" }) as JWK;
};

/** A number that looks like a modulus: to make a real one takes a tenth of a second. */
function oddNumber(bytes: number): JWK {
  const number = randomBytes(bytes);
  number[0] = (number[0] ?? 0) | 0x80;
  number[bytes - 1] = (number[bytes - 1] ?? 0) | 1;
  return { kty: "RSA", n: number.toString("base64url"), e: "AQAB" };
}

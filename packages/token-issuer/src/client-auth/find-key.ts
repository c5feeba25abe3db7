import { generateKeyPairSync } from "node:crypto";
import type { JWK } from "jose";
import type { CompactJws } from "../compact-jws.ts";
import { verifyBytes } from "../signature.ts";
import type { Client, ClientKey, SigningAlgorithm } from "../store.ts";

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
const RSA: readonly SigningAlgorithm[] = ["PS256", "RS256"];
/** Keys that are tried for one assertion at most. */
const MOST_KEYS = 10;

/**
 * The client's key that signed an assertion. A `kid` narrows the choice and never widens it; the algorithm has to fit
 * the key (RFC 8725 §3.1). A client that is not there, or has no such key, costs a check as well.
 */
export function findKey(client: Client | undefined, { header, signed, signature }: CompactJws, now: Date): FoundKey {
  const { kid } = header;
  const alg = algorithmNamed(header["alg"]);
  const named = (client?.keys ?? []).filter((key) => kid === undefined || key.kid === kid);
  const fitting = named.filter(({ publicJwk }) => alg !== undefined && algorithmsOf(publicJwk).includes(alg));
  if (fitting.length === 0) verifyBytes(decoy(), signed, decoySignature(signature));
  let found: FoundKey = { state: "unknown" };
  for (const key of fitting.slice(0, MOST_KEYS)) {
    const isIt = alg !== undefined && verifyBytes({ alg, publicJwk: key.publicJwk }, signed, signature);
    if (isIt && found.state !== "live") found = judge(key, now);
  }
  return found;
}

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

function judge({ id, revokedAt, expiresAt, notBefore }: ClientKey, now: Date): FoundKey {
  if (revokedAt) return { state: "revoked", id, at: revokedAt };
  if (expiresAt && expiresAt <= now) return { state: "expired", id, at: expiresAt };
  if (notBefore > now) return { state: "early", id, at: notBefore };
  return { state: "live", id };
}

let made: { readonly alg: "ES256"; readonly publicJwk: JWK } | undefined;

/** A key that signs nothing. */
const decoy = () =>
  (made ??= {
    alg: "ES256",
    publicJwk: generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" }) as JWK,
  });

/** Of the right length, so that it is looked into. */
const decoySignature = (given: Uint8Array): Uint8Array => (given.length === 64 ? given : Buffer.alloc(64, 1));

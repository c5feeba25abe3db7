import type { JWK } from "jose";
import type { JsonObject } from "../strict-json.ts";
import { readPublicKey } from "./read-public-key.ts";

/** A public key of somebody else's. */
export interface ForeignKey {
  /** Its own `kid`, or its RFC 7638 thumbprint. */
  readonly kid: string;
  /** Public members. */
  readonly publicJwk: JWK;
}

/** Keys of a set that are looked at. */
const MOST_KEYS = 64;
/** `jwt-svid`: SPIFFE's trust bundles hold the authorities of certificates beside the keys of tokens. */
const USES: ReadonlySet<unknown> = new Set([undefined, "sig", "jwt-svid"]);

/**
 * The keys of a JWK Set (RFC 7517 §5) that may check a JWT here: P-256, Ed25519, or RSA of 2,048 to 4,096 bits. Others are
 * left out, as the RFC asks; so are private ones.
 */
export async function readKeySet({ keys }: JsonObject): Promise<readonly ForeignKey[]> {
  if (!Array.isArray(keys)) return [];
  const read = await Promise.all(
    keys.slice(0, MOST_KEYS).map(async (jwk: unknown) => {
      if (!maySign(jwk)) return [];
      const key = await readPublicKey(JSON.stringify(jwk));
      return typeof key === "string" ? [] : [{ kid: key.kid, publicJwk: key.publicJwk }];
    }),
  );
  return read.flat();
}

function maySign(jwk: unknown): boolean {
  if (typeof jwk !== "object" || jwk === null) return false;
  const { use, key_ops: operations } = jwk as JWK;
  return USES.has(use) && (!Array.isArray(operations) || operations.includes("verify"));
}

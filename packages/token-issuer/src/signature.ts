import { constants, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import type { SigningAlgorithm, SigningKey } from "./store.ts";

/** Signs bytes as JWS does (RFC 7515 §5.1, RFC 7518 §3.3-3.5, RFC 8037 §3.1). */
export function signBytes(alg: SigningAlgorithm, key: KeyObject, bytes: Uint8Array): Buffer {
  switch (alg) {
    case "ES256":
      // Twice as fast as dsaEncoding "ieee-p1363" on Node 24.
      return derToConcatenated(sign("sha256", bytes, key));
    case "EdDSA":
      return sign(null, bytes, key);
    case "PS256":
      return sign("sha256", bytes, { key, ...PSS });
    case "RS256":
      return sign("sha256", bytes, key);
  }
}

/** A public key with its algorithm. */
export type VerifyingKey = Pick<SigningKey, "alg" | "publicJwk">;

/** Checks a JWS signature with the key's own algorithm; the token has no say in it (RFC 8725 §3.1). */
export function verifyBytes(key: VerifyingKey, bytes: Uint8Array, signature: Uint8Array): boolean {
  const publicKey = publicKeyOf(key);
  switch (key.alg) {
    case "ES256":
      return (
        plausiblePair(signature) && verify("sha256", bytes, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature)
      );
    case "EdDSA":
      return signature.length === 64 && verify(null, bytes, publicKey, signature);
    case "PS256":
      return verify("sha256", bytes, { key: publicKey, ...PSS }, signature);
    case "RS256":
      return verify("sha256", bytes, publicKey, signature);
  }
}

/** Characters a signature by this key takes in a token. */
export const signatureLength = (key: SigningKey): number => key.publicJwk.n?.length ?? 86;

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } as const;
const HALF = 32;

/** r and s of the right width, neither zero: a zero pair fits every message in broken libraries (CVE-2022-21449). */
const plausiblePair = (signature: Uint8Array): boolean =>
  signature.length === 2 * HALF &&
  signature.subarray(0, HALF).some((byte) => byte !== 0) &&
  signature.subarray(HALF).some((byte) => byte !== 0);

/** SEQUENCE { INTEGER r, INTEGER s } → r ‖ s of 32 bytes each (RFC 7518 §3.4). Short for P-256: every length is one byte. */
export function derToConcatenated(der: Uint8Array): Buffer {
  const pair = Buffer.alloc(2 * HALF);
  const rEnd = 4 + (der[3] ?? 0);
  copyInteger(der.subarray(4, rEnd), pair, HALF);
  copyInteger(der.subarray(rEnd + 2), pair, 2 * HALF);
  return pair;
}

/** Copies a DER integer so that it ends at `end`: a sign byte falls away, a short one is padded with zeros. */
function copyInteger(integer: Uint8Array, target: Uint8Array, end: number): void {
  const bytes = integer.length > HALF ? integer.subarray(integer.length - HALF) : integer;
  target.set(bytes, end - bytes.length);
}

const publicKeys = new WeakMap<VerifyingKey["publicJwk"], KeyObject>();

function publicKeyOf({ publicJwk }: VerifyingKey): KeyObject {
  let publicKey = publicKeys.get(publicJwk);
  if (!publicKey) {
    publicKey = createPublicKey({ key: publicJwk, format: "jwk" });
    publicKeys.set(publicJwk, publicKey);
  }
  return publicKey;
}

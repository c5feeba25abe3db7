import {
  constants,
  createCipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
  randomBytes,
} from "node:crypto";
import type { JWK } from "jose";
import { type PublicKeyProblem, readPublicJwk } from "./client-auth/read-public-key.ts";

/** Whom something is encrypted to: a public key, and how (RFC 7518 §4.1). */
export interface RecipientKey {
  readonly alg: "RSA-OAEP-256" | "ECDH-ES";
  /** Public members alone, with `kid` where it was given one. */
  readonly publicJwk: JWK;
  readonly key: KeyObject;
}

const CIPHER = { name: "aes-256-gcm", enc: "A256GCM", keyBytes: 32, ivBytes: 12 } as const;

/** Reads a JWK (RFC 7517) in JSON that something can be encrypted to: P-256, or RSA of 2,048 to 4,096 bits. */
export function readRecipientKey(text: string): RecipientKey | PublicKeyProblem {
  const given = objectIn(text);
  if (!given) return "unreadable";
  const { alg, use, kid, ...members } = given;
  const read = readPublicJwk(kid === undefined ? members : { ...members, kid });
  if (typeof read === "string") return read;
  const { publicJwk } = read;
  const own = publicJwk.kty === "RSA" ? "RSA-OAEP-256" : publicJwk.crv === "P-256" ? "ECDH-ES" : undefined;
  // A key that signs must not decrypt as well (RFC 7517 §4.2).
  if (own === undefined || (alg !== undefined && alg !== own) || (use !== undefined && use !== "enc")) return "kind";
  return recipientKey(kid === undefined ? publicJwk : { ...publicJwk, kid: read.kid });
}

/** The recipient whose public key was read before. */
export const recipientKey = (publicJwk: JWK): RecipientKey => ({
  alg: publicJwk.kty === "RSA" ? "RSA-OAEP-256" : "ECDH-ES",
  publicJwk,
  key: createPublicKey({ key: publicJwk, format: "jwk" }),
});

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Encrypts JSON so that only the holder of the private key reads it: a JWE in its compact form (RFC 7516 §7.1), with a
 * content key that is used once.
 */
export function sealTo(recipient: RecipientKey, value: object): string {
  const { contentKey, encryptedKey, epk } =
    recipient.alg === "RSA-OAEP-256" ? byRsa(recipient) : byAgreement(recipient);
  const { kid } = recipient.publicJwk;
  const header = base64url(
    JSON.stringify({ alg: recipient.alg, enc: CIPHER.enc, cty: "json", ...(kid !== undefined && { kid }), ...epk }),
  );
  const iv = randomBytes(CIPHER.ivBytes);
  const cipher = createCipheriv(CIPHER.name, contentKey, iv).setAAD(Buffer.from(header, "latin1"));
  const text = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
  return [header, ...[encryptedKey, iv, text, cipher.getAuthTag()].map(base64url)].join(".");
}

const base64url = (data: Uint8Array | string): string => Buffer.from(data as string).toString("base64url");

interface ContentKey {
  readonly contentKey: Uint8Array;
  readonly encryptedKey: Uint8Array;
  readonly epk?: { readonly epk: JWK };
}

/** RFC 7518 §4.3. */
function byRsa({ key }: RecipientKey): ContentKey {
  const contentKey = randomBytes(CIPHER.keyBytes);
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
  return { contentKey, encryptedKey: publicEncrypt({ key, ...padding }, contentKey) };
}

/** RFC 7518 §4.6: each agreement has a new key of ours, and its secret is the content key. */
function byAgreement({ key }: RecipientKey): ContentKey {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { kty, crv, x, y } = publicKey.export({ format: "jwk" }) as JWK;
  const epk = { kty, crv, x, y } as JWK;
  return {
    contentKey: derivedKey(diffieHellman({ privateKey, publicKey: key })),
    encryptedKey: Buffer.alloc(0),
    epk: { epk },
  };
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** The Concat KDF (NIST SP 800-56A §5.8.1) in one round, as RFC 7518 §4.6.2 fills it in. */
function derivedKey(agreed: Uint8Array): Buffer {
  const algorithm = Buffer.from(CIPHER.enc, "latin1");
  const nobody = uint32(0);
  return createHash("sha256")
    .update(uint32(1))
    .update(agreed)
    .update(uint32(algorithm.length))
    .update(algorithm)
    .update(nobody)
    .update(nobody)
    .update(uint32(CIPHER.keyBytes * 8))
    .digest();
}

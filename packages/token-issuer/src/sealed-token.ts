import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { decodeObject, decodePart, LENGTH_LIMIT } from "./compact-jws.ts";
import type { Failure, TokenProblem } from "./failure.ts";
import { cut } from "./request.ts";
import { isPublished } from "./signing-keys.ts";
import type { Issuer, SigningKey } from "./store.ts";
import type { JsonObject } from "./strict-json.ts";

/** What opaque access tokens begin with: secret scanners find them by it. */
const PREFIX = "mma_";
const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Characters of a token beside its header and its claims: the prefix, four dots, the IV and the tag. */
const FRAME = PREFIX.length + 4 + 16 + 22;

/** A key that can seal. */
export type SealingKey = SigningKey & Required<Pick<SigningKey, "sealingKey">>;

export const canSeal = (key: SigningKey): key is SealingKey => key.sealingKey !== undefined;

/**
 * Each process seals under keys of its own, derived by this salt, and counts its nonces: none can come twice, however
 * many tokens one key seals. Random ones of 96 bits would have to end at 2^32 (NIST SP 800-38D §8.3).
 */
const SALT = randomBytes(16).toString("base64url");
let sealed = 0n;

const derived = (key: KeyObject, salt: string): KeyObject =>
  createSecretKey(createHmac("sha256", key).update(`mintmark opaque token ${salt}`).digest());

interface Sealer {
  readonly header: string;
  readonly key: KeyObject;
}

const sealers = new WeakMap<SealingKey, Sealer>();

/** Header and key are the same for all tokens of one key in this process. */
function sealerOf(key: SealingKey, iss: string): Sealer {
  const known = sealers.get(key);
  if (known) return known;
  // `iss` says whom to ask about the token (RFC 7519 §5.3).
  const header = { alg: "dir", enc: "A256GCM", typ: "at+jwt", kid: key.kid, iss, salt: SALT };
  const sealer = {
    header: Buffer.from(JSON.stringify(header)).toString("base64url"),
    key: derived(key.sealingKey(), SALT),
  };
  sealers.set(key, sealer);
  return sealer;
}

/** Characters of the token with those claims, known before it is sealed. */
export const sealedLength = (key: SealingKey, iss: string, claims: string): number =>
  FRAME + sealerOf(key, iss).header.length + Math.ceil((Buffer.byteLength(claims) * 4) / 3);

/** Seals claims, as JSON, into an opaque token: a JWE in its compact form (RFC 7516 §7.1) behind a prefix. */
export function seal(key: SealingKey, iss: string, claims: string): string {
  const { header, key: secret } = sealerOf(key, iss);
  const iv = Buffer.alloc(IV_BYTES);
  iv.writeBigUInt64BE(++sealed, IV_BYTES - 8);
  const cipher = createCipheriv(CIPHER, secret, iv).setAAD(Buffer.from(header, "latin1"));
  const text = Buffer.concat([cipher.update(claims, "utf8"), cipher.final()]).toString("base64url");
  return `${PREFIX}${header}..${iv.toString("base64url")}.${text}.${cipher.getAuthTag().toString("base64url")}`;
}

export const isOpaque = (token: string): boolean => token.startsWith(PREFIX);

interface Envelope {
  readonly header: JsonObject;
  readonly aad: Buffer;
  readonly iv: Buffer;
  readonly text: Buffer;
  readonly tag: Buffer;
}

/** Reads an opaque token's frame, strictly; nothing of it is to be believed before it is opened. */
export function readEnvelope(token: string): Envelope | TokenProblem {
  if (token.length > LENGTH_LIMIT) return "too_long";
  const [first, second, third, fourth, fifth, more] = token.slice(PREFIX.length).split(".");
  if (first === undefined || second !== "" || third === undefined || fourth === undefined || fifth === undefined)
    return "not_five_parts";
  if (more !== undefined) return "not_five_parts";
  const header = decodeObject(first);
  if (typeof header === "string") return header;
  const [iv, text, tag] = [decodePart(third), decodePart(fourth), decodePart(fifth)];
  if (!iv || !text || !tag || iv.length !== IV_BYTES || tag.length !== TAG_BYTES) return "encoding";
  return { header, aad: Buffer.from(first, "latin1"), iv, text, tag };
}

/**
 * Opens an opaque token with the key of this issuer that it names: whoever has no such key learns nothing of it. The
 * algorithm is ours, whatever the token says.
 */
export function openSealed(issuer: Issuer, token: string, now: Date): { readonly payload: JsonObject } | Failure {
  const envelope = readEnvelope(token);
  if (typeof envelope === "string") return { reason: "malformed_token", problem: envelope };
  const { kid, alg, enc, typ, salt } = envelope.header;
  if (alg !== "dir" || enc !== "A256GCM" || typ !== "at+jwt" || typeof salt !== "string")
    return { reason: "malformed_token", problem: "header" };
  const key = issuer.keys.find((one) => one.kid === kid);
  if (!key || !canSeal(key) || !isPublished(key, now)) return { reason: "unknown_key", kid: cut(String(kid)) };
  const text = opened(derived(key.sealingKey(), salt), envelope);
  if (text === undefined) return { reason: "bad_signature", kid: key.kid };
  return { payload: JSON.parse(text) as JsonObject };
}

function opened(key: KeyObject, { aad, iv, text, tag }: Envelope): string | undefined {
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(aad).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(text), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

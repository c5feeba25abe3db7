/** A pair that an import's secrets are sealed to. The private half never leaves the browser, but to be saved by its person. */
export interface SealingPair {
  /** A JWK, for the server. */
  readonly publicJwk: string;
  readonly privateKey: CryptoKey;
  /** A JWK, for the file that its person keeps. */
  readonly privateJwk: string;
}

const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;

/** Makes a pair. */
export async function newSealingPair(): Promise<SealingPair> {
  const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const [{ kty, crv, x, y }, jwk] = await Promise.all([
    crypto.subtle.exportKey("jwk", pair.publicKey),
    crypto.subtle.exportKey("jwk", pair.privateKey),
  ]);
  return {
    publicJwk: JSON.stringify({ kty, crv, x, y }),
    privateKey: pair.privateKey,
    privateJwk: JSON.stringify({ kty, crv, x, y, d: jwk.d }, null, 2),
  };
}

/** The private key in a file that was saved before; nothing where it holds none. */
export async function privateKeyIn(text: string): Promise<CryptoKey | undefined> {
  try {
    const { kty, crv, x, y, d } = JSON.parse(text) as JsonWebKey;
    if (typeof d !== "string") return undefined;
    return await crypto.subtle.importKey("jwk", { kty, crv, x, y, d } as JsonWebKey, CURVE, false, ["deriveBits"]);
  } catch {
    return undefined;
  }
}

const ENCODER = new TextEncoder();

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A length in four bytes, and what has it. */
function counted(bytes: Uint8Array): number[] {
  const { length } = bytes;
  return [length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255, ...bytes];
}

/** RFC 7518 §4.6.2: the content key out of what both halves agree on. */
async function contentKey(agreed: ArrayBuffer, enc: string): Promise<CryptoKey> {
  const nobody = counted(new Uint8Array());
  const input = [
    0,
    0,
    0,
    1,
    ...new Uint8Array(agreed),
    ...counted(ENCODER.encode(enc)),
    ...nobody,
    ...nobody,
    0,
    0,
    1,
    0,
  ];
  const hash = await crypto.subtle.digest("SHA-256", Uint8Array.from(input));
  return crypto.subtle.importKey("raw", hash, "AES-GCM", false, ["decrypt"]);
}

/** What a sealed secret says. */
export interface Opened {
  readonly client_id: string;
  readonly client_secret: string;
}

/**
 * Opens one: a compact JWE (RFC 7516 §7.1) by ECDH-ES and A256GCM.
 *
 * @throws Error where another key is needed, or something was changed in it
 */
export async function open(sealed: string, privateKey: CryptoKey): Promise<Opened> {
  const [head = "", , iv = "", text = "", tag = ""] = sealed.split(".");
  const { alg, enc, epk } = JSON.parse(new TextDecoder().decode(bytesOf(head))) as {
    alg: string;
    enc: string;
    epk: JsonWebKey;
  };
  if (alg !== "ECDH-ES" || enc !== "A256GCM") throw new Error("sealed in another way");
  const theirs = await crypto.subtle.importKey("jwk", epk, CURVE, false, []);
  const agreed = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, privateKey, 256);
  const key = await contentKey(agreed, enc);
  const [sealedText, mark] = [bytesOf(text), bytesOf(tag)];
  const whole = new Uint8Array(sealedText.length + mark.length);
  whole.set(sealedText);
  whole.set(mark, sealedText.length);
  const aes = { name: "AES-GCM", iv: bytesOf(iv), additionalData: ENCODER.encode(head) };
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(aes, key, whole))) as Opened;
}

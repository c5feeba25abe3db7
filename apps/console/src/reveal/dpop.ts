/** A key of this page alone, which proofs are signed with (RFC 9449 §4.2). It cannot leave the browser and goes with the page. */
export interface ProofKey {
  readonly privateKey: CryptoKey;
  /** Public members. */
  readonly jwk: JsonWebKey;
  /** RFC 7638, as it stands in a bound token's `cnf.jkt`. */
  readonly thumbprint: string;
}

const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

const base64url = (bytes: ArrayBuffer | Uint8Array): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const bytesOf = (text: string) => new TextEncoder().encode(text);
const sha256 = async (text: string): Promise<string> => base64url(await crypto.subtle.digest("SHA-256", bytesOf(text)));

/** A new key; undefined where the browser keeps WebCrypto from this page: it wants https, or this machine. */
export async function newProofKey(): Promise<ProofKey | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ECDSA, false, ["sign", "verify"]);
  const { kty = "", crv = "", x = "", y = "" } = await crypto.subtle.exportKey("jwk", publicKey);
  return { privateKey, jwk: { kty, crv, x, y }, thumbprint: await sha256(JSON.stringify({ crv, kty, x, y })) };
}

/** What a proof is for: one request, with the server's nonce and beside a token where there are such. */
export interface Proven {
  readonly method: string;
  readonly url: string;
  readonly nonce?: string | undefined;
  readonly token?: string;
}

/** A proof for one request. */
export async function proofOf({ privateKey, jwk }: ProofKey, { method, url, nonce, token }: Proven): Promise<string> {
  const header = { alg: "ES256", typ: "dpop+jwt", jwk };
  const claims = {
    jti: crypto.randomUUID(),
    htm: method,
    htu: url,
    iat: Math.floor(Date.now() / 1000),
    ...(nonce && { nonce }),
    ...(token && { ath: await sha256(token) }),
  };
  const signed = [header, claims].map((part) => base64url(bytesOf(JSON.stringify(part)))).join(".");
  return `${signed}.${base64url(await crypto.subtle.sign(ECDSA, privateKey, bytesOf(signed)))}`;
}

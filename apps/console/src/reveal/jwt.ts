/** A JWT's two readable halves and what its signature covers. Nothing of it is believed before `isSignedBy`. */
export interface Decoded {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signed: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
}

function bytesOf(part: string): Uint8Array<ArrayBuffer> {
  const text = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const json = (part: string): Record<string, unknown> => JSON.parse(new TextDecoder().decode(bytesOf(part)));

/** Takes a JWS in compact form apart (RFC 7515 §7.1); undefined when it is none. */
export function decodeJwt(token: string): Decoded | undefined {
  const [header, claims, signature, more] = token.split(".");
  if (header === undefined || claims === undefined || signature === undefined || more !== undefined) return undefined;
  try {
    const signed = new TextEncoder().encode(`${header}.${claims}`);
    return { header: json(header), claims: json(claims), signed, signature: bytesOf(signature) };
  } catch {
    return undefined;
  }
}

/** What WebCrypto calls the issuer's algorithms (RFC 7518 §3.1, RFC 8037). */
const algorithms: Readonly<Record<string, EcKeyImportParams & EcdsaParams & RsaHashedImportParams & RsaPssParams>> = {
  ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256", saltLength: 0 },
  EdDSA: { name: "Ed25519", namedCurve: "", hash: "", saltLength: 0 },
  RS256: { name: "RSASSA-PKCS1-v1_5", namedCurve: "", hash: "SHA-256", saltLength: 0 },
  PS256: { name: "RSA-PSS", namedCurve: "", hash: "SHA-256", saltLength: 32 },
};

/** Whether one of these public keys (a JWK Set, RFC 7517) made the signature. `unsupported`: this browser cannot tell. */
export async function isSignedBy(
  { header, signed, signature }: Decoded,
  keys: readonly (JsonWebKey & { kid?: string })[],
): Promise<boolean | "unsupported"> {
  const algorithm = algorithms[String(header["alg"])];
  const jwk = keys.find(({ kid }) => kid === header["kid"]);
  if (!algorithm || !jwk) return false;
  // Browsers keep WebCrypto to secure origins: https, or this machine.
  if (!globalThis.crypto?.subtle) return "unsupported";
  try {
    const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]);
    return await crypto.subtle.verify(algorithm, key, signature, signed);
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotSupportedError") return "unsupported";
    return false;
  }
}

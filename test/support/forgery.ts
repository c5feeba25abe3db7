import { createHmac, createPublicKey, type JsonWebKey } from "node:crypto";
import { send } from "./http.ts";
import { decodeJwt } from "./token.ts";

/** A key as a JWK Set publishes it. */
export type PublishedKey = JsonWebKey & { readonly kid: string };

/** The key that signed a token, as its issuer publishes it. */
export async function publishedKey(issuer: string, token: string): Promise<PublishedKey> {
  const { keys } = (await send(`${issuer}/.well-known/jwks.json`)).json() as { keys: PublishedKey[] };
  const key = keys.find(({ kid }) => kid === decodeJwt(token).header["kid"]);
  if (!key) throw new Error("the issuer does not publish the key of its token");
  return key;
}

/** A part of a JWT, encoded. */
export const encodePart = (part: unknown): string =>
  Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");

/** The token's claims under another header, with nothing behind the last dot. */
export const withoutSignature = (token: string, alg: string, kid?: string): string =>
  `${encodePart({ alg, typ: "at+jwt", kid })}.${encodePart(decodeJwt(token).claims)}.`;

/** The token's claims signed with HS256 under something that is no secret. */
export function withHs256(token: string, key: string | Buffer, kid?: string): string {
  const input = withoutSignature(token, "HS256", kid).slice(0, -1);
  return `${input}.${createHmac("sha256", key).update(input).digest("base64url")}`;
}

const publicKey = (jwk: PublishedKey) => createPublicKey({ key: jwk, format: "jwk" });
const pem = (jwk: PublishedKey) => publicKey(jwk).export({ format: "pem", type: "spki" }).toString();

/** Bytes that anybody has, and that a confused verifier takes for an HMAC key. */
export const publicBytes: readonly (readonly [name: string, of: (jwk: PublishedKey) => string | Buffer])[] = [
  ["the empty key", () => ""],
  ["the PEM", pem],
  ["the PEM without its last line break", (jwk) => pem(jwk).trim()],
  ["the DER", (jwk) => publicKey(jwk).export({ format: "der", type: "spki" })],
  ["the JWK as JSON", (jwk) => JSON.stringify(jwk)],
  ["the JWK as JSON with indents", (jwk) => JSON.stringify(jwk, null, 2)],
  ["the JWK Set as JSON", (jwk) => JSON.stringify({ keys: [jwk] })],
  ["the kid", (jwk) => jwk.kid],
  ["x", (jwk) => Buffer.from(String(jwk.x), "base64url")],
];

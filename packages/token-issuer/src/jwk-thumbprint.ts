import { hash } from "node:crypto";
import type { JWK } from "jose";

/** The members that make the key, in the order in which they are hashed (RFC 7638 §3.2, RFC 8037 §2). */
const MEMBERS: Readonly<Record<string, readonly (keyof JWK)[]>> = {
  EC: ["crv", "kty", "x", "y"],
  OKP: ["crv", "kty", "x"],
  RSA: ["e", "kty", "n"],
};

/** The SHA-256 thumbprint of a public key in base64url (RFC 7638), for keys that Node has exported. */
export function jwkThumbprint(jwk: JWK): string {
  const members = MEMBERS[jwk.kty ?? ""] ?? [];
  return hash("sha256", JSON.stringify(Object.fromEntries(members.map((name) => [name, jwk[name]]))), "base64url");
}

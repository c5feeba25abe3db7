import { createPublicKey, type X509Certificate } from "node:crypto";
import type { JWK } from "jose";
import { comparableName } from "../certificate/alternative-names.ts";
import { type ClientCertificate, readCertificate, readOnePem } from "../certificate/client-certificate.ts";
import { readDistinguishedName } from "../certificate/distinguished-name.ts";
import { readPublicJwk } from "../client-auth/read-public-key.ts";
import { isHttpsAddress } from "../document.ts";
import { type Failure, isFailure } from "../failure.ts";
import type { JsonObject } from "../strict-json.ts";
import { given, readText, wrong } from "./metadata-members.ts";
import type { CertificateRegistration, ClientMetadata, RegisteredCredentials, RegisteredKey } from "./registry.ts";

/** The issuer tries that many of a client. */
const MOST_KEYS = 10;
const LONGEST_NAME = 1000;

/** The members that a certificate's name is registered by: exactly one of them (RFC 8705 §2.1.2). */
export const certificateMembers = {
  tls_client_auth_subject_dn: "dn",
  tls_client_auth_san_dns: "san_dns",
  tls_client_auth_san_uri: "san_uri",
  tls_client_auth_san_ip: "san_ip",
  tls_client_auth_san_email: "san_email",
} as const satisfies Record<string, CertificateRegistration["subjectType"]>;

/** What the client will prove itself with, by its method. Keys that the method has no use for are looked at, and not kept. */
export function readCredentials(
  document: JsonObject,
  method: ClientMetadata["methods"][0],
): RegisteredCredentials | Failure {
  const keys = readJwks(document);
  if (isFailure(keys)) return keys;
  const jwksUri = readText(document, "jwks_uri");
  if (isFailure(jwksUri)) return jwksUri;
  // RFC 7591 §2: they must not both be there.
  if (keys !== undefined && jwksUri !== undefined) return wrong("jwks", "both");
  if (jwksUri !== undefined && !isHttpsAddress(jwksUri)) return wrong("jwks_uri", "address");
  switch (method) {
    case "private_key_jwt":
      if (jwksUri !== undefined) return { kind: "key_set", jwksUri };
      return keys === undefined ? wrong("jwks", "needed") : keysOf(keys);
    case "self_signed_tls_client_auth":
      return keys === undefined ? wrong("jwks", "needed") : certificatesOf(keys);
    case "tls_client_auth":
      return nameOf(document);
    default:
      return { kind: "secret" };
  }
}

type Jwk = Readonly<Record<string, unknown>>;
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/** The set's keys (RFC 7517 §5); `undefined`: there is no set. A private one is refused whatever it is for. */
function readJwks(document: JsonObject): readonly Jwk[] | undefined | Failure {
  const value = given(document, "jwks");
  if (value === undefined) return undefined;
  const keys = (value as { readonly keys?: unknown }).keys;
  if (!Array.isArray(keys) || keys.some((key) => typeof key !== "object" || key === null)) return wrong("jwks", "type");
  if (keys.length > MOST_KEYS) return wrong("jwks", "too_many");
  if (keys.some((key: Jwk) => PRIVATE_MEMBERS.some((name) => name in key))) return wrong("jwks", "private");
  return keys;
}

/** Those that may check an assertion here; others of a set are for somebody else (RFC 7517 §5). */
function keysOf(jwks: readonly Jwk[]): RegisteredCredentials | Failure {
  const keys: RegisteredKey[] = [];
  const seen = new Set<string>();
  for (const jwk of jwks) {
    const key = jwk["use"] === undefined || jwk["use"] === "sig" ? readPublicJwk(jwk) : "kind";
    if (key === "kind") continue;
    if (typeof key === "string") return wrong("jwks", "key");
    if (seen.has(key.kid) || seen.has(key.thumbprint)) return wrong("jwks", "repeated");
    seen.add(key.kid).add(key.thumbprint);
    keys.push({ kid: key.kid, publicJwk: key.publicJwk });
  }
  return keys.length > 0 ? { kind: "keys", keys } : wrong("jwks", "key");
}

/** RFC 8705 §2.2.2: each key brings its certificate in `x5c`. */
function certificatesOf(jwks: readonly Jwk[]): RegisteredCredentials | Failure {
  const certificates: CertificateRegistration[] = [];
  for (const jwk of jwks) {
    const certificate = certificateOf(jwk);
    if (!certificate?.isSelfSigned) return wrong("jwks", "certificate");
    const { thumbprint: subject, notAfter, x509 } = certificate;
    if (certificates.some((other) => other.subject === subject)) return wrong("jwks", "repeated");
    certificates.push({ subjectType: "thumbprint", subject, pem: x509.toString(), notAfter });
  }
  return certificates.length > 0 ? { kind: "certificates", certificates } : wrong("jwks", "certificate");
}

/** The first of `x5c`, which must have the key that stands beside it (RFC 7517 §4.7). */
function certificateOf(jwk: Jwk): ClientCertificate | undefined {
  const { x5c } = jwk;
  const [first]: readonly unknown[] = Array.isArray(x5c) ? x5c : [];
  const pem = typeof first === "string" ? `-----BEGIN CERTIFICATE-----\n${first}\n-----END CERTIFICATE-----` : "";
  const x509 = readOnePem(pem);
  return x509 && hasKey(x509, jwk) ? readCertificate(x509.raw) : undefined;
}

function hasKey({ publicKey }: X509Certificate, jwk: Jwk): boolean {
  try {
    return createPublicKey({ key: jwk as JWK, format: "jwk" }).equals(publicKey);
  } catch {
    return false;
  }
}

function nameOf(document: JsonObject): RegisteredCredentials | Failure {
  const members = Object.keys(certificateMembers) as (keyof typeof certificateMembers)[];
  const said = members.filter((member) => given(document, member) !== undefined);
  const [member, second] = said;
  if (member === undefined) return wrong("tls_client_auth_subject_dn", "needed", members);
  if (second !== undefined) return wrong(second, "both");
  const text = readText(document, member);
  if (isFailure(text)) return text;
  const subjectType = certificateMembers[member];
  const name = (text ?? "").slice(0, LONGEST_NAME + 1).trim();
  const read = subjectType === "dn" ? readDistinguishedName(name) : comparableName(subjectType, name);
  if (read === undefined || name.length > LONGEST_NAME) return wrong(member, "certificate_name");
  return { kind: "certificates", certificates: [{ subjectType, subject: read }] };
}

import { hash, X509Certificate } from "node:crypto";
import { BoundedCache } from "../bounded-cache.ts";
import { type AlternativeNames, readAlternativeNames } from "./alternative-names.ts";
import { readAuthorityLimits } from "./authority-limits.ts";
import { readSubjectLines } from "./distinguished-name.ts";
import { hasWeakKey, hasWeakSignature } from "./weakness.ts";

/** A certificate that somebody showed and has the key of: not yet believed. */
export interface ClientCertificate {
  /** SHA-256 of its DER, base64url: `x5t#S256` (RFC 8705 §3.1). */
  readonly thumbprint: string;
  /** In the form of `readDistinguishedName`; `undefined`: it has none that could be compared. */
  readonly subject: string | undefined;
  readonly names: AlternativeNames;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Whether it vouches for itself. */
  readonly isSelfSigned: boolean;
  /** Whether its extended key usage, if it has any, lets it stand for a client. */
  readonly isForClients: boolean;
  readonly hasWeakKey: boolean;
  readonly hasWeakSignature: boolean;
  /** Who signed it, as that name is printed. */
  readonly issuer: string;
  readonly x509: X509Certificate;
}

const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const ANY_USAGE = "2.5.29.37.0";
/** Bytes of a certificate at most. */
export const LONGEST_CERTIFICATE = 16_384;

const read = new BoundedCache<ClientCertificate>(10_000);

export const thumbprintOf = (der: Uint8Array): string => hash("sha256", der, "base64url");

/** Reads a certificate in DER; `undefined`: it is none. One that was read before costs a digest. */
export function readCertificate(der: Uint8Array): ClientCertificate | undefined {
  if (der.length > LONGEST_CERTIFICATE) return undefined;
  const thumbprint = thumbprintOf(der);
  const known = read.get(thumbprint);
  if (known) return known;
  const certificate = factsOf(der, thumbprint);
  if (certificate) read.set(thumbprint, certificate);
  return certificate;
}

function factsOf(der: Uint8Array, thumbprint: string): ClientCertificate | undefined {
  try {
    const x509 = readX509(der);
    // What stands behind a certificate, or a text that only holds one, is none of it.
    if (!x509.raw.equals(der)) return undefined;
    const usages: readonly string[] = x509.keyUsage ?? [];
    return {
      thumbprint,
      subject: readSubjectLines(x509.subject ?? ""),
      names: readAlternativeNames(x509.subjectAltName),
      notBefore: new Date(x509.validFrom),
      notAfter: new Date(x509.validTo),
      isSelfSigned: isSignedBy(x509, x509),
      isForClients: usages.length === 0 || usages.includes(CLIENT_AUTH) || usages.includes(ANY_USAGE),
      hasWeakKey: hasWeakKey(x509),
      hasWeakSignature: hasWeakSignature(der),
      issuer: x509.issuer ?? "",
      x509,
    };
  } catch {
    return undefined;
  }
}

/** Whether the holder of one certificate signed another; whether it may is another question. */
export const isSignedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

/** Why a certificate cannot be trusted to sign clients' certificates. */
export type AuthorityProblem = "unreadable" | "not_ca" | "weak_key" | "bound" | "expired";

/** Reads an authority's certificate in PEM. */
export function readAuthority(pem: string, now: Date): X509Certificate | AuthorityProblem {
  const x509 = readOnePem(pem);
  if (!x509) return "unreadable";
  if (!x509.ca) return "not_ca";
  if (hasWeakKey(x509)) return "weak_key";
  // Bounds that cannot be checked must not be lost in silence.
  if (readAuthorityLimits(x509.raw).isBound) return "bound";
  return now >= new Date(x509.validTo) ? "expired" : x509;
}

/** The one certificate of a text in PEM; `undefined`: there is none, or more than that. */
export function readOnePem(pem: string): X509Certificate | undefined {
  const text = pem.trim();
  if (!/^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----$/.test(text)) return undefined;
  try {
    return readX509(text);
  } catch {
    return undefined;
  }
}

/** @throws Error where it is no certificate, or one that must not be looked at any further */
function readX509(text: string | Uint8Array): X509Certificate {
  const x509 = new X509Certificate(text);
  // OpenSSL takes a time that is none, and only prints so.
  if (Number.isNaN(Date.parse(x509.validFrom)) || Number.isNaN(Date.parse(x509.validTo)))
    throw new Error("the certificate's validity is no time");
  if (!hasUsualKey(x509)) throw new Error("the certificate's key is of no usual kind and size");
  return x509;
}

const MOST_RSA_BITS = 8192;
const MOST_EXPONENT = 0xffff_ffffn;

/** Whoever is unknown shows certificates too: with another key one look at a signature costs as much as a hundred. */
function hasUsualKey({ publicKey }: X509Certificate): boolean {
  const { modulusLength = 0, publicExponent = 0n, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
  switch (publicKey.asymmetricKeyType) {
    case "rsa":
    case "rsa-pss":
      return modulusLength <= MOST_RSA_BITS && publicExponent <= MOST_EXPONENT;
    case "ec":
      return namedCurve !== undefined;
    default:
      return publicKey.asymmetricKeyType === "ed25519" || publicKey.asymmetricKeyType === "ed448";
  }
}

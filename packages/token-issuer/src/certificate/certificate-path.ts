import { X509Certificate } from "node:crypto";
import { BoundedCache } from "../bounded-cache.ts";
import type { ClientAuthority } from "../store.ts";
import { type AuthorityLimits, readAuthorityLimits } from "./authority-limits.ts";
import { type ClientCertificate, isSignedBy, readCertificate } from "./client-certificate.ts";

/** Certificates between a client's and an authority at most. */
export const MOST_BETWEEN = 4;

/** Why it proves nothing that somebody signed a certificate. */
export type PathProblem =
  | "not_ca"
  | "not_now"
  | "weak_key"
  | "weak_signature"
  | "path_length"
  | "bound"
  | "not_for_clients";

/** Where a certificate leads: to an authority, or to none, and what stood in the way of the nearest that signed it. */
export type Path = { readonly authority: ClientAuthority } | { readonly problem: PathProblem | undefined };

/** A certificate that may have signed others. */
interface Signer {
  readonly thumbprint: string;
  readonly x509: X509Certificate;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly isForClients: boolean;
  readonly hasWeakKey: boolean;
  readonly hasWeakSignature: boolean;
  readonly limits: AuthorityLimits;
}

const trustedSigners = new WeakMap<ClientAuthority, Signer>();
const limitsOf = new BoundedCache<AuthorityLimits>(10_000);
/** Whether one certificate signed another, by both thumbprints. */
const signatures = new BoundedCache<boolean>(20_000);

/**
 * The authority among those trusted that signed a certificate, itself or over certificates in between that were shown with it
 * (RFC 5280 §6.1, as far as it goes without policies): each may sign, is valid now, is strong enough that nobody else
 * can have signed, has room below it, and binds nothing that could not be checked here.
 *
 * @param between in any order; whatever of it leads nowhere is left alone
 */
export function findAuthority(
  certificate: ClientCertificate,
  between: readonly ClientCertificate[],
  trusted: readonly ClientAuthority[],
  now: Date,
): Path {
  const signers = trusted.flatMap((authority) => {
    const signer = trustedSigner(authority);
    return signer ? [{ authority, signer }] : [];
  });
  const shown = between.slice(0, MOST_BETWEEN).map(shownSigner);
  let nearest: PathProblem | undefined;
  const lead = (signed: Signed, left: readonly Signer[], below: number): ClientAuthority | undefined => {
    for (const { authority, signer } of signers) {
      if (!hasSigned(signer, signed)) continue;
      const problem = problemOf(signer, signed, below, now);
      if (problem === undefined) return authority;
      nearest ??= problem;
    }
    for (const signer of left) {
      if (!hasSigned(signer, signed)) continue;
      const problem = problemOf(signer, signed, below, now) ?? (signer.isForClients ? undefined : "not_for_clients");
      const rest = left.filter((other) => other !== signer);
      const authority = problem === undefined ? lead(signer, rest, below + 1) : undefined;
      if (authority) return authority;
      nearest ??= problem;
    }
    return undefined;
  };
  const authority = lead(certificate, shown, 0);
  return authority ? { authority } : { problem: nearest };
}

type Signed = Pick<Signer, "thumbprint" | "x509" | "hasWeakKey" | "hasWeakSignature">;

/** `below`: how many certificates stand between this one and the client's. */
function problemOf(signer: Signer, signed: Signed, below: number, now: Date): PathProblem | undefined {
  const { x509, notBefore, notAfter, limits } = signer;
  // OpenSSL looks at the key usage as well, where there is one.
  if (!x509.ca) return "not_ca";
  if (now < notBefore || now >= notAfter) return "not_now";
  if (signer.hasWeakKey || signed.hasWeakKey) return "weak_key";
  if (signed.hasWeakSignature) return "weak_signature";
  if (below > limits.pathLength) return "path_length";
  return limits.isBound ? "bound" : undefined;
}

function hasSigned(signer: Signer, signed: Signed): boolean {
  const pair = `${signed.thumbprint} ${signer.thumbprint}`;
  const known = signatures.get(pair);
  if (known !== undefined) return known;
  const is = isSignedBy(signed.x509, signer.x509);
  signatures.set(pair, is);
  return is;
}

function shownSigner(certificate: ClientCertificate): Signer {
  const { thumbprint, x509 } = certificate;
  const limits = limitsOf.get(thumbprint) ?? readAuthorityLimits(x509.raw);
  limitsOf.set(thumbprint, limits);
  return { ...certificate, limits };
}

/** `undefined`: it would not be taken any more. */
function trustedSigner(authority: ClientAuthority): Signer | undefined {
  const known = trustedSigners.get(authority);
  if (known) return known;
  const read = readCertificate(new X509Certificate(authority.pem).raw);
  if (!read) return undefined;
  const signer = shownSigner(read);
  trustedSigners.set(authority, signer);
  return signer;
}

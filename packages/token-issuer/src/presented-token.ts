import { readCertificate } from "./certificate/client-certificate.ts";
import type { Failure } from "./failure.ts";
import { cut, headerValues, type IssuerRequest } from "./request.ts";

/** An access token as a request carried it: not yet believed. */
export interface PresentedToken {
  readonly scheme: "Bearer" | "DPoP";
  readonly token: string;
  /** The `DPoP` headers; there has to be one under DPoP (RFC 9449 §7.1). Beside a bearer token they mean nothing. */
  readonly proofs: readonly string[];
  /** Of the certificate that the request showed (RFC 8705 §3.1); absent: none. */
  readonly thumbprint?: string;
}

const NONE: readonly string[] = [];

/** The one access token of a request (RFC 6750 §2.1, RFC 9449 §7.1). Other schemes are refused by name, so that the caller can mend it. */
export function readPresentedToken(request: Pick<IssuerRequest, "headers" | "certificate">): PresentedToken | Failure {
  const [authorization, second] = headerValues(request, "authorization");
  const apiKeys = headerValues(request, "x-api-key");
  if (second !== undefined || apiKeys.length > 1 || (authorization !== undefined && apiKeys.length > 0)) {
    return { reason: "two_credentials" };
  }
  if (apiKeys.length > 0) return { reason: "wrong_scheme", scheme: "X-API-KEY" };
  if (authorization === undefined) return { reason: "no_credential" };
  const [scheme, token] = partsOf(authorization);
  // What cannot be read is no certificate, and many who send that are not one.
  const certificate = request.certificate && readCertificate(request.certificate);
  const shown = certificate && { thumbprint: certificate.thumbprint };
  if (token !== "" && scheme.toLowerCase() === "bearer") return { scheme: "Bearer", token, proofs: NONE, ...shown };
  if (token !== "" && scheme.toLowerCase() === "dpop")
    return { scheme: "DPoP", token, proofs: headerValues(request, "dpop"), ...shown };
  // A token pasted without a scheme must not end up in the log as one.
  return { reason: "wrong_scheme", scheme: token === "" ? "" : cut(scheme, 32) };
}

function partsOf(authorization: string): readonly [scheme: string, token: string] {
  const [, scheme = "", token = ""] = /^([^ ]*) *(.*)$/s.exec(authorization.trim()) ?? [];
  return [scheme, token];
}

/** How a request carried its access token, where it did; for the challenge of its refusal. */
export function schemeOf(request: Pick<IssuerRequest, "headers">): PresentedToken["scheme"] {
  const [authorization = ""] = headerValues(request, "authorization");
  return partsOf(authorization)[0].toLowerCase() === "dpop" ? "DPoP" : "Bearer";
}

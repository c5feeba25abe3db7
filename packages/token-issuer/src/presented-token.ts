import { readCertificate } from "./certificate/client-certificate.ts";
import type { Failure } from "./failure.ts";
import { cut, headerValues, type IssuerRequest } from "./request.ts";
import { isAccessTokenForm, isStaticTokenForm } from "./static-token.ts";

/** An access token as a request carried it: not yet believed. */
export interface PresentedToken {
  readonly scheme: "Bearer" | "DPoP";
  readonly token: string;
  /** It came under `JWT`, which is as good as `Bearer` only where its issuer says so. */
  readonly isAlias?: true;
  /** The `DPoP` headers; there has to be one under DPoP (RFC 9449 §7.1). Beside a bearer token they mean nothing. */
  readonly proofs: readonly string[];
  /** Of the certificate that the request showed (RFC 8705 §3.1); absent: none. */
  readonly thumbprint?: string;
}

/** A static token as a request carried it: not yet believed. */
export interface PresentedStaticToken {
  readonly scheme: "Token";
  readonly token: string;
}

const NONE: readonly string[] = [];

/**
 * The one token of a request: an access token (RFC 6750 §2.1, RFC 9449 §7.1) or a static one. Another scheme than the
 * token's own is refused by name, so that the caller can mend it; whether `JWT` is one, its issuer says.
 */
export function readPresentedToken(
  request: Pick<IssuerRequest, "headers" | "certificate">,
): PresentedToken | PresentedStaticToken | Failure {
  const [authorization, second] = headerValues(request, "authorization");
  const apiKeys = headerValues(request, "x-api-key");
  if (second !== undefined || apiKeys.length > 1 || (authorization !== undefined && apiKeys.length > 0)) {
    return { reason: "two_credentials" };
  }
  const [apiKey] = apiKeys;
  if (apiKey !== undefined) return readStatic("X-API-KEY", apiKey.trim());
  if (authorization === undefined) return { reason: "no_credential" };
  const [scheme, token] = partsOf(authorization);
  if (token !== "" && scheme.toLowerCase() === "token") return readStatic("Token", token);
  if (isStaticTokenForm(token)) return { reason: "wrong_scheme", scheme: cut(scheme, 32), expected: "Token" };
  // What cannot be read is no certificate, and many who send that are not one.
  const certificate = request.certificate && readCertificate(request.certificate);
  const shown = certificate && { thumbprint: certificate.thumbprint };
  if (token !== "" && scheme.toLowerCase() === "bearer") return { scheme: "Bearer", token, proofs: NONE, ...shown };
  if (token !== "" && scheme.toLowerCase() === "dpop")
    return { scheme: "DPoP", token, proofs: headerValues(request, "dpop"), ...shown };
  if (scheme.toLowerCase() === "jwt" && isAccessTokenForm(token))
    return { scheme: "Bearer", token, isAlias: true, proofs: NONE, ...shown };
  // A token pasted without a scheme must not end up in the log as one.
  return { reason: "wrong_scheme", scheme: token === "" ? "" : cut(scheme, 32) };
}

/** An access token under `JWT` where nobody allowed that. */
export const notBearer: Failure = { reason: "wrong_scheme", scheme: "JWT", expected: "Bearer" };

function readStatic(scheme: string, token: string): PresentedStaticToken | Failure {
  return isAccessTokenForm(token) ? { reason: "wrong_scheme", scheme, expected: "Bearer" } : { scheme: "Token", token };
}

function partsOf(authorization: string): readonly [scheme: string, token: string] {
  const [, scheme = "", token = ""] = /^([^ ]*) *(.*)$/s.exec(authorization.trim()) ?? [];
  return [scheme, token];
}

/** How a request carried its token, where it did; for the challenge of its refusal. */
export function schemeOf(request: Pick<IssuerRequest, "headers">): (PresentedToken | PresentedStaticToken)["scheme"] {
  const [authorization] = headerValues(request, "authorization");
  if (authorization === undefined) return headerValues(request, "x-api-key").length > 0 ? "Token" : "Bearer";
  const scheme = partsOf(authorization)[0].toLowerCase();
  if (scheme === "token") return "Token";
  return scheme === "dpop" ? "DPoP" : "Bearer";
}

import { readCertificate } from "../certificate/client-certificate.ts";
import { type Failure, isFailure } from "../failure.ts";
import type { Form } from "../form.ts";
import { cut, headerValues, type IssuerRequest } from "../request.ts";
import { readAssertion } from "./client-assertion.ts";
import { readBasic } from "./client-secret-basic.ts";
import { readPostedSecret } from "./client-secret-post.ts";
import type { Presented, PresentedCertificate } from "./presented.ts";

/** Finds the one way in which the client authenticates; two at once are refused (RFC 6749 §2.3). */
export function pickMethod(request: IssuerRequest, form: Form): Presented | Failure {
  const [authorization, second] = headerValues(request, "authorization");
  if (second !== undefined) return { reason: "two_authorization_headers" };
  const posted = form.get("client_secret") !== undefined;
  const asserted = form.get("client_assertion") !== undefined;
  if ([authorization !== undefined, posted, asserted].filter(Boolean).length > 1) {
    return { reason: "two_authentication_methods" };
  }
  if (asserted) return readAssertion(form);
  if (authorization !== undefined) return readAuthorization(authorization, form);
  return posted || request.certificate === undefined
    ? readPostedSecret(form)
    : readShownCertificate(request.certificate, request.certificatesBetween ?? [], form);
}

/** Whoever shows nothing but a certificate says in the body who it is (RFC 8705 §2). */
function readShownCertificate(
  der: Uint8Array,
  others: readonly Uint8Array[],
  form: Form,
): PresentedCertificate | Failure {
  const certificate = readCertificate(der);
  const between = others.map(readCertificate);
  if (!certificate || !between.every((one) => one !== undefined)) return { reason: "malformed_certificate" };
  const clientId = form.get("client_id");
  if (clientId === undefined) return { reason: "no_client_authentication" };
  const method = certificate.isSelfSigned ? "self_signed_tls_client_auth" : "tls_client_auth";
  return { method, clientId, certificate, between };
}

function readAuthorization(authorization: string, form: Form): Presented | Failure {
  const [, scheme = "", credentials = ""] = /^([^ ]*) *(.*)$/s.exec(authorization.trim()) ?? [];
  if (scheme.toLowerCase() !== "basic") {
    // A token pasted without its scheme would be logged as one.
    const method = credentials === "" ? "a header without a scheme" : cut(scheme, 32);
    return { reason: "unsupported_client_authentication", method };
  }
  const presented = readBasic(credentials);
  if (isFailure(presented)) return presented;
  const beside = form.get("client_id");
  if (beside !== undefined && beside !== presented.clientId) return { reason: "client_ids_differ" };
  return presented;
}

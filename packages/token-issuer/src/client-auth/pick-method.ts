import { type Failure, isFailure } from "../failure.ts";
import type { Form } from "../form.ts";
import { cut, headerValues, type IssuerRequest } from "../request.ts";
import { readAssertion } from "./client-assertion.ts";
import { readBasic } from "./client-secret-basic.ts";
import { readPostedSecret } from "./client-secret-post.ts";
import type { Presented } from "./presented.ts";

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
  return authorization === undefined ? readPostedSecret(form) : readAuthorization(authorization, form);
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

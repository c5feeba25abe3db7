import type { Failure } from "../failure.ts";
import type { Form } from "../form.ts";
import type { PresentedSecret } from "./presented.ts";

/** Reads `client_id` and `client_secret` from the body (RFC 6749 §2.3.1). An id alone proves nothing. */
export function readPostedSecret(form: Form): PresentedSecret | Failure {
  const clientId = form.get("client_id");
  const secret = form.get("client_secret");
  if (clientId === undefined || secret === undefined) return { reason: "no_client_authentication" };
  return { method: "client_secret_post", clientId, secret };
}

import { type Failure, isFailure } from "../failure.ts";
import { decodeComponent, decodeUtf8 } from "../form.ts";
import type { PresentedSecret } from "./presented.ts";

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** Reads what stands after `Basic `: base64 of id, colon, secret, each form-encoded (RFC 6749 §2.3.1). */
export function readBasic(credentials: string): PresentedSecret | Failure {
  if (!BASE64.test(credentials)) return { reason: "malformed_basic" };
  const pair = decodeUtf8(Buffer.from(credentials, "base64"));
  if (isFailure(pair)) return { reason: "malformed_basic" };
  const colon = pair.indexOf(":");
  if (colon === -1) return { reason: "malformed_basic" };
  const clientId = decodeComponent(pair.slice(0, colon));
  const secret = decodeComponent(pair.slice(colon + 1));
  if (isFailure(clientId) || isFailure(secret)) return { reason: "malformed_basic" };
  return { method: "client_secret_basic", clientId, secret };
}

import type { Call } from "./call.ts";
import type { AuthenticatedClient } from "./client-auth/authenticate-client.ts";
import { type Failure, isFailure, restsOnStore } from "./failure.ts";
import type { Form } from "./form.ts";
import { couldBeApiToken } from "./static-token.ts";
import { verifyAccessToken } from "./verify-access-token.ts";

/**
 * Takes back a token of the caller (RFC 7009). Unknown, dead and foreign tokens answer alike and stay as they are (§2.2):
 * otherwise one client could find out about another's tokens. The hint helps nothing here and is not read.
 */
export async function revoke(call: Call, form: Form, caller: AuthenticatedClient): Promise<"done" | Failure> {
  const token = form.get("token");
  if (token === undefined) return { reason: "missing_parameter", parameter: "token" };
  if (couldBeApiToken(token)) return revokeStatic(call, token, caller);
  const verified = verifyAccessToken(call.issuer, token, call.clock.now());
  // Its key may have been made a moment ago: then the call is judged again.
  if (isFailure(verified) && restsOnStore(verified) && call.freshness === "cached") return verified;
  if (isFailure(verified) || verified.claims.client_id !== caller.client.clientId) return "done";
  const { jti, exp } = verified.claims;
  await call.store.revokeToken(call.issuer, { jti, expiresAt: new Date(exp * 1000), clientId: caller.client.clientId });
  return "done";
}

/** The same for an API token. Where none is found, one may have been made a moment ago. */
async function revokeStatic(call: Call, value: string, caller: AuthenticatedClient): Promise<"done" | Failure> {
  const token = await call.store.findApiToken(call.issuer, value);
  if (!token && call.freshness === "cached") return { reason: "unknown_api_token" };
  if (token?.owner === caller.client.id && !token.revokedAt)
    await call.store.revokeApiToken(call.issuer, token, call.request);
  return "done";
}

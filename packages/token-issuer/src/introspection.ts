import { tokenTypeOf } from "./access-token.ts";
import type { Call } from "./call.ts";
import { audiencesOf, type CheckedAccessToken, checkAccessToken } from "./check-access-token.ts";
import type { AccessTokenClaims } from "./claims.ts";
import type { AuthenticatedClient } from "./client-auth/authenticate-client.ts";
import { type Failure, isFailure, restsOnStore } from "./failure.ts";
import type { Form } from "./form.ts";
import { confirmed } from "./route.ts";

/** The answer of RFC 7662 §2.2: all claims, or nothing at all. */
export type Introspection =
  | ({ readonly active: true; readonly token_type: "Bearer" | "DPoP" } & AccessTokenClaims)
  | { readonly active: false };

/**
 * Tells an authenticated caller about a token (RFC 7662).
 * Only the token's own client and the resource servers of its audience learn anything (§4: else a thief could probe);
 * everyone else gets the answer for a dead token.
 */
export async function introspect(call: Call, form: Form, caller: AuthenticatedClient): Promise<Introspected | Failure> {
  const token = form.get("token");
  if (token === undefined) return { reason: "missing_parameter", parameter: "token" };
  const first = await look(call, token, caller);
  if (first.isCertain || call.freshness === "confirmed") return first;
  const certain = await confirmed(call);
  return isFailure(certain) ? certain : look(certain, token, caller);
}

/** The answer, in a frame of its own: a custom claim may have any name, that of a failure's member too. */
export interface Introspected {
  readonly answer: Introspection;
}

interface Look extends Introspected {
  /** "Inactive" may be a refusal that rests on the store: a key, a client or a resource server may have been made a moment ago. */
  readonly isCertain: boolean;
}

async function look(call: Call, token: string, caller: AuthenticatedClient): Promise<Look> {
  const checked = await checkAccessToken(call, token, undefined);
  if (isFailure(checked)) return { answer: { active: false }, isCertain: !restsOnStore(checked) };
  if (!mayKnow(caller, checked)) return { answer: { active: false }, isCertain: false };
  return { answer: { ...checked.claims, active: true, token_type: tokenTypeOf(checked.claims) }, isCertain: true };
}

function mayKnow(caller: AuthenticatedClient, { issuer, client, claims }: CheckedAccessToken): boolean {
  if (caller.client.id === client.id) return true;
  return audiencesOf(claims).some((aud) => issuer.resources.get(aud)?.resourceServers.has(caller.client.id));
}

import { tokenTypeOf } from "./access-token.ts";
import type { Call } from "./call.ts";
import { audiencesOf, type CheckedAccessToken, checkAccessToken } from "./check-access-token.ts";
import type { AccessTokenClaims } from "./claims.ts";
import type { AuthenticatedClient } from "./client-auth/authenticate-client.ts";
import { type Failure, isFailure, restsOnStore } from "./failure.ts";
import type { Form } from "./form.ts";
import { type ApiTokenAnswer, lookAtApiToken } from "./introspect-api-token.ts";
import { confirmed } from "./route.ts";
import { couldBeApiToken } from "./static-token.ts";
import { type Refused, recordRefused } from "./token-log.ts";
import { noteRefusedUse, noteUse, servedBy } from "./token-use.ts";

/** The answer of RFC 7662 §2.2: all claims, or nothing at all. */
export type Introspection =
  | ({ readonly active: true; readonly token_type: "Bearer" | "DPoP" } & AccessTokenClaims)
  | ApiTokenAnswer
  | { readonly active: false };

/**
 * Tells an authenticated caller about a token (RFC 7662).
 * Only the token's own client and the resource servers of its audience learn anything (§4: else a thief could probe);
 * everyone else gets the answer for a dead token.
 */
export async function introspect(call: Call, form: Form, caller: AuthenticatedClient): Promise<Introspected | Failure> {
  const token = form.get("token");
  if (token === undefined) return { reason: "missing_parameter", parameter: "token" };
  const lookAt = (at: Call) => (couldBeApiToken(token) ? lookAtStatic(at, form, caller) : look(at, token, caller));
  const first = await lookAt(call);
  if (first.isCertain) return told(call, form, caller, first);
  const certain = call.freshness === "confirmed" ? call : await confirmed(call);
  if (isFailure(certain)) return certain;
  const last = certain === call ? first : await lookAt(certain);
  if (last.dead) await recordRefused(call, "introspection", last.dead.failure, last.dead);
  return told(call, form, caller, last);
}

async function told(call: Call, form: Form, caller: AuthenticatedClient, found: Look): Promise<Look> {
  await noteIntrospected(call, form, caller, found);
  return found;
}

/** Notes the use that a resource server asks about; a client that looks at its own token uses nothing. */
async function noteIntrospected(call: Call, form: Form, { client }: AuthenticatedClient, found: Look): Promise<void> {
  const { answer, refused } = found;
  if (answer.active) {
    const { scope } = answer;
    for (const resource of servedBy(call, client.id, { aud: answer.aud ?? [] }))
      noteUse(call, answer.client_id, resource, { by: "introspection", scope });
  } else if (refused) {
    const wanted = form.get("resource");
    const own = [...call.issuer.resources.values()].filter(({ resourceServers }) => resourceServers.has(client.id));
    const asked = own.map(({ identifier }) => identifier).filter((one) => wanted === undefined || one === wanted);
    // Which of several APIs a static token was shown to, nobody said.
    const ofStatic = asked.length === 1 ? asked : [];
    const resources = (claims?: AccessTokenClaims) => (claims ? servedBy(call, client.id, claims) : ofStatic);
    await noteRefusedUse(call, form.get("token") ?? "", resources, { by: "introspection", reason: refused.reason });
  }
}

/** The answer, in a frame of its own: a custom claim may have any name, that of a failure's member too. */
export interface Introspected {
  readonly answer: Introspection;
}

interface Look extends Introspected {
  /** "Inactive" may be a refusal that rests on the store: a key, a client or a resource server may have been made a moment ago. */
  readonly isCertain: boolean;
  /** Why it is inactive, where that is no secret of the token's. */
  readonly refused?: Failure;
  /** Why a static token is dead, for the log alone, and whose it is. */
  readonly dead?: Refused & { readonly failure: Failure };
}

const inactive = { answer: { active: false } } as const;

async function look(call: Call, token: string, caller: AuthenticatedClient): Promise<Look> {
  const checked = await checkAccessToken(call, token, undefined);
  if (isFailure(checked)) return { ...inactive, isCertain: !restsOnStore(checked), refused: checked };
  if (!mayKnow(caller, checked)) return { ...inactive, isCertain: false };
  const answer = { ...checked.claims, active: true, token_type: tokenTypeOf(checked.claims) } as const;
  return { answer, isCertain: true };
}

async function lookAtStatic(call: Call, form: Form, caller: AuthenticatedClient): Promise<Look> {
  const found = await lookAtApiToken(call, form, caller);
  if (found === undefined) return { ...inactive, isCertain: false };
  if (!isFailure(found)) return { answer: found, isCertain: true };
  const token = await call.store.findApiToken(call.issuer, form.get("token") ?? "");
  const client = token && (await call.store.findClient(call.issuer, token.clientId));
  return {
    ...inactive,
    isCertain: false,
    refused: found,
    dead: { failure: found, client: client?.id, clientId: token?.clientId },
  };
}

function mayKnow(caller: AuthenticatedClient, { issuer, client, claims }: CheckedAccessToken): boolean {
  if (caller.client.id === client.id) return true;
  return audiencesOf(claims).some((aud) => issuer.resources.get(aud)?.resourceServers.has(caller.client.id));
}

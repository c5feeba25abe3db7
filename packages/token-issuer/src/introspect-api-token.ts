import type { Call } from "./call.ts";
import { type CheckedApiToken, checkApiToken } from "./check-api-token.ts";
import type { AuthenticatedClient } from "./client-auth/authenticate-client.ts";
import { type Failure, isFailure } from "./failure.ts";
import type { Form } from "./form.ts";
import { intersectScopes, printScope, type ScopeSet } from "./scope.ts";

/** What introspection says of a static token (RFC 7662 §2.2): an access token's members, as far as it has them. */
export interface ApiTokenAnswer {
  readonly active: true;
  readonly token_type: "Token";
  readonly iss: string;
  readonly sub: string;
  readonly client_id: string;
  /** Absent: it is good for nothing at present. */
  readonly aud?: string | readonly string[];
  readonly scope: string;
  readonly iat: number;
  /** Absent: it does not end. */
  readonly exp?: number;
  readonly jti: string;
}

/** What was found: the answer, or why it is `{"active":false}`; `undefined`: the caller may not know. */
export type ApiTokenLook = ApiTokenAnswer | Failure | undefined;

/**
 * Looks at a static token for an authenticated caller. A resource server learns what the token is good for at its own
 * APIs; where there are several, the scope is what holds at each of them, and `resource` picks one. The token's own client
 * learns all.
 *
 * @throws StoreUnavailable when the store cannot answer
 */
export async function lookAtApiToken(
  call: Call,
  form: Form,
  { client: caller }: AuthenticatedClient,
): Promise<ApiTokenLook> {
  const checked = await checkApiToken(call, form.get("token") ?? "");
  if (isFailure(checked)) return checked;
  const { issuer, client, token, held } = checked;
  const wanted = form.get("resource");
  const served = [...held].filter(
    ([identifier]) =>
      issuer.resources.get(identifier)?.resourceServers.has(caller.id) &&
      (wanted === undefined || wanted === identifier),
  );
  if (served.length > 0) {
    call.store.noteApiTokenUse(issuer, token, call.request, call.clock.now());
    return answerOf(checked, served, commonScope(served));
  }
  if (caller.id !== client.id) return undefined;
  const all = [...held].filter(([identifier]) => wanted === undefined || wanted === identifier);
  return answerOf(checked, all, new Set(all.flatMap(([, scope]) => [...scope])));
}

type Held = readonly (readonly [identifier: string, scope: ScopeSet])[];

/** What holds at each of them: none may take what only another one has. */
const commonScope = (served: Held): ScopeSet => served.map(([, scope]) => scope).reduce(intersectScopes);

function answerOf({ issuer, client, token }: CheckedApiToken, at: Held, scope: ScopeSet): ApiTokenAnswer {
  const [first, ...others] = at.map(([identifier]) => identifier);
  const seconds = (instant: Date) => Math.floor(instant.getTime() / 1000);
  return {
    active: true,
    token_type: "Token",
    iss: issuer.url,
    sub: client.clientId,
    client_id: client.clientId,
    ...(first !== undefined && { aud: others.length > 0 ? [first, ...others] : first }),
    scope: printScope(scope),
    iat: seconds(token.createdAt),
    ...(token.expiresAt && { exp: seconds(token.expiresAt) }),
    jti: token.id,
  };
}

import type { Call } from "./call.ts";
import { checkApiToken } from "./check-api-token.ts";
import { checkPresentedToken } from "./check-presented-token.ts";
import type { Target } from "./confirmation.ts";
import { type Failure, isFailure, restsOnStore } from "./failure.ts";
import { privateHeaders } from "./failure-response.ts";
import { type Form, parseQuery } from "./form.ts";
import { type PresentedStaticToken, type PresentedToken, readPresentedToken } from "./presented-token.ts";
import { cut, headerValues, type IssuerRequest, type IssuerResponse } from "./request.ts";
import { missingScopes, parseScope, printScope, type ScopeSet } from "./scope.ts";
import { noteRefusedUse, noteUse } from "./token-use.ts";

/** What a reverse proxy asks: is this credential good for that API, with at least those scopes? */
interface Question {
  readonly resource: string;
  readonly scope: ScopeSet;
  readonly presented: PresentedToken | PresentedStaticToken;
  /** What a proof has to be for; `undefined` where nobody says it. */
  readonly target: Target | undefined;
}

/**
 * Checks a request for a reverse proxy (nginx `auth_request` and its like): 200 with identity headers,
 * or the refusal that the proxy hands on (RFC 6750 §3).
 */
export async function forwardAuth(call: Call): Promise<IssuerResponse | Failure> {
  const question = readQuestion(call);
  if (isFailure(question)) return question;
  const { resource, scope: needed, presented } = question;
  const found = await identify(call, question);
  const identity = isFailure(found) ? found : (lack(needed, found.scope) ?? found);
  if (isFailure(identity)) {
    // What rests on the store is looked at once more.
    if (call.freshness === "confirmed" || !restsOnStore(identity))
      await noteRefusedUse(call, presented.token, () => [resource], { by: "forward_auth", reason: identity.reason });
    return identity;
  }
  const scope = printScope(needed.size > 0 ? needed : identity.scope);
  noteUse(call, identity.clientId, resource, { by: "forward_auth", scope });
  return { status: 200, headers: { ...privateHeaders, ...identityHeaders(call, identity) } };
}

function lack(needed: ScopeSet, held: ScopeSet): Failure | undefined {
  const missing = missingScopes(needed, held);
  return missing.length > 0 ? { reason: "insufficient_scope", required: [...needed], missing } : undefined;
}

/** Whom the credential acts for, and what it is good for at that API. */
interface Identity {
  readonly clientId: string;
  readonly scope: ScopeSet;
}

async function identify(call: Call, { presented, resource, target }: Question): Promise<Identity | Failure> {
  if (presented.scheme !== "Token") {
    const checked = await checkPresentedToken(call, presented, resource, target);
    return isFailure(checked) ? checked : { clientId: checked.claims.client_id, scope: checked.scope };
  }
  const checked = await checkApiToken(call, presented.token);
  if (isFailure(checked)) return checked;
  const { client, token, held } = checked;
  const scope = held.get(resource);
  if (!scope) return { reason: "api_token_ungranted", apiTokenId: token.id, resource };
  call.store.noteApiTokenUse(call.issuer, token, call.request, call.clock.now());
  return { clientId: client.clientId, scope };
}

function readQuestion({ request, issuer }: Call): Question | Failure {
  const query = parseQuery(request.query);
  if (isFailure(query)) return query;
  const resource = query.get("resource");
  if (resource === undefined) return { reason: "missing_parameter", parameter: "resource" };
  // A typo in the proxy's configuration would otherwise look like bad tokens.
  if (!issuer.resources.has(resource)) return { reason: "unknown_resource", resource: cut(resource) };
  const wanted = query.get("scope");
  const scope = wanted === undefined ? new Set<string>() : parseScope(wanted);
  if (isFailure(scope)) return scope;
  const presented = readPresentedToken(request);
  if (isFailure(presented)) return presented;
  const target = presented.scheme === "DPoP" ? (askedTarget(query) ?? forwardedTarget(request)) : undefined;
  return { resource, scope, presented, target };
}

/** The request that is asked about, as the query names it: for whoever stands behind one more proxy, which writes the headers anew. */
function askedTarget(query: Form): Target | undefined {
  const [method, url] = [query.get("method"), query.get("url")];
  return method === undefined || url === undefined ? undefined : { method, url };
}

/** The request that the proxy asks about, as its own headers say; `undefined` where they do not say it once and whole. */
function forwardedTarget(request: IssuerRequest): Target | undefined {
  const [method, proto, host, uri] = ["method", "proto", "host", "uri"].map((name) => {
    const [value, second] = headerValues(request, `x-forwarded-${name}`);
    return second === undefined && value !== "" ? value : undefined;
  });
  if (!method || !proto || !host || !uri?.startsWith("/")) return undefined;
  return { method, url: `${proto}://${host}${uri}` };
}

/** What the API behind the proxy learns. The proxy must strip these names from what comes in. */
const identityHeaders = ({ issuer }: Call, { clientId, scope }: Identity) => ({
  "X-Mintmark-Client": clientId,
  "X-Mintmark-Scope": printScope(scope),
  "X-Mintmark-Issuer": issuer.url,
});

import type { Call } from "./call.ts";
import { type CheckedAccessToken, checkAccessToken } from "./check-access-token.ts";
import { type Failure, isFailure } from "./failure.ts";
import { privateHeaders } from "./failure-response.ts";
import { parseQuery } from "./form.ts";
import { cut, headerValues, type IssuerRequest, type IssuerResponse } from "./request.ts";
import { missingScopes, parseScope, printScope, type ScopeSet } from "./scope.ts";

/** What a reverse proxy asks: is this credential good for that API, with at least those scopes? */
interface Question {
  readonly resource: string;
  readonly scope: ScopeSet;
  readonly token: string;
}

/**
 * Checks a request for a reverse proxy (nginx `auth_request` and its like): 200 with identity headers,
 * or the refusal that the proxy hands on (RFC 6750 §3).
 */
export async function forwardAuth(call: Call): Promise<IssuerResponse | Failure> {
  const question = readQuestion(call);
  if (isFailure(question)) return question;
  const checked = await checkAccessToken(call, question.token, question.resource);
  if (isFailure(checked)) return checked;
  const missing = missingScopes(question.scope, checked.scope);
  if (missing.length > 0) return { reason: "insufficient_scope", required: [...question.scope], missing };
  return { status: 200, headers: { ...privateHeaders, ...identityHeaders(checked) } };
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
  const token = readBearer(request);
  return isFailure(token) ? token : { resource, scope, token };
}

/** The one Bearer token of a request (RFC 6750 §2.1). Other schemes are refused by name, so that the caller can mend it. */
export function readBearer(request: Pick<IssuerRequest, "headers">): string | Failure {
  const [authorization, second] = headerValues(request, "authorization");
  const apiKeys = headerValues(request, "x-api-key");
  if (second !== undefined || apiKeys.length > 1 || (authorization !== undefined && apiKeys.length > 0)) {
    return { reason: "two_credentials" };
  }
  if (apiKeys.length > 0) return { reason: "wrong_scheme", scheme: "X-API-KEY" };
  if (authorization === undefined) return { reason: "no_credential" };
  const [, scheme = "", token = ""] = /^([^ ]*) *(.*)$/s.exec(authorization.trim()) ?? [];
  if (scheme.toLowerCase() === "bearer" && token !== "") return token;
  // A token pasted without a scheme must not end up in the log as one.
  return { reason: "wrong_scheme", scheme: token === "" ? "" : cut(scheme, 32) };
}

/** What the API behind the proxy learns. The proxy must strip these names from what comes in. */
const identityHeaders = ({ claims, scope }: CheckedAccessToken) => ({
  "X-Mintmark-Client": claims.client_id,
  "X-Mintmark-Scope": printScope(scope),
  "X-Mintmark-Issuer": claims.iss,
});

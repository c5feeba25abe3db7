import { type Failure, isFailure } from "./failure.ts";
import { type Form, readForm } from "./form.ts";
import { cut, type IssuerRequest } from "./request.ts";
import { parseResource } from "./resource-indicator.ts";
import { parseScope, type ScopeSet } from "./scope.ts";

/** What a client asks of the token endpoint: a union on `grantType`, one member per grant (RFC 6749 §4). */
export type TokenRequest = ClientCredentialsRequest;

/** RFC 6749 §4.4.2, with the resource of RFC 8707. */
export interface ClientCredentialsRequest {
  readonly grantType: "client_credentials";
  /** The identifiers of the APIs the token is for; none when left to the issuer. */
  readonly resources: readonly string[];
  /** `undefined`: everything granted at the resources. */
  readonly scope: ScopeSet | undefined;
}

/** Reads the form of a POST endpoint, unless a secret already stands in its URL. */
export function readPost(request: IssuerRequest): Form | Failure {
  const parameter = secretInQuery(request.query);
  if (parameter) return { reason: "secret_in_query", parameter };
  return readForm(request);
}

/** Turns the form of the token endpoint into a request; nobody reads the form for it again. */
export function parseTokenRequest(form: Form): TokenRequest | Failure {
  const grantType = form.get("grant_type");
  if (grantType === undefined) return { reason: "missing_parameter", parameter: "grant_type" };
  if (grantType !== "client_credentials") return { reason: "unsupported_grant_type", grantType: cut(grantType) };
  const resources = parseResource(form);
  if (isFailure(resources)) return resources;
  const wanted = form.get("scope");
  const scope = wanted === undefined ? undefined : parseScope(wanted);
  if (isFailure(scope)) return scope;
  return { grantType, resources, scope };
}

const SECRET_PARAMETERS: ReadonlySet<string> = new Set([
  "client_secret",
  "client_assertion",
  "assertion",
  "token",
  "access_token",
  "refresh_token",
  "subject_token",
  "password",
]);

/** The first parameter of the URL that must never stand there, where proxies and histories keep it (RFC 6749 §2.3.1). */
function secretInQuery(query: string): string | undefined {
  if (query === "") return undefined;
  return [...new URLSearchParams(query).keys()].find((name) => SECRET_PARAMETERS.has(name));
}

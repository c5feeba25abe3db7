import { type Failure, isFailure } from "./failure.ts";
import { type Form, readForm } from "./form.ts";
import { cut, type IssuerRequest } from "./request.ts";
import { parseResource } from "./resource-indicator.ts";
import { parseScope, type ScopeSet } from "./scope.ts";

/** What a client asks of the token endpoint: a union on `grantType`, one member per grant (RFC 6749 §4). */
export type TokenRequest = ClientCredentialsRequest | TokenExchangeRequest;

/** Which APIs the token is for, and with which scope: the same for every grant. */
interface Wanted {
  /** The identifiers of the APIs the token is for; none when left to the issuer. */
  readonly resources: readonly string[];
  /** `undefined`: everything granted at the resources. */
  readonly scope: ScopeSet | undefined;
}

/** RFC 6749 §4.4.2, with the resource of RFC 8707. */
export interface ClientCredentialsRequest extends Wanted {
  readonly grantType: "client_credentials";
}

export const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

/** RFC 8693 §2.1: a token for another one. The client itself is the actor. */
export interface TokenExchangeRequest extends Wanted {
  readonly grantType: typeof TOKEN_EXCHANGE;
  readonly subject: {
    readonly token: string;
    /** An access token or an API token of this issuer; else a JWT of another one. */
    readonly isOurs: boolean;
  };
}

const TOKEN_TYPE = "urn:ietf:params:oauth:token-type:";
/** What an exchange answers with (RFC 8693 §2.2.1). */
export const ACCESS_TOKEN_TYPE = `${TOKEN_TYPE}access_token`;
const FOREIGN_TOKEN_TYPES = [`${TOKEN_TYPE}jwt`, `${TOKEN_TYPE}id_token`];

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
  if (grantType !== "client_credentials" && grantType !== TOKEN_EXCHANGE)
    return { reason: "unsupported_grant_type", grantType: cut(grantType) };
  const resources = parseResource(form);
  if (isFailure(resources)) return resources;
  const wanted = form.get("scope");
  const scope = wanted === undefined ? undefined : parseScope(wanted);
  if (isFailure(scope)) return scope;
  if (grantType === "client_credentials") return { grantType, resources, scope };
  const subject = parseSubject(form);
  return isFailure(subject) ? subject : { grantType, resources, scope, subject };
}

/** RFC 8693 §2.1. Who acts is the client that authenticates: a token for somebody else who acts is refused by name. */
function parseSubject(form: Form): TokenExchangeRequest["subject"] | Failure {
  const token = form.get("subject_token");
  if (token === undefined) return { reason: "missing_parameter", parameter: "subject_token" };
  const type = form.get("subject_token_type");
  if (type === undefined) return { reason: "missing_parameter", parameter: "subject_token_type" };
  const isOurs = type === ACCESS_TOKEN_TYPE;
  if (!isOurs && !FOREIGN_TOKEN_TYPES.includes(type))
    return { reason: "unsupported_token_type", parameter: "subject_token_type", type: cut(type) };
  const wanted = form.get("requested_token_type") ?? ACCESS_TOKEN_TYPE;
  if (wanted !== ACCESS_TOKEN_TYPE && wanted !== `${TOKEN_TYPE}jwt`)
    return { reason: "unsupported_token_type", parameter: "requested_token_type", type: cut(wanted) };
  const actorType = form.get("actor_token_type") ?? form.get("actor_token");
  if (actorType !== undefined) return { reason: "unsupported_token_type", parameter: "actor_token", type: "" };
  return { token, isOurs };
}

const SECRET_PARAMETERS: ReadonlySet<string> = new Set([
  "client_secret",
  "client_assertion",
  "assertion",
  "token",
  "access_token",
  "refresh_token",
  "subject_token",
  "actor_token",
  "password",
]);

/** The first parameter of the URL that must never stand there, where proxies and histories keep it (RFC 6749 §2.3.1). */
function secretInQuery(query: string): string | undefined {
  if (query === "") return undefined;
  return [...new URLSearchParams(query).keys()].find((name) => SECRET_PARAMETERS.has(name));
}

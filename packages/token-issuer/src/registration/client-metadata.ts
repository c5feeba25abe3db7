import { type Failure, isFailure } from "../failure.ts";
import { intersectScopes, parseScope } from "../scope.ts";
import type { JsonObject } from "../strict-json.ts";
import { TOKEN_EXCHANGE } from "../token-request.ts";
import { readCredentials } from "./metadata-credentials.ts";
import { given, readFlag, readList, readText, wrong } from "./metadata-members.ts";
import type { Allowance, ClientMetadata, Grants } from "./registry.ts";

/** What an issuer lets its clients be, whoever registers them. */
export interface Supported {
  /** Methods as its metadata name them. */
  readonly methods: readonly string[];
  /** Whether clients may exchange tokens. */
  readonly exchange: boolean;
}

const CLIENT_CREDENTIALS = "client_credentials";

/**
 * Reads client metadata (RFC 7591 §2) into what will be registered. Pure. Members that the issuer does not know are
 * ignored; what it knows and does not have is refused by name, so that nobody takes it for granted.
 */
export function readClientMetadata(
  document: JsonObject,
  supported: Supported,
  allowance: Allowance,
): ClientMetadata | Failure {
  // A statement's members would go before those beside it (§2.3), and no publisher is trusted here.
  if (given(document, "software_statement") !== undefined) return { reason: "software_statement_not_approved" };
  const name = readText(document, "client_name");
  if (isFailure(name)) return name;
  const methods = readMethods(document, supported, allowance);
  if (isFailure(methods)) return methods;
  const mayExchange = readGrantTypes(document, supported, allowance);
  if (isFailure(mayExchange)) return mayExchange;
  const credentials = readCredentials(document, methods[0]);
  if (isFailure(credentials)) return credentials;
  const grants = readGrants(document, allowance.grants);
  if (isFailure(grants)) return grants;
  const requiresDpop = readFlag(document, "dpop_bound_access_tokens");
  if (isFailure(requiresDpop)) return requiresDpop;
  const requiresCertificate = readFlag(document, "tls_client_certificate_bound_access_tokens");
  if (isFailure(requiresCertificate)) return requiresCertificate;
  return { name, methods, credentials, mayExchange, grants, requiresDpop, requiresCertificate };
}

/** RFC 7591 §2: Basic is meant where nothing is said; widely used libraries send the secret in the body then. */
const UNSAID = ["client_secret_basic", "client_secret_post"];

function readMethods(
  document: JsonObject,
  { methods }: Supported,
  { methods: of }: Allowance,
): ClientMetadata["methods"] | Failure {
  const text = readText(document, "token_endpoint_auth_method");
  if (isFailure(text)) return text;
  const allowed = methods.filter((method) => of?.has(method as ClientMetadata["methods"][0]) ?? true);
  const wanted = text === undefined ? UNSAID : [text];
  const [first, ...others] = wanted.filter((method) => allowed.includes(method)) as ClientMetadata["methods"][0][];
  if (first !== undefined) return [first, ...others];
  const isSupported = wanted.some((method) => methods.includes(method));
  return wrong("token_endpoint_auth_method", isSupported ? "not_allowed" : "unsupported", allowed);
}

/** Whether token exchange is among them. A response type belongs to grants that are not here (§2.1). */
function readGrantTypes(document: JsonObject, { exchange }: Supported, allowance: Allowance): boolean | Failure {
  const types = readList(document, "grant_types");
  if (isFailure(types)) return types;
  const responses = readList(document, "response_types");
  if (isFailure(responses)) return responses;
  const known = exchange ? [CLIENT_CREDENTIALS, TOKEN_EXCHANGE] : [CLIENT_CREDENTIALS];
  if (types.some((type) => !known.includes(type))) return wrong("grant_types", "unsupported", known);
  if (types.length > 0 && !types.includes(CLIENT_CREDENTIALS))
    return wrong("grant_types", "missing", known.slice(0, 1));
  if (responses.length > 0) return wrong("response_types", "unsupported");
  const exchanges = types.includes(TOKEN_EXCHANGE);
  return exchanges && !allowance.exchange ? wrong("grant_types", "not_allowed", [CLIENT_CREDENTIALS]) : exchanges;
}

/** What is asked for, of what may be granted: all of it where nothing is said. */
function readGrants(document: JsonObject, most: Grants): Grants | Failure {
  const resources = readResources(document, most);
  if (isFailure(resources)) return resources;
  const text = readText(document, "scope");
  if (isFailure(text)) return text;
  if (text === undefined || text === "") return granting(resources);
  const scope = parseScope(text);
  if (isFailure(scope)) return wrong("scope", "text");
  const allowed = new Set(resources.flatMap(([, names]) => [...names]));
  if ([...scope].some((name) => !allowed.has(name))) return wrong("scope", "not_allowed", [...allowed].sort());
  return granting(resources.map(([resource, names]) => [resource, intersectScopes(names, scope)]));
}

/** Without a scope it is no grant. */
const granting = (all: readonly (readonly [string, ReadonlySet<string>])[]): Grants =>
  new Map(all.filter(([, names]) => names.size > 0));

/** `resource` is no registered member: names of scopes are local to an API, and here it says which are meant. */
function readResources(document: JsonObject, most: Grants) {
  const value = given(document, "resource");
  if (value === undefined) return [...most];
  const named: unknown = typeof value === "string" ? [value] : value;
  if (!Array.isArray(named) || named.some((one) => typeof one !== "string")) return wrong("resource", "type");
  if (named.some((one) => !most.has(String(one)))) return wrong("resource", "not_allowed", [...most.keys()].sort());
  return [...most].filter(([resource]) => named.includes(resource));
}

import type { Call } from "./call.ts";
import { type CheckedAccessToken, checkAccessToken } from "./check-access-token.ts";
import { type Clock, systemClock } from "./clock.ts";
import {
  type Endpoint,
  introspectionEndpoint,
  judgeTokenRequest,
  jwksEndpoint,
  metadataEndpoint,
  revocationEndpoint,
  tokenEndpoint,
  verifyEndpoint,
} from "./endpoints.ts";
import { type Explanation, explanation } from "./explain.ts";
import { type Failure, isFailure } from "./failure.ts";
import { renderFailure } from "./failure-response.ts";
import { CollectingRecorder, type Recorder, silent } from "./recorder.ts";
import { cut, type IssuerPath, type IssuerRequest, type IssuerResponse } from "./request.ts";
import { type Issuer, type IssuerStore, StoreUnavailable } from "./store.ts";
import { recordRefused } from "./token-log.ts";
import { Trail } from "./trail.ts";

/** What a token issuer is made of. */
export interface TokenIssuerOptions {
  readonly store: IssuerStore;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** The address that explains a refusal; goes into `error_uri`. Default: none. */
  readonly errorUri?: (path: IssuerPath, correlationId: string) => string | undefined;
  /** Listens to every request's steps. Default: nobody. */
  readonly recorder?: Recorder;
  /** Hears of errors nobody foresaw; the caller only gets a 500 and the correlation id. Default: nobody. */
  readonly onUnexpectedError?: (error: unknown, correlationId: string) => void;
}

/** One HTTP endpoint as a function from plain data to plain data. It never rejects. */
export type IssuerEndpoint = (path: IssuerPath, request: IssuerRequest) => Promise<IssuerResponse>;

/** The issuers of one store: their endpoints, and what a server needs beside them. */
export interface TokenIssuer {
  /** `POST {issuer}/oauth2/token` and its alias (RFC 6749 §3.2). */
  readonly token: IssuerEndpoint;
  /** `POST {issuer}/oauth2/introspect` (RFC 7662). */
  readonly introspect: IssuerEndpoint;
  /** `POST {issuer}/oauth2/revoke` (RFC 7009). */
  readonly revoke: IssuerEndpoint;
  /** `GET {issuer}/.well-known/jwks.json` (RFC 7517). */
  readonly jwks: IssuerEndpoint;
  /** Metadata, at every address where RFC 8414 or OpenID Connect Discovery look for it. */
  readonly metadata: IssuerEndpoint;
  /** `GET {issuer}/oauth2/verify?resource=…&scope=…` for reverse proxies (RFC 6750). */
  readonly verify: IssuerEndpoint;
  /** Runs the token path up to its decision: issues nothing, logs nothing, says why. */
  explain(path: IssuerPath, request: IssuerRequest): Promise<Explanation>;
  /**
   * Checks an access token for an API of one's own; `audience` is that API's resource identifier.
   * A store that cannot answer is the failure `store_unavailable`.
   */
  check(path: IssuerPath, token: string, audience: string): Promise<CheckedAccessToken | Failure>;
}

/** Makes the endpoints of all issuers in a store. */
export function createTokenIssuer(options: TokenIssuerOptions): TokenIssuer {
  const serve =
    (endpoint: Endpoint): IssuerEndpoint =>
    (path, request) =>
      answer(options, endpoint, path, request);
  return {
    token: serve(tokenEndpoint),
    introspect: serve(introspectionEndpoint),
    revoke: serve(revocationEndpoint),
    jwks: serve(jwksEndpoint),
    metadata: serve(metadataEndpoint),
    verify: serve(verifyEndpoint),
    explain: (path, request) => explain(options, path, request),
    check: (path, token, audience) => check(options, path, token, audience),
  };
}

/** Route → answer → record a refusal → render. */
async function answer(
  options: TokenIssuerOptions,
  endpoint: Endpoint,
  path: IssuerPath,
  request: IssuerRequest,
): Promise<IssuerResponse> {
  let realm: string | undefined;
  const outcome = await caught(options, request.correlationId, async () => {
    const trail = new Trail(options.recorder ?? silent);
    const call = await route(options, path, request, trail);
    if (isFailure(call)) return call;
    realm = call.issuer.url;
    if (request.method === "OPTIONS") return preflight(endpoint);
    const answered = endpoint.methods.includes(request.method)
      ? await endpoint.answer(call)
      : methodNotAllowed(endpoint, request);
    if (isFailure(answered)) await refused(call, endpoint, answered, trail);
    return answered;
  });
  const response = isFailure(outcome)
    ? renderFailure(outcome, {
        correlationId: request.correlationId,
        realm,
        errorUri: options.errorUri?.(path, request.correlationId),
      })
    : outcome;
  return finished(endpoint, request, response);
}

async function route(
  options: TokenIssuerOptions,
  path: IssuerPath,
  request: IssuerRequest,
  recorder: Recorder,
): Promise<Call | Failure> {
  const issuer = await findIssuer(options, path);
  if (isFailure(issuer)) return issuer;
  return { store: options.store, clock: options.clock ?? systemClock, issuer, request, recorder };
}

async function findIssuer({ store }: TokenIssuerOptions, { tenant, workspace }: IssuerPath): Promise<Issuer | Failure> {
  const issuer = await store.findIssuer(tenant, workspace);
  return issuer ?? { reason: "issuer_not_found", tenant: cut(tenant), workspace: cut(workspace) };
}

/** A refusal that cannot be recorded is not handed out either; the caller sees 503. */
async function refused(call: Call, endpoint: Endpoint, failure: Failure, trail: Trail): Promise<void> {
  call.recorder.step({ step: "refused", failure });
  if (endpoint.logged) await recordRefused(call, endpoint.name, failure, trail.who());
}

/** Turns what was thrown into a failure: nothing thrown ever reaches the wire. */
async function caught<T>(
  options: TokenIssuerOptions,
  correlationId: string,
  run: () => Promise<T>,
): Promise<T | Failure> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof StoreUnavailable) return { reason: "store_unavailable" };
    options.onUnexpectedError?.(error, correlationId);
    return { reason: "unexpected_error" };
  }
}

const methodNotAllowed = (endpoint: Endpoint, request: IssuerRequest): Failure => ({
  reason: "method_not_allowed",
  method: cut(request.method, 32),
  allow: endpoint.methods,
});

function preflight(endpoint: Endpoint): IssuerResponse {
  const allow = endpoint.methods.join(", ");
  const cors = { "Access-Control-Allow-Methods": allow, "Access-Control-Allow-Headers": "If-None-Match" };
  return { status: 204, headers: { Allow: allow, ...(endpoint.public && cors) } };
}

function finished(endpoint: Endpoint, request: IssuerRequest, response: IssuerResponse): IssuerResponse {
  const { status, headers, body } = response;
  return {
    status,
    headers: endpoint.public ? { ...headers, "Access-Control-Allow-Origin": "*" } : headers,
    ...(body !== undefined && request.method !== "HEAD" && { body }),
  };
}

async function explain(options: TokenIssuerOptions, path: IssuerPath, request: IssuerRequest): Promise<Explanation> {
  const recorder = new CollectingRecorder();
  const outcome = await caught(options, request.correlationId, async () => {
    const call = await route(options, path, request, recorder);
    return isFailure(call) ? call : judgeTokenRequest(call);
  });
  return explanation(recorder, outcome);
}

function check(
  options: TokenIssuerOptions,
  path: IssuerPath,
  token: string,
  audience: string,
): Promise<CheckedAccessToken | Failure> {
  const { store, clock = systemClock } = options;
  return caught<CheckedAccessToken | Failure>(options, "", async () => {
    const issuer = await findIssuer(options, path);
    return isFailure(issuer) ? issuer : checkAccessToken({ store, clock, issuer }, token, audience);
  });
}

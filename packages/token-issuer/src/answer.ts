import type { Call } from "./call.ts";
import type { RemoteKeySets } from "./client-auth/remote-key-sets.ts";
import { systemClock } from "./clock.ts";
import { newNonce } from "./dpop/nonce.ts";
import type { Endpoint } from "./endpoints.ts";
import { type Failure, isFailure, restsOnStore } from "./failure.ts";
import { renderFailure } from "./failure-response.ts";
import { guessOf } from "./limits/failure-limits.ts";
import { type Admission, admissionOf, type Limits } from "./limits/limits.ts";
import type { TokenIssuerOptions } from "./options.ts";
import { schemeOf } from "./presented-token.ts";
import { silent } from "./recorder.ts";
import { cut, headerValues, type IssuerPath, type IssuerRequest, type IssuerResponse } from "./request.ts";
import { route } from "./route.ts";
import { keySetChangedAt } from "./signing-keys.ts";
import { type Freshness, StoreUnavailable } from "./store.ts";
import { recordRefused } from "./token-log.ts";
import { Trail } from "./trail.ts";

/** What one request asks of whom. */
interface Asked {
  readonly options: TokenIssuerOptions;
  readonly limits: Limits;
  readonly keySets: RemoteKeySets;
  readonly endpoint: Endpoint;
  readonly path: IssuerPath;
  readonly request: IssuerRequest;
}

/** One request's own memory, whichever way it is judged. */
interface Thread {
  readonly trail: Trail;
  readonly admission: Admission;
}

/** Route → answer → record a refusal → render. */
export async function answer(asked: Asked): Promise<IssuerResponse> {
  const { options, limits, endpoint, path, request } = asked;
  const began = performance.now();
  let found: Call | undefined;
  let { correlationId } = request;
  const outcome = await caught(options, request.correlationId, async () => {
    const trail = new Trail(options.recorder ?? silent);
    const { call, answered } = await confirmedAnswer(asked, { trail, admission: admissionOf(limits, request) });
    found = call;
    if (call && isFailure(answered)) correlationId = await refused(call, endpoint, answered, trail);
    if (call && endpoint.issues && isToken(answered)) options.onIssued?.(call.issuer, performance.now() - began);
    if (call && endpoint.showsKeys && request.method === "GET") noteFetch(options, call);
    return answered;
  });
  if (isFailure(outcome)) options.recorder?.step({ step: "refused", failure: outcome });
  const response = isFailure(outcome)
    ? renderFailure(outcome, {
        correlationId,
        realm: found?.issuer.url,
        scheme: schemeOf(request),
        errorUri: options.errorUri?.(path, correlationId),
      })
    : outcome;
  return finished(endpoint, request, found ? withNonce(found, endpoint, response) : response);
}

/** Whoever sends a proof to the token endpoint learns the nonce of its next one there (RFC 9449 §8, §8.2). */
function withNonce(call: Call, endpoint: Endpoint, response: IssuerResponse): IssuerResponse {
  const { issuer, clock, nonceKey, request } = call;
  if (!endpoint.issues || headerValues(request, "dpop").length === 0) return response;
  const nonce = newNonce(nonceKey, issuer, clock.now());
  return { ...response, headers: { ...response.headers, "DPoP-Nonce": nonce } };
}

/** A 304 says as much as a set: the caller holds what is there now. */
function noteFetch({ onKeySetFetched }: TokenIssuerOptions, { issuer, request, clock }: Call): void {
  if (!onKeySetFetched) return;
  const at = clock.now();
  const [agent = ""] = headerValues(request, "user-agent");
  const setChangedAt = keySetChangedAt(issuer.keys, at);
  onKeySetFetched(issuer, { at, address: request.address, agent: cut(agent, 256), setChangedAt });
}

const isToken = (answered: IssuerResponse | Failure): boolean => !isFailure(answered) && answered.status === 200;

interface Answered {
  /** `undefined` where there is no such issuer. */
  readonly call: Call | undefined;
  readonly answered: IssuerResponse | Failure;
}

/**
 * Answers from what the store has at hand; a refusal that rests on that is judged again at what is certain, unless too
 * many from there were.
 */
async function confirmedAnswer(asked: Asked, thread: Thread): Promise<Answered> {
  const { call, answered } = await answerOnce(asked, thread, "cached");
  if (!isFailure(answered) || !restsOnStore(answered)) return { call, answered };
  const { options, limits, request } = asked;
  const now = (options.clock ?? systemClock).now();
  const counted = limits.failures.count(answered, call?.issuer, request.address, now);
  if (isFailure(counted)) return { call, answered: counted };
  const certain = await answerOnce(asked, thread, "confirmed");
  if (!isFailure(certain.answered) || guessOf(certain.answered, certain.call?.issuer) === undefined) counted.takeBack();
  return certain;
}

async function answerOnce(
  { options, endpoint, path, request, keySets }: Asked,
  { trail, admission }: Thread,
  freshness: Freshness,
): Promise<Answered> {
  const call = await route(options, path, { request, recorder: trail, admission, keySets }, freshness);
  if (isFailure(call)) return { call: undefined, answered: call };
  if (request.method === "OPTIONS") return { call, answered: preflight(endpoint) };
  const isAllowed = endpoint.methods.includes(request.method);
  return { call, answered: isAllowed ? await endpoint.answer(call) : methodNotAllowed(endpoint, request) };
}

/** A refusal that cannot be recorded is not handed out either; the caller sees 503. */
async function refused(call: Call, endpoint: Endpoint, failure: Failure, trail: Trail): Promise<string> {
  if (!endpoint.logged) return call.request.correlationId;
  return recordRefused(call, endpoint.name, failure, trail.who());
}

/** Turns what was thrown into a failure: nothing thrown ever reaches the wire. */
export async function caught<T>(
  options: TokenIssuerOptions,
  correlationId: string,
  run: () => Promise<T>,
): Promise<T | Failure> {
  try {
    return await run();
  } catch (error) {
    options.onUnexpectedError?.(error, correlationId);
    return { reason: error instanceof StoreUnavailable ? "store_unavailable" : "unexpected_error" };
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

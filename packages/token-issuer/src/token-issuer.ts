import { answer, caught } from "./answer.ts";
import type { Call } from "./call.ts";
import { type CheckedAccessToken, checkAccessToken } from "./check-access-token.ts";
import { checkPresentedToken } from "./check-presented-token.ts";
import { RemoteKeySets } from "./client-auth/remote-key-sets.ts";
import { type ForeignTokenTest, testForeignToken } from "./client-auth/test-foreign-token.ts";
import { systemClock } from "./clock.ts";
import type { Target } from "./confirmation.ts";
import { DocumentUnavailable, type FetchDocument } from "./document.ts";
import { processNonceKey } from "./dpop/nonce.ts";
import {
  type Endpoint,
  introspectionEndpoint,
  judgeTokenRequest,
  jwksEndpoint,
  metadataEndpoint,
  resourceMetadataEndpoint,
  revocationEndpoint,
  statusListEndpoint,
  tokenEndpoint,
  verifyEndpoint,
} from "./endpoints.ts";
import { type Explanation, explanation } from "./explain.ts";
import { type Failure, isFailure, restsOnStore } from "./failure.ts";
import { createLimits, unlimited } from "./limits/limits.ts";
import type { TokenIssuerOptions } from "./options.ts";
import type { PresentedToken } from "./presented-token.ts";
import { CollectingRecorder } from "./recorder.ts";
import { clientConfigurationEndpoint, registrationEndpoint } from "./registration/endpoints.ts";
import type { IssuerPath, IssuerRequest, IssuerResponse } from "./request.ts";
import { findIssuer, route } from "./route.ts";
import type { FederatedCredential, Freshness, Issuer } from "./store.ts";

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
  /** `GET {issuer}/oauth2/status/{list}` (Token Status List), with `list` in the path. */
  readonly statusList: IssuerEndpoint;
  /** Metadata of the API at `{issuer}/api`, where there is one (RFC 9728). */
  readonly resourceMetadata: IssuerEndpoint;
  /** Metadata, at every address where RFC 8414 or OpenID Connect Discovery look for it. */
  readonly metadata: IssuerEndpoint;
  /** `GET {issuer}/oauth2/verify?resource=…&scope=…` for reverse proxies (RFC 6750). */
  readonly verify: IssuerEndpoint;
  /** `POST {issuer}/oauth2/register` (RFC 7591 §3). */
  readonly register: IssuerEndpoint;
  /** `{issuer}/oauth2/register/{client_id}` (RFC 7592 §2), with `client` in the path. */
  readonly clientConfiguration: IssuerEndpoint;
  /** Runs the token path up to its decision: issues nothing, logs nothing, says why. */
  explain(path: IssuerPath, request: IssuerRequest): Promise<Explanation>;
  /**
   * What federated credentials of a client of that workspace would say to a token now: for whoever sets them up. Nothing
   * of the token is kept.
   */
  testForeignToken(
    workspace: Pick<Issuer, "tenantId" | "workspaceId">,
    credentials: readonly FederatedCredential[],
    token: string,
  ): Promise<ForeignTokenTest>;
  /**
   * Checks an access token for an API of one's own; `audience` is that API's resource identifier.
   * A store that cannot answer is the failure `store_unavailable`.
   *
   * @param token as `readPresentedToken` reads it from a request; a text is a bearer token
   * @param target the request that it came with: without it nobody can use a token that is bound to a key
   */
  check(
    path: IssuerPath,
    token: PresentedToken | string,
    audience: string,
    target?: Target,
  ): Promise<CheckedAccessToken | Failure>;
  /** Checks a token whose sender was checked before, with `check`, in the same request. */
  recheck(path: IssuerPath, token: string, audience: string): Promise<CheckedAccessToken | Failure>;
  /**
   * Says what a token is, whichever API it is for, to somebody who may know that: for administrators, never as a check of
   * a caller. A token that is no good is the failure that says why.
   */
  inspect(path: IssuerPath, token: string): Promise<CheckedAccessToken | Failure>;
}

/** Makes the endpoints of all issuers in a store. */
export function createTokenIssuer(options: TokenIssuerOptions): TokenIssuer {
  const limits = createLimits(options.freshReplicas ?? (() => 1));
  const keySets = new RemoteKeySets(options.fetchDocument ?? cannotFetch, options.clock ?? systemClock);
  const serve =
    (endpoint: Endpoint): IssuerEndpoint =>
    (path, request) =>
      answer({ options, limits, keySets, endpoint, path, request });
  return {
    token: serve(tokenEndpoint),
    introspect: serve(introspectionEndpoint),
    revoke: serve(revocationEndpoint),
    jwks: serve(jwksEndpoint),
    statusList: serve(statusListEndpoint),
    resourceMetadata: serve(resourceMetadataEndpoint),
    metadata: serve(metadataEndpoint),
    verify: serve(verifyEndpoint),
    register: serve(registrationEndpoint),
    clientConfiguration: serve(clientConfigurationEndpoint),
    testForeignToken: (workspace, credentials, token) =>
      testForeignToken({ clock: options.clock ?? systemClock, keySets, issuer: workspace }, credentials, token),
    explain: (path, request) => explain({ options, keySets }, path, request),
    check: (path, token, audience, target) => {
      const presented: PresentedToken = typeof token === "string" ? { scheme: "Bearer", token, proofs: [] } : token;
      return check(options, path, (call) => checkPresentedToken(call, presented, audience, target));
    },
    recheck: (path, token, audience) => check(options, path, (call) => checkAccessToken(call, token, audience)),
    inspect: (path, token) => check(options, path, (call) => checkAccessToken(call, token, undefined)),
  };
}

const cannotFetch: FetchDocument = (address) => Promise.reject(new DocumentUnavailable(address, "unreachable"));

interface Parts {
  readonly options: TokenIssuerOptions;
  readonly keySets: RemoteKeySets;
}

async function explain({ options, keySets }: Parts, path: IssuerPath, request: IssuerRequest): Promise<Explanation> {
  const recorder = new CollectingRecorder();
  const outcome = await caught(options, request.correlationId, async () => {
    const call = await route(options, path, { request, recorder, admission: unlimited, keySets }, "confirmed");
    return isFailure(call) ? call : judgeTokenRequest(call);
  });
  return explanation(recorder, outcome);
}

function check(
  options: TokenIssuerOptions,
  path: IssuerPath,
  checkAt: (call: CheckingCall) => Promise<CheckedAccessToken | Failure>,
): Promise<CheckedAccessToken | Failure> {
  const { store, clock = systemClock, nonceKey = processNonceKey } = options;
  return caught<CheckedAccessToken | Failure>(options, "", async () => {
    const at = async (freshness: Freshness) => {
      const issuer = await findIssuer(options, path, freshness);
      return isFailure(issuer) ? issuer : checkAt({ store, clock, nonceKey, issuer });
    };
    const checked = await at("cached");
    return isFailure(checked) && restsOnStore(checked) ? at("confirmed") : checked;
  });
}

type CheckingCall = Pick<Call, "store" | "clock" | "nonceKey" | "issuer">;

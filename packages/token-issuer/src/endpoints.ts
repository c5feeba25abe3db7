import { tokenAnswerText } from "./access-token.ts";
import type { Call } from "./call.ts";
import { type AuthenticatedClient, authenticateClient } from "./client-auth/authenticate-client.ts";
import { grantClientCredentials } from "./client-credentials.ts";
import { bindingOf } from "./confirmation.ts";
import { awaitCutOff } from "./cut-off.ts";
import { type Failure, isFailure } from "./failure.ts";
import { privateHeaders, privateJsonHeaders } from "./failure-response.ts";
import type { Form } from "./form.ts";
import { forwardAuth } from "./forward-auth.ts";
import type { Grant } from "./grant-policy.ts";
import { introspect } from "./introspection.ts";
import { issue } from "./issue.ts";
import { jwkSet } from "./jwk-set.ts";
import { metadata } from "./metadata.ts";
import { publicDocument } from "./public-document.ts";
import type { IssuerResponse } from "./request.ts";
import { resourceMetadata } from "./resource-metadata.ts";
import { revoke } from "./revocation.ts";
import { confirmed } from "./route.ts";
import { signedIntrospection, wantsSigned } from "./signed-introspection.ts";
import { statusList } from "./status-list.ts";
import { grantTokenExchange } from "./token-exchange.ts";
import { parseTokenRequest, readPost } from "./token-request.ts";

/** One endpoint of an issuer: how it may be called, and the sequence that answers. */
export interface Endpoint {
  readonly name: string;
  readonly methods: readonly string[];
  /** Whether pages of other origins may read the answer. */
  readonly public: boolean;
  /** Whether refusals go into the token log. */
  readonly logged: boolean;
  /** Whether what it answers with 200 is a token. */
  readonly issues?: true;
  /** Whether what it answers is the JWK Set. */
  readonly showsKeys?: true;
  answer(call: Call): Promise<IssuerResponse | Failure>;
}

/** RFC 6749 §3.2: parse → authenticate → count → decide → record → mint → render. */
export const tokenEndpoint: Endpoint = {
  name: "token",
  methods: ["POST"],
  public: false,
  logged: true,
  issues: true,
  async answer(call) {
    const grant = await judgeTokenRequest(call);
    if (isFailure(grant)) return grant;
    const answer = await issue(call, grant);
    return isFailure(answer) ? answer : { status: 200, headers: privateJsonHeaders, body: tokenAnswerText(answer) };
  },
};

/** The token path up to its decision; explain runs it with a recorder and stops here. */
export async function judgeTokenRequest(call: Call, mayWait = true): Promise<Grant | Failure> {
  const form = readPost(call.request);
  if (isFailure(form)) return form;
  const request = parseTokenRequest(form);
  if (isFailure(request)) return request;
  call.recorder.step({ step: "request_read", grantType: request.grantType });
  const client = await authenticateClient(call, form);
  if (isFailure(client)) return client;
  const binding = bindingOf(call, client);
  if (isFailure(binding)) return binding;
  const limited = call.admission.admit(call.issuer, client.client, call.clock.now());
  if (limited) return limited;
  const waited = await awaitCutOff(call, client.client, mayWait);
  if (isFailure(waited)) return waited;
  if (waited) return judgeAnew(call);
  return request.grantType === "client_credentials"
    ? grantClientCredentials(call, request, client, binding)
    : grantTokenExchange(call, request, client, binding);
}

/** The whole path again, at the issuer as it is now. */
async function judgeAnew(call: Call): Promise<Grant | Failure> {
  const anew = await confirmed(call);
  return isFailure(anew) ? anew : judgeTokenRequest(anew, false);
}

/** Authenticates a client where no token row takes the id of what it may present only once. */
async function authenticateOnce(call: Call, form: Form): Promise<AuthenticatedClient | Failure> {
  const caller = await authenticateClient(call, form);
  if (isFailure(caller)) return caller;
  const { replay } = caller;
  if (replay === undefined || (await call.admission.once(() => call.store.takeReplayId(call.issuer, replay))))
    return caller;
  return { reason: "assertion_replayed", clientId: caller.client.clientId, method: caller.method };
}

/** RFC 7662 §2, RFC 9701 §4: parse → authenticate → look → render. */
export const introspectionEndpoint: Endpoint = {
  name: "introspection",
  methods: ["POST"],
  public: false,
  logged: true,
  async answer(call) {
    const form = readPost(call.request);
    if (isFailure(form)) return form;
    const caller = await authenticateOnce(call, form);
    if (isFailure(caller)) return caller;
    const introspected = await introspect(call, form, caller);
    if (isFailure(introspected)) return introspected;
    const { answer } = introspected;
    return wantsSigned(call.request) ? signedIntrospection(call, caller, answer) : json(answer);
  },
};

/** RFC 7009 §2: parse → authenticate → revoke → render. */
export const revocationEndpoint: Endpoint = {
  name: "revocation",
  methods: ["POST"],
  public: false,
  logged: true,
  async answer(call) {
    const form = readPost(call.request);
    if (isFailure(form)) return form;
    const caller = await authenticateOnce(call, form);
    if (isFailure(caller)) return caller;
    const done = await revoke(call, form, caller);
    // No body and no JSON type: a popular client library parses whatever claims to be JSON and throws.
    return isFailure(done) ? done : { status: 200, headers: privateHeaders };
  },
};

/** RFC 7517 §5. Readable while the issuer is suspended: verifiers must not mistake that for a lost key. */
export const jwksEndpoint: Endpoint = {
  name: "jwks",
  methods: ["GET", "HEAD"],
  public: true,
  logged: false,
  showsKeys: true,
  async answer({ request, issuer, clock }) {
    return publicDocument(request, jwkSet(issuer, clock.now()), issuer.jwksMaxAge);
  },
};

/** RFC 8414 §3. */
export const metadataEndpoint: Endpoint = {
  name: "metadata",
  methods: ["GET", "HEAD"],
  public: true,
  logged: false,
  async answer({ request, issuer, mtlsOrigin }) {
    return publicDocument(request, metadata(issuer, mtlsOrigin), issuer.jwksMaxAge);
  },
};

/** RFC 9728 §3, for the API at `{issuer}/api`. */
export const resourceMetadataEndpoint: Endpoint = {
  name: "resource_metadata",
  methods: ["GET", "HEAD"],
  public: true,
  logged: false,
  async answer({ request, issuer }) {
    const body = resourceMetadata(issuer);
    return body === undefined ? { reason: "unknown_path" } : publicDocument(request, body, issuer.jwksMaxAge);
  },
};

/** Token Status List §8. */
export const statusListEndpoint: Endpoint = {
  name: "status_list",
  methods: ["GET", "HEAD"],
  public: true,
  logged: false,
  answer: statusList,
};

/** Forward-auth for reverse proxies. */
export const verifyEndpoint: Endpoint = {
  name: "verify",
  methods: ["GET", "HEAD"],
  public: false,
  logged: false,
  answer: forwardAuth,
};

const json = (body: object): IssuerResponse => ({
  status: 200,
  headers: privateJsonHeaders,
  body: JSON.stringify(body),
});

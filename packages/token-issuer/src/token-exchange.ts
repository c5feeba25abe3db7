import type { Call } from "./call.ts";
import { audiencesOf, checkAccessToken } from "./check-access-token.ts";
import { checkApiToken } from "./check-api-token.ts";
import type { AccessTokenClaims, Actor } from "./claims.ts";
import type { AuthenticatedClient } from "./client-auth/authenticate-client.ts";
import { FOREIGN_TYPES, hasType, readEnd } from "./client-auth/client-assertion.ts";
import { foreignTokenFailure, judgeForeignToken } from "./client-auth/foreign-token.ts";
import { readCompactJws } from "./compact-jws.ts";
import type { Binding } from "./confirmation.ts";
import { type Failure, failureEvidence, isFailure } from "./failure.ts";
import { decide, type Grant, type Subject } from "./grant-policy.ts";
import { couldBeApiToken } from "./static-token.ts";
import type { Client, Issuer } from "./store.ts";
import type { TokenExchangeRequest } from "./token-request.ts";

/**
 * Token exchange (RFC 8693 §2): an authenticated client shows another token, and gets one that is no wider than that token
 * and no wider than itself, and ends no later.
 */
export async function grantTokenExchange(
  call: Call,
  request: TokenExchangeRequest,
  client: AuthenticatedClient,
  binding: Binding,
): Promise<Grant | Failure> {
  if (!mayExchange(call.issuer, client.client))
    return { reason: "grant_type_not_allowed", grantType: request.grantType };
  const subject = await (request.subject.isOurs
    ? subjectOfOurs(call, request.subject.token, client.client, binding)
    : foreignSubject(call, request.subject.token, client.client));
  if (isFailure(subject)) return refused(subject);
  call.recorder.step({ step: "subject_accepted", subject: subject.id });
  const resources = request.resources.length > 0 ? request.resources : (subject.audiences ?? []);
  return decide(
    { ...request, resources },
    client,
    { issuer: call.issuer, binding, subject },
    call.clock.now(),
    call.recorder,
  );
}

/** Somebody has to allow it, for the workspace or for the client, and nobody may refuse it. */
export function mayExchange(issuer: Pick<Issuer, "tokenExchange">, client?: Pick<Client, "tokenExchange">): boolean {
  const said = [issuer.tokenExchange, client?.tokenExchange];
  return said.includes("allowed") && !said.includes("refused");
}

/** What is exchanged, and which APIs it is for where the request names none. */
interface ExchangedSubject extends Subject {
  readonly audiences?: readonly string[];
}

const subjectOfOurs = (call: Call, token: string, client: Client, binding: Binding) =>
  couldBeApiToken(token) ? staticSubject(call, token, client) : ownSubject(call, token, client, binding);

/** A token of this issuer: good for the APIs and scopes that it names, in the name of whom it names. A bound one stays bound. */
async function ownSubject(
  call: Call,
  token: string,
  client: Client,
  { cnf }: Binding,
): Promise<ExchangedSubject | Failure> {
  const checked = await checkAccessToken(call, token, undefined);
  if (isFailure(checked)) return checked;
  const { claims, scope } = checked;
  if (claims.cnf && !cnf) return { reason: "token_bound", jti: claims.jti };
  return {
    id: claims.sub,
    actor: actorOf(claims, client),
    endsAt: claims.exp,
    audiences: audiencesOf(claims),
    bounds: new Map(audiencesOf(claims).map((audience) => [audience, scope])),
  };
}

/** An API token: good for what its client holds now, as far as it was not narrowed, in that client's name. */
async function staticSubject(call: Call, value: string, client: Client): Promise<ExchangedSubject | Failure> {
  const checked = await checkApiToken(call, value);
  if (isFailure(checked)) return checked;
  const { token, held, client: owner } = checked;
  call.store.noteApiTokenUse(call.issuer, token, call.request, call.clock.now());
  return {
    id: owner.clientId,
    actor: owner.clientId === client.clientId ? undefined : { sub: client.clientId },
    endsAt: token.expiresAt ? token.expiresAt.getTime() / 1000 : Number.POSITIVE_INFINITY,
    // Several APIs need not have equal scopes: then one has to be named.
    audiences: held.size === 1 ? [...held.keys()] : [],
    bounds: held,
  };
}

/** Whoever acts now, around those who acted before (§4.1). A client that narrows its own token acts for nobody. */
function actorOf({ sub, act }: AccessTokenClaims, { clientId }: Client): Actor | undefined {
  if (clientId === sub) return act;
  return { sub: clientId, ...(act && { act }) };
}

/** A token of another issuer that one of the client's federated credentials trusts: the workload acts for the client. */
async function foreignSubject(call: Call, text: string, client: Client): Promise<ExchangedSubject | Failure> {
  const token = readCompactJws(text);
  if (typeof token === "string") return { reason: "malformed_token", problem: token };
  if (!hasType(token, FOREIGN_TYPES)) return { reason: "malformed_token", problem: "type" };
  const endsAt = readEnd(token.payload, call.clock.now());
  if (isFailure(endsAt)) return endsAt;
  const judged = await judgeForeignToken(call, client.federated ?? [], token);
  if (judged.state !== "trusted")
    return { clientId: client.clientId, method: "federated_jwt", ...foreignTokenFailure(judged, token) };
  const sub = token.payload["sub"];
  return {
    id: client.clientId,
    actor: { iss: judged.credential.issuer, ...(typeof sub === "string" && { sub }) },
    endsAt,
    bounds: undefined,
  };
}

/** §2.2.2: whatever is wrong with the token that was shown is `invalid_request`; the log says what. */
function refused(failure: Failure): Failure {
  const evidence = Object.entries(failureEvidence(failure)).map(([name, value]) => `${name}=${value}`);
  return { reason: "subject_token_refused", why: failure.reason, evidence };
}

import {
  type Actor,
  anonymous,
  clientPrincipal,
  hasIssuerAddress,
  type Installation,
  issuerAddress,
  lacksRequiredSso,
  memberPrincipal,
  noteSeen,
  type Principal,
  readIssuerAddress,
  type SignedIn,
  type StaticTokenDoor,
  stoppedTenantOf,
} from "@mintmark/domain";
import {
  audiencesOf,
  type Failure,
  type IssuerPath,
  isFailure,
  notBearer,
  readPresentedToken,
  resourceMetadataUrl,
  type TokenIssuer,
  unverifiedIssuer,
} from "@mintmark/token-issuer";

import type { RequestContext } from "./request-context.ts";
import { crossSiteProblem } from "./sign-in/same-site.ts";
import type { SignIn } from "./sign-in.ts";

/** What finding out who asks stands on. */
export interface Gate {
  readonly installation: Installation;
  readonly issuer: TokenIssuer;
  readonly signIn: SignIn;
  readonly staticTokens: StaticTokenDoor;
}

/** What a request asks: its method, and its path on this server. */
interface Target {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
}

/** Why a request is nobody's, beside what the issuer says about tokens. */
export interface Turned {
  readonly status: 400 | 401 | 403;
  readonly code:
    | "BAD_REQUEST"
    | "UNAUTHENTICATED"
    | "CROSS_SITE"
    | "NOT_A_MEMBER"
    | "TENANT_SUSPENDED"
    | "SSO_REQUIRED";
  readonly message: string;
}

const turn = (status: Turned["status"], code: Turned["code"], message: string): Turned => ({ status, code, message });
export const isTurned = (answer: Principal | Failure | Turned): answer is Turned => "status" in answer;

/**
 * Who a request comes from: a person by their session, in the one tenant that the request names, or a client by its
 * token. Both at once is neither: somebody else may have put one of them there.
 *
 * @param tenant what the request's query names
 * @param target what was asked, as a proof of possession names it
 */
export async function callerOf(
  gate: Gate,
  context: RequestContext,
  tenant: string | undefined,
  target: Target = { method: "POST", path: "/graphql" },
): Promise<Principal | Failure | Turned> {
  const hasToken = context.headers.some(([name]) => /^(?:authorization|x-api-key)$/i.test(name));
  if (!gate.signIn.hasSession(context)) {
    if (hasToken && tenant !== undefined)
      return turn(400, "BAD_REQUEST", "A token names its tenant itself: leave the tenant out of the address.");
    return principalOf(gate, context, target);
  }
  if (hasToken) return turn(400, "BAD_REQUEST", "Send a token or a session, not both.");
  const problem = crossSiteProblem(context, target.method, gate.installation.origin);
  if (problem) return turn(403, "CROSS_SITE", problem);
  const person = await gate.signIn.person(context);
  if (!person) return turn(401, "UNAUTHENTICATED", "The session has ended. Sign in again.");
  if (tenant === undefined) return turn(400, "BAD_REQUEST", "Name one tenant in the address: /graphql?tenant=slug.");
  const member = await memberPrincipal(gate.installation, person, tenant);
  if (member) await noteSeen(gate.installation, member);
  if (member) return member;
  // Only its own people are told.
  if (await lacksRequiredSso(gate.installation, person, tenant))
    return turn(
      403,
      "SSO_REQUIRED",
      "This tenant lets its members in by single sign-on alone: sign out, and in with it.",
    );
  const stopped = await stoppedTenantOf(gate.installation, person, tenant);
  return stopped
    ? turn(403, "TENANT_SUSPENDED", `The tenant ${stopped.slug} is suspended: ask whoever operates this installation.`)
    : turn(403, "NOT_A_MEMBER", "There is no such tenant that you belong to.");
}

/**
 * Who a long request comes from by now, after `callerOf` has let it in; why it must end, where it must. To ask is no use
 * of a session.
 *
 * @throws Error where nothing can be said: the database is away
 */
export async function stillCallerOf(
  gate: Gate,
  context: RequestContext,
  tenant: string | undefined,
): Promise<SignedIn | Ending> {
  if (gate.signIn.hasSession(context)) {
    const standing = await gate.signIn.standing(context);
    if (!standing || tenant === undefined) return "signed-out";
    return (await memberPrincipal(gate.installation, standing.person, tenant)) ?? "no-member";
  }
  const principal = await principalOf(gate, context, "again");
  if (!isFailure(principal)) return principal.kind === "anonymous" ? "signed-out" : principal;
  if (principal.reason === "store_unavailable") throw new Error("the caller cannot be judged now");
  return "signed-out";
}

/** Whoever asks, about this request. */
export function actorOf(
  { installation }: Pick<Gate, "installation">,
  context: RequestContext,
  principal: Principal,
): Actor {
  const { correlationId, address, headers } = context;
  const [, agent] = headers.find(([name]) => name.toLowerCase() === "user-agent") ?? [];
  return { installation, principal, correlationId, address, agent: agent?.slice(0, 256) };
}

/** Why a caller is none any more. */
export type Ending = "signed-out" | "no-member";

/**
 * Who a request comes from: a client with an access token of its tenant's own admin or system workspace, for that
 * workspace's own API, or with a static one of such a workspace; anonymous without a credential. A credential that is no good is a failure, never "nobody".
 *
 * @param proved `again`: the sender of the token has proved what it is bound to, and a proof proves only once
 */
async function principalOf(
  { installation, issuer, staticTokens }: Gate,
  context: Pick<RequestContext, "headers" | "certificate" | "address">,
  proved: Target | "again",
): Promise<Principal | Failure> {
  const presented = readPresentedToken(context);
  if (isFailure(presented)) return presented.reason === "no_credential" ? anonymous : presented;
  if (presented.scheme === "Token") {
    const [, agent] = context.headers.find(([name]) => name.toLowerCase() === "user-agent") ?? [];
    return staticTokens.principal(presented.token, { address: context.address, agent: agent?.slice(0, 256) });
  }
  const claimed = unverifiedIssuer(presented.token);
  const path = claimed === undefined ? undefined : specialWorkspace(installation, claimed);
  if (!path && presented.isAlias) return notBearer;
  if (claimed === undefined) return { reason: "malformed_token", problem: "claims" };
  if (!path) return { reason: "wrong_issuer" };
  const expected = `${claimed}/api`;
  const checked =
    proved === "again"
      ? await issuer.recheck(path, presented.token, expected)
      : await issuer.check(path, presented, expected, {
          method: proved.method,
          url: installation.origin + proved.path,
        });
  if (isFailure(checked)) return checked;
  // A token for several APIs is in the hands of each of them, and none of them may administer.
  const audience = audiencesOf(checked.claims);
  if (audience.length > 1) return { reason: "wrong_audience", audience, expected };
  // Powers here are judged by who acts, and a token must not do what its subject has lost meanwhile.
  const { sub, client_id: actor } = checked.claims;
  if (sub !== actor) return { reason: "delegated_token", subject: sub };
  const { tenantId, workspaceId } = checked.issuer;
  const principal = await clientPrincipal(installation, {
    tenantId,
    workspaceId,
    clientId: checked.client.id,
    tokenScopes: checked.scope,
  });
  return principal ?? { reason: "token_client_unknown", clientId: checked.claims.client_id };
}

/** The path of an issuer that may open the product's own APIs: their slugs can belong to no other workspace. */
function specialWorkspace(installation: Pick<Installation, "issuerOrigin">, issuer: string): IssuerPath | undefined {
  const path = readIssuerAddress(installation, issuer);
  return path && /^(?:admin|system)$/.test(path.workspace) ? path : undefined;
}

/** What the address may name; anything else could say something in our name. */
const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * Where the API that a refused request meant says how to get in (RFC 9728 §5.1): the one that its token is from, else the
 * Admin API of the tenant that the address names. One address serves all tenants, so without either nobody can tell.
 */
export function metadataOf(
  installation: Pick<Installation, "issuerOrigin">,
  context: Pick<RequestContext, "headers">,
  tenant: string | undefined,
): string | undefined {
  const presented = readPresentedToken(context);
  const claimed = isFailure(presented) ? undefined : unverifiedIssuer(presented.token);
  if (claimed !== undefined && specialWorkspace(installation, claimed)) return resourceMetadataUrl(claimed);
  if (tenant === undefined || !SLUG.test(tenant) || !hasIssuerAddress(installation, tenant)) return undefined;
  return resourceMetadataUrl(issuerAddress(installation, tenant, "admin"));
}

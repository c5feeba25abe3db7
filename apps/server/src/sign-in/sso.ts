import {
  beginAttempt,
  endSessions,
  enterBySso,
  findOpenProvider,
  noteStepUp,
  type OpenedProvider,
  offeredProviders,
  providerOfSession,
  recordSsoRefusal,
  type TakenAttempt,
  takeAttempt,
  userOfSubject,
} from "@mintmark/domain";
import type { IdToken } from "@mintmark/token-issuer";
import { ssoBrowser } from "./calls.ts";
import {
  countAddress,
  type Exchange,
  must,
  onlyMembers,
  personContext,
  type RouteAnswer,
  type SignedInExchange,
  SignInRefusal,
  text,
} from "./exchange.ts";
import { SSO_COOKIE } from "./library.ts";
import { record } from "./proofs.ts";
import { type SsoProblem, ssoWords } from "./sso-words.ts";

/** Of the console's own requests alone: the page that people come back to asks by itself, on this origin. */
const ATTRIBUTES = "Path=/; HttpOnly; Secure; SameSite=Strict";
const ATTEMPT_S = 600;
const kept = (browser: string) => `${SSO_COOKIE}=${browser}; Max-Age=${ATTEMPT_S}; ${ATTRIBUTES}`;
const forgotten = `${SSO_COOKIE}=; Max-Age=0; ${ATTRIBUTES}`;

/** How far a provider's clock may be behind, in milliseconds. */
const SKEW_MS = 60_000;

/** `POST /sso`: what a tenant's people may sign in with. */
export async function offered(exchange: Exchange): Promise<RouteAnswer> {
  onlyMembers(exchange, "tenant");
  countAddress(exchange, "sso");
  return { body: { providers: await offeredProviders(exchange.installation, text(exchange, "tenant", 63)) } };
}

const noProvider = () =>
  new SignInRefusal(404, {
    code: "NOT_FOUND",
    message: "There is no such single sign-on, or it was turned off.",
    fix: "Begin again at the sign-in page of your tenant.",
  });

/** Ends a sign-in, and says why to the person and to the tenant's audit log. */
async function refuseSso(exchange: Exchange, provider: OpenedProvider, problem: SsoProblem): Promise<never> {
  await recordSsoRefusal(exchange.installation, provider, problem, personContext(exchange.context));
  const { status, ...words } = ssoWords(problem, provider.name);
  const code = status === 502 ? "SSO_UNAVAILABLE" : "SSO_REFUSED";
  throw new SignInRefusal(status, { code, ...words }, { "Set-Cookie": forgotten });
}

async function begin(exchange: Exchange, provider: OpenedProvider, sessionId?: string): Promise<RouteAnswer> {
  // First: nothing is kept of sign-ins that cannot begin.
  const problem = await exchange.openId.problemOf(provider);
  if (problem) return refuseSso(exchange, provider, problem);
  const secrets = await beginAttempt(exchange.installation, provider, sessionId);
  const address = await exchange.openId.authorizationAddress(provider, secrets, sessionId !== undefined);
  if (!address.startsWith("https://")) return refuseSso(exchange, provider, address as SsoProblem);
  return { body: { address }, cookies: [kept(secrets.browser)] };
}

/** `POST /sso/begin`: where the browser goes to sign in, and the half of the secret that stays in it. */
export async function beginSso(exchange: Exchange): Promise<RouteAnswer> {
  onlyMembers(exchange, "provider");
  countAddress(exchange, "sso");
  const provider = await findOpenProvider(exchange.installation, text(exchange, "provider", 64));
  if (!provider) throw noProvider();
  return begin(exchange, provider);
}

/** `POST /sso/step-up`: the same for somebody who is signed in so, and must prove once more who they are. */
export async function beginSsoStepUp(exchange: SignedInExchange): Promise<RouteAnswer> {
  onlyMembers(exchange);
  countAddress(exchange, "sso");
  const theirs = await providerOfSession(exchange.installation, exchange.session);
  const provider = theirs && (await findOpenProvider(exchange.installation, theirs.id));
  if (!provider) throw noProvider();
  return begin(exchange, provider, exchange.session.id);
}

/** What a provider sends people back with (RFC 6749 §4.1.2). */
function answerOf(exchange: Exchange) {
  const { body } = exchange;
  const optional = (member: string, longest: number) =>
    body[member] === undefined ? undefined : text(exchange, member, longest);
  return {
    state: optional("state", 200) ?? "",
    code: optional("code", 4096),
    issuer: optional("iss", 2048),
    invitation: optional("invitation", 100),
  };
}

/**
 * `POST /sso/finish`: what the provider sent the browser back with. Whatever comes of it, its state was used, so that no
 * second answer is looked at; somebody else's answer finds no half of the secret in this browser.
 */
export async function finishSso(exchange: Exchange): Promise<RouteAnswer> {
  onlyMembers(exchange, "provider", "state", "code", "iss", "error", "invitation");
  countAddress(exchange, "sso");
  const { installation, openId, context } = exchange;
  const provider = await findOpenProvider(installation, text(exchange, "provider", 64));
  if (!provider) throw noProvider();
  const { state, code, issuer, invitation } = answerOf(exchange);
  const browser = ssoBrowser(context);
  const attempt = browser === undefined ? undefined : await takeAttempt(installation, provider, { state, browser });
  if (!attempt) {
    await recordSsoRefusal(installation, provider, "no_attempt", personContext(context));
    throw new SignInRefusal(400, {
      code: "SSO_REFUSED",
      message: "This sign-in was not begun in this browser, was finished already, or took too long.",
      fix: "Begin again at the sign-in page.",
    });
  }
  if (code === undefined) return refuseSso(exchange, provider, "denied");
  const person = await openId.person(provider, attempt.secrets, { code, issuer });
  if (typeof person === "string") return refuseSso(exchange, provider, person);
  return attempt.sessionId === null
    ? enter(exchange, provider, person, invitation)
    : proveAgain(exchange, provider, person, attempt);
}

async function enter(
  exchange: Exchange,
  provider: OpenedProvider,
  person: IdToken,
  invitation: string | undefined,
): Promise<RouteAnswer> {
  const { installation, context, session } = exchange;
  const entered = await enterBySso(installation, provider, person, { invitation, context: personContext(context) });
  if (typeof entered === "string") return refuseSso(exchange, provider, entered);
  const { userId, tenant } = entered;
  const now = installation.now();
  // Without a word of when, nobody knows how old the proof is: then it opens no dangerous act.
  const authenticatedAt = new Date(Math.min(person.authTime?.getTime() ?? 0, now.getTime()));
  const begun = { userId, tenantId: provider.tenantId, authenticatedAt };
  const refused = ssoWords("provider_off", provider.name);
  const { cookies } = await must(exchange, "signInSso", begun, {
    status: refused.status,
    problem: { code: "SSO_REFUSED", message: refused.message, fix: refused.fix },
  });
  // Whoever signs in again, in the same browser, leaves no session behind.
  if (session) await endSessions(installation, session.userId, { id: session.id });
  await record(exchange, userId, { type: "member.signed-in", method: "sso" });
  return { body: { done: true, tenant }, cookies: [...cookies, forgotten] };
}

/** The same person, at this very moment (`auth_time`), or nothing: their provider may have asked them last week. */
async function proveAgain(
  exchange: Exchange,
  provider: OpenedProvider,
  person: IdToken,
  { sessionId, beganAt }: TakenAttempt,
): Promise<RouteAnswer> {
  const { installation, session } = exchange;
  if (!session || session.id !== sessionId) return refuseSso(exchange, provider, "no_session");
  if ((await userOfSubject(installation, provider, person.subject)) !== session.userId)
    return refuseSso(exchange, provider, "another_person");
  if (!person.authTime || person.authTime.getTime() < beganAt.getTime() - SKEW_MS)
    return refuseSso(exchange, provider, "no_fresh_proof");
  const authenticatedAt = await noteStepUp(installation, session.id);
  await record(exchange, session.userId, { type: "member.stepped-up", method: "sso" });
  return { body: { done: true, steppedUp: true, authenticatedAt }, cookies: [forgotten] };
}

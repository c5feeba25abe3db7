import { acceptInvitation, endSessions, type JoinedMember, readInvitation, setUp, setUpState } from "@mintmark/domain";
import { countAddress, type Exchange, personContext, type RouteAnswer, SignInRefusal, text } from "./exchange.ts";
import { hashPassword } from "./library.ts";
import { record } from "./proofs.ts";

/** `GET /set-up`: whether the server waits for its owner, where it and its issuers are, and whether it sends mail. */
export async function setUpPage({ installation, sendMail }: Exchange): Promise<RouteAnswer> {
  const { origin, issuerOrigin } = installation;
  return { body: { ...(await setUpState(installation)), origin, issuerOrigin, sendsMail: sendMail !== undefined } };
}

/** `POST /set-up`: the first person owns the server, and is signed in. */
export async function completeSetUp(exchange: Exchange): Promise<RouteAnswer> {
  countAddress(exchange);
  const { installation, body, context } = exchange;
  return entered(exchange, await setUp(installation, body, hashPassword, personContext(context)));
}

/** `POST /invitation`: what a link is for. */
export async function invitation(exchange: Exchange): Promise<RouteAnswer> {
  countAddress(exchange);
  return { body: await readInvitation(exchange.installation, exchange.body) };
}

/** `POST /invitation/accept`: uses a link, and signs in whoever it made or gave their account back. */
export async function accept(exchange: Exchange): Promise<RouteAnswer> {
  countAddress(exchange);
  const { installation, body, context, session } = exchange;
  if (session && session.onlyTenantId !== null)
    throw new SignInRefusal(403, {
      code: "SSO_SESSION",
      message: "You are signed in by single sign-on, which opens one tenant and no other.",
      fix: "Sign out, then open the link again.",
    });
  const by = { userId: session?.userId, hash: hashPassword, context: personContext(context) };
  const joined = await acceptInvitation(installation, body, by);
  // A reset ends every session of the person, this one too.
  if (session?.userId === joined.userId && joined.kind === "join")
    return { status: 201, body: { done: true, tenant: joined.tenant } };
  // Whoever uses somebody else's link, in the same browser, leaves no session behind.
  if (session) await endSessions(installation, session.userId, { id: session.id });
  return entered(exchange, joined);
}

async function entered(exchange: Exchange, joined: JoinedMember): Promise<RouteAnswer> {
  const credentials = { email: joined.email, password: text(exchange, "password") };
  const { cookies } = await exchange.library.call("signInEmail", exchange.context, credentials);
  await record(exchange, joined.userId, { type: "member.signed-in", method: "password" });
  return { status: 201, body: { done: true, tenant: joined.tenant }, cookies };
}

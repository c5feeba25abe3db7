import {
  email as emailAddress,
  endSessions,
  keepPasskeySession,
  userOfEmail,
  userOfPendingSignIn,
  watchPassword,
} from "@mintmark/domain";
import { begunSession, type LibraryAnswer, type LibraryCall, pendingSignIn } from "./calls.ts";
import { isCredential } from "./credential.ts";
import {
  countAddress,
  type Exchange,
  guess,
  must,
  onlyMembers,
  type RouteAnswer,
  SignInRefusal,
  text,
} from "./exchange.ts";
import { record, useCodeOnce, wrongCode } from "./proofs.ts";

const wrongCredentials = {
  code: "WRONG_CREDENTIALS",
  message: "Wrong e-mail address or password.",
  fix: "Try again. Without your password, ask an owner of your tenant, or whoever runs the server: `mintmark owner reset` there makes a link.",
} as const;

/** `POST /sign-in`: e-mail and password. With a second factor the session begins after it. */
export async function signIn(exchange: Exchange): Promise<RouteAnswer> {
  onlyMembers(exchange, "email", "password");
  const typed = text(exchange, "email", 254);
  const password = text(exchange, "password");
  countAddress(exchange);
  return byPassword(exchange, emailAddress.safeParse(typed).data ?? typed.trim().toLowerCase(), password);
}

/** Signs in with a password, as far as the second factor where there is one. @throws SignInRefusal 401, 429 */
export async function byPassword(exchange: Exchange, email: string, password: string): Promise<RouteAnswer> {
  const answer = await guess(exchange.tries.password, email, async () => {
    const isStill = await watchPassword(exchange.installation, { email });
    const tried = await exchange.library.call("signInEmail", exchange.context, { email, password });
    if (tried.status < 300 && (await isStill(sessionToken(tried)))) return tried;
    auditRefusal(exchange, email);
    throw new SignInRefusal(401, wrongCredentials);
  });
  if (answer.body["twoFactorRedirect"] === true)
    return { body: { done: false, secondFactors: ["totp", "backup-code"] }, cookies: answer.cookies };
  return entered(exchange, answer, "password");
}

const sessionToken = ({ body: { token } }: LibraryAnswer) => (typeof token === "string" ? token : undefined);

/** Beside the answer: a known address must not take longer than an unknown one. */
const auditRefusal = (exchange: Exchange, email: string): void =>
  exchange.later(async () => {
    const userId = await userOfEmail(exchange.installation, email);
    if (userId) await record(exchange, userId, { type: "member.sign-in-refused", method: "password" });
  });

type Method = "password" | "totp" | "backup-code" | "passkey";

const userIn = ({ body }: LibraryAnswer): string => String((body["user"] as { id?: unknown } | undefined)?.id ?? "");

async function entered(exchange: Exchange, answer: LibraryAnswer, method: Method): Promise<RouteAnswer> {
  const userId = userIn(answer);
  // Whoever signs in again, in the same browser, leaves no session behind.
  if (exchange.session) await endSessions(exchange.installation, exchange.session.userId, { id: exchange.session.id });
  await record(exchange, userId, { type: "member.signed-in", method });
  return { body: { done: true }, cookies: answer.cookies };
}

const passwordFirst = {
  code: "UNAUTHENTICATED",
  message: "No sign-in waits for a second factor.",
  fix: "Begin with e-mail address and password.",
} as const;

/** `POST /sign-in/totp` and `/sign-in/backup-code`: the second factor, after the password. */
export const secondFactor =
  (call: LibraryCall, method: "totp" | "backup-code") =>
  async (exchange: Exchange): Promise<RouteAnswer> => {
    onlyMembers(exchange, "code");
    const code = text(exchange, "code", 100).trim();
    const { installation, tries, context } = exchange;
    const userId = await userOfPendingSignIn(installation, pendingSignIn(context));

    // With a session the library would take the code as its confirmation, and end nothing.
    if (userId === undefined || exchange.session) throw new SignInRefusal(401, passwordFirst);
    countAddress(exchange);
    const isStill = await watchPassword(installation, { userId });
    // A reset before this look has ended what waited.
    if ((await userOfPendingSignIn(installation, pendingSignIn(context))) === undefined)
      throw new SignInRefusal(401, passwordFirst);
    try {
      const answer = await guess(tries.code, userId, async () => {
        await useCodeOnce(exchange, userId, code);
        const answer = await must(exchange, call, { code }, { status: 400, problem: { ...wrongCode, path: ["code"] } });
        if (await isStill(sessionToken(answer))) return answer;
        throw new SignInRefusal(401, passwordFirst);
      });
      return await entered(exchange, answer, method);
    } catch (error) {
      if (error instanceof SignInRefusal && error.status !== 429)
        await record(exchange, userId, { type: "member.sign-in-refused", method });
      throw error;
    }
  };

/** `POST /passkey/challenge`: what the browser shows to a passkey. */
export async function passkeyChallenge(exchange: Exchange): Promise<RouteAnswer> {
  onlyMembers(exchange);
  countAddress(exchange, "passkey");
  const { body, cookies } = await exchange.library.call("generatePasskeyAuthenticationOptions", exchange.context);
  return { body: { ...body, userVerification: "required" }, cookies };
}

const wrongPasskey = {
  code: "WRONG_CODE",
  message: "This passkey does not open an account here.",
  fix: "Use another passkey, or your password.",
} as const;

/** `POST /passkey/sign-in`: a passkey is both factors, and a fresh proof for whoever is signed in already. */
export async function passkeySignIn(exchange: Exchange): Promise<RouteAnswer> {
  onlyMembers(exchange, "response");
  countAddress(exchange, "passkey");
  const { response } = exchange.body;
  const refused = { status: 401, problem: wrongPasskey };
  if (!isCredential("assertion", response)) throw new SignInRefusal(refused.status, refused.problem);
  const answer = await must(exchange, "verifyPasskeyAuthentication", { response }, refused);
  const begun = { credentialId: response.id, userId: userIn(answer), token: begunSession(answer) ?? "" };
  if (!(await keepPasskeySession(exchange.installation, begun)))
    throw new SignInRefusal(refused.status, refused.problem);
  return entered(exchange, answer, "passkey");
}

/** `POST /sign-out`: the session ends at once, on every server. */
export async function signOut(exchange: Exchange): Promise<RouteAnswer> {
  onlyMembers(exchange);
  const { cookies } = await exchange.library.call("signOut", exchange.context);
  const { session } = exchange;
  if (session) await record(exchange, session.userId, { type: "member.signed-out" });
  return { status: 204, cookies };
}

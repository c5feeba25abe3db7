import type { IncomingMessage } from "node:http";
import { isDatabaseUnavailable } from "@mintmark/db";
import { type Installation, livingSessions, Refusal, type SignedInPerson, useSession } from "@mintmark/domain";
import type { AskDocument } from "./egress/fetch-document.ts";
import type { SendMail } from "./mail/transport.ts";
import { readBody } from "./request-body.ts";
import type { RequestContext } from "./request-context.ts";
import * as account from "./sign-in/account.ts";
import { hasSessionCookie, openLibrary, type StoredSession } from "./sign-in/calls.ts";
import * as enter from "./sign-in/enter.ts";
import {
  type Exchange,
  type RouteAnswer,
  render,
  renderProblems,
  renderRefusal,
  type SignedInExchange,
  type SignInParts,
  SignInRefusal,
} from "./sign-in/exchange.ts";
import * as forgotten from "./sign-in/forgotten-password.ts";
import * as joining from "./sign-in/joining.ts";
import * as mailbox from "./sign-in/mailbox.ts";
import { openIdClient } from "./sign-in/open-id.ts";
import { crossSiteProblem } from "./sign-in/same-site.ts";
import * as sessions from "./sign-in/sessions.ts";
import * as sso from "./sign-in/sso.ts";
import { createSignInTries } from "./sign-in/tries.ts";

/** People's sign-in: its routes, and who a session cookie belongs to. This file and its folder know the library. */
export interface SignIn {
  /** Everything below `/console/auth/`. */
  readonly answer: (incoming: IncomingMessage, context: RequestContext, path: string) => Promise<Response>;
  /** Whether a request carries a session cookie, good or bad. */
  readonly hasSession: (context: RequestContext) => boolean;
  /** Whose the session cookie is, while the session lives. */
  readonly person: (context: RequestContext) => Promise<SignedInPerson | undefined>;
  /** The same where nobody does anything: a page that stands open is no use of a session. */
  readonly standing: (context: RequestContext) => Promise<StandingSession | undefined>;
  /** Resolves when what runs beside the answers has ended. */
  readonly settled: () => Promise<void>;
}

/** A session that lives, and whose it is. */
export interface StandingSession {
  readonly sessionId: string;
  readonly person: SignedInPerson;
}

type Open = (exchange: Exchange) => Promise<RouteAnswer>;
type Personal = (exchange: SignedInExchange) => Promise<RouteAnswer>;

/** For everybody, below `/console/auth`. */
const openRoutes: Readonly<Record<string, Open>> = {
  "GET /set-up": joining.setUpPage,
  "POST /set-up": joining.completeSetUp,
  "POST /invitation": joining.invitation,
  "POST /invitation/accept": joining.accept,
  "POST /forgotten-password": forgotten.askForLink,
  "POST /new-password": forgotten.linkPage,
  "POST /new-password/set": forgotten.setPassword,
  "POST /sign-in": enter.signIn,
  "POST /sign-in/totp": enter.secondFactor("verifyTOTP", "totp"),
  "POST /sign-in/backup-code": enter.secondFactor("verifyBackupCode", "backup-code"),
  "POST /passkey/challenge": enter.passkeyChallenge,
  "POST /passkey/sign-in": enter.passkeySignIn,
  "POST /sign-out": enter.signOut,
  "POST /sso": sso.offered,
  "POST /sso/begin": sso.beginSso,
  "POST /sso/finish": sso.finishSso,
};

/** What opens an account of one's own here: whoever is known by their provider alone must add nothing that outlives it. */
const ofOwnAccount =
  (route: Personal): Personal =>
  async (exchange) => {
    if (exchange.session.onlyTenantId === null) return route(exchange);
    throw new SignInRefusal(403, {
      code: "SSO_SESSION",
      message: "You sign in by single sign-on: there is no password, passkey or second factor of yours here.",
      fix: "Change them at your provider. To confirm who you are, sign in there again.",
    });
  };

/** For whoever is signed in. */
const personalRoutes: Readonly<Record<string, Personal>> = {
  "GET /account": account.account,
  "POST /sso/step-up": sso.beginSsoStepUp,
  "POST /step-up": ofOwnAccount(account.stepUp),
  "POST /password": ofOwnAccount(account.changePassword),
  "POST /mailbox": ofOwnAccount(mailbox.mailCode),
  "POST /mailbox/confirm": ofOwnAccount(mailbox.confirmCode),
  "POST /totp": ofOwnAccount(account.beginTotp),
  "POST /totp/verify": ofOwnAccount(account.verifyTotp),
  "POST /totp/remove": ofOwnAccount(account.removeTotp),
  "POST /backup-codes": ofOwnAccount(account.renewBackupCodes),
  "POST /passkey/registration": ofOwnAccount(account.beginPasskey),
  "POST /passkey/add": ofOwnAccount(account.addPasskey),
  "POST /passkey/rename": ofOwnAccount(account.renamePasskey),
  "POST /passkey/remove": ofOwnAccount(account.removePasskey),
  "GET /sessions": sessions.listSessions,
  "POST /sessions/end": sessions.endOwnSessions,
};

const own = <T>(routes: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(routes, key) ? routes[key] : undefined;

const personOf = ({ id, userId, authenticatedAt, onlyTenantId }: StoredSession): SignedInPerson => ({
  sessionId: id,
  userId,
  authenticatedAt,
  onlyTenantId,
});

const BODY_LIMIT = 32 * 1024;

/** A request's JSON object. @throws SignInRefusal */
async function bodyOf(incoming: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  if (incoming.method === "GET") return {};
  const bad = (status: number, message: string) =>
    new SignInRefusal(status, { code: "BAD_REQUEST", message, fix: "Send one JSON object as application/json." });
  if (!/^application\/json(;\s*charset="?utf-8"?)?$/i.test(incoming.headers["content-type"] ?? ""))
    throw bad(415, "The body is not marked as application/json in UTF-8.");
  const bytes = await readBody(incoming, BODY_LIMIT);
  if (bytes === "too-large") throw bad(413, `The body has more than ${BODY_LIMIT} bytes.`);
  try {
    const parsed: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // Said below.
  }
  throw bad(400, "The body is no JSON object.");
}

const databaseAway = { code: "UNAVAILABLE", message: "The database does not answer now.", fix: "Try again shortly." };

const unexpected = {
  code: "INTERNAL",
  message: "Something went wrong on the server.",
  fix: "Try again. If it stays so, look into the server's log.",
};

/** Makes people's sign-in for an installation. `onError` hears of what nobody foresaw. */
export function createSignIn(
  installation: Installation,
  /** `askDocument` reaches providers; without `sendMail` nobody is sent anything. */
  { askDocument, sendMail }: { readonly askDocument: AskDocument; readonly sendMail: SendMail | undefined },
  onError: (error: unknown, correlationId?: string) => void,
): SignIn {
  const { database, keyring, origin } = installation;
  const library = openLibrary({ database, origin, secret: keyring.secretFor("sign-in v1") });
  const running = new Set<Promise<void>>();
  const later: SignInParts["later"] = (work) => {
    const promise = work()
      .catch((error: unknown) => onError(error))
      .finally(() => running.delete(promise));
    running.add(promise);
  };
  const parts: SignInParts = {
    installation,
    library,
    tries: createSignInTries(),
    openId: openIdClient(askDocument),
    sendMail,
    later,
  };
  const sessionOf = async (context: RequestContext): Promise<StoredSession | undefined> => {
    const session = await library.session(context);
    return session && (await useSession(installation, session)) ? session : undefined;
  };

  async function route(incoming: IncomingMessage, context: RequestContext, path: string): Promise<Response> {
    const key = `${incoming.method} ${path}`;
    const open = own(openRoutes, key);
    const personal = own(personalRoutes, key);
    if (!open && !personal)
      throw new SignInRefusal(404, {
        code: "NOT_FOUND",
        message: "There is no such address.",
        fix: "Check the address.",
      });
    const problem = crossSiteProblem(context, incoming.method ?? "", origin);
    if (problem) throw new SignInRefusal(403, { code: "CROSS_SITE", message: problem, fix: "Use the console." });
    const body = await bodyOf(incoming);
    const session = await sessionOf(context);
    const exchange = { ...parts, context, body, session };
    if (open) return render(await open(exchange));
    if (!session || !personal) throw new Refusal({ code: "UNAUTHENTICATED" });
    return render(await personal({ ...exchange, session }));
  }

  return {
    hasSession: hasSessionCookie,
    async answer(incoming, context, path) {
      try {
        return await route(incoming, context, path);
      } catch (error) {
        if (error instanceof Refusal) return renderRefusal(context, error);
        if (isDatabaseUnavailable(error)) return renderProblems(context, 503, [databaseAway], { "Retry-After": "5" });
        if (error instanceof SignInRefusal)
          return renderProblems(context, error.status, [error.problem], error.headers);
        onError(error, context.correlationId);
        return renderProblems(context, 500, [unexpected]);
      }
    },
    async person(context) {
      const session = await sessionOf(context);
      return session && personOf(session);
    },
    async standing(context) {
      const session = await library.session(context);
      if (!session || !(await livingSessions(installation, [session.id])).has(session.id)) return undefined;
      return { sessionId: session.id, person: personOf(session) };
    },
    settled: async () => void (await Promise.all(running)),
  };
}

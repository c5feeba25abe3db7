import {
  changeOwnPassword,
  isMailboxConfirmed,
  keepPasskey,
  membershipsOf,
  noteStepUp,
  password as passwordRules,
  providerOfSession,
  Refusal,
  STEP_UP_MS,
  shownEmailOf,
  stoppedTenantsOf,
  watchPassword,
} from "@mintmark/domain";
import { begunSession, type LibraryAnswer } from "./calls.ts";
import { isCredential } from "./credential.ts";
import { must, onlyMembers, type RouteAnswer, type SignedInExchange, SignInRefusal, text } from "./exchange.ts";
import { hashPassword } from "./library.ts";
import { prove, record, wrongPassword } from "./proofs.ts";

const untilOf = (authenticatedAt: Date) => new Date(authenticatedAt.getTime() + STEP_UP_MS);

/** `GET /account`: who is signed in, where they belong, and what opens their account. */
export async function account(exchange: SignedInExchange): Promise<RouteAnswer> {
  const { installation, library, context, session, sendMail } = exchange;
  const tenants = await membershipsOf(installation, session.userId);
  const open = session.onlyTenantId === null ? tenants : tenants.filter((row) => row.tenantId === session.onlyTenantId);
  const suspended = await stoppedTenantsOf(installation, session);
  return {
    body: {
      name: session.name,
      email: session.onlyTenantId === null ? session.email : await shownEmailOf(installation, session.userId),
      /** The provider that the person is known by; null with an account of their own. */
      sso: (await providerOfSession(installation, session)) ?? null,
      /** Whether mail that is for them alone goes to that address; null where none is sent, or the address is a provider's. */
      isConfirmed:
        sendMail && session.onlyTenantId === null ? await isMailboxConfirmed(installation, session.userId) : null,
      hasTotp: session.hasTotp,
      tenants: open.map(({ tenantId: id, slug, name, memberId }) => ({ id, slug, name, memberId })),
      suspended,
      passkeys: await library.passkeys(context),
      session: {
        id: session.id,
        createdAt: session.createdAt,
        endsAt: session.endsAt,
        steppedUpUntil: untilOf(session.authenticatedAt),
      },
    },
  };
}

/** `POST /step-up`: password, and the second factor where there is one, open dangerous acts for a while. */
export async function stepUp(exchange: SignedInExchange): Promise<RouteAnswer> {
  onlyMembers(exchange, "password", "code");
  const { session, installation } = exchange;
  await prove(exchange, "verifyPassword", { password: text(exchange, "password") }, "password");
  if (session.hasTotp) {
    const code = text(exchange, "code", 100).trim();
    await prove(exchange, "verifyTOTP", { code }, "totp");
  }
  const authenticatedAt = await noteStepUp(installation, session.id);
  await record(exchange, session.userId, { type: "member.stepped-up", method: session.hasTotp ? "totp" : "password" });
  return { body: { steppedUpUntil: untilOf(authenticatedAt) } };
}

/** A dangerous act on one's own account. @throws Refusal STEP_UP_NEEDED */
function requireStepUp({ session, installation }: SignedInExchange): void {
  if (untilOf(session.authenticatedAt) < installation.now()) throw new Refusal({ code: "STEP_UP_NEEDED" });
}

/** @throws Refusal INVALID_INPUT, where it is none that this person may have next */
function wantedPassword(exchange: SignedInExchange, currentPassword: string): string {
  const typed = text(exchange, "newPassword");
  const obvious = [
    { is: exchange.session.email, problem: "The password is the e-mail address." },
    { is: currentPassword.toLowerCase(), problem: "The new password is the old one." },
  ];
  const problem =
    passwordRules.safeParse(typed).error?.issues[0]?.message ??
    obvious.find(({ is }) => is === typed.toLowerCase())?.problem;
  if (problem === undefined) return typed;
  throw new Refusal({ code: "INVALID_INPUT", path: ["newPassword"], problem, mend: "Choose another password." });
}

/**
 * `POST /password`: a new one for the old one. Every other session ends, and so does every sign-in that waits for its
 * second factor; this session gets another token, and its proof is as old as before.
 */
export async function changePassword(exchange: SignedInExchange): Promise<RouteAnswer> {
  onlyMembers(exchange, "currentPassword", "newPassword");
  const { session, installation, library, context } = exchange;
  const currentPassword = text(exchange, "currentPassword");
  const newPassword = wantedPassword(exchange, currentPassword);
  // Without a second factor the old password is all that a step-up would ask for.
  if (session.hasTotp) requireStepUp(exchange);
  await prove(exchange, "verifyPassword", { password: currentPassword }, "password").catch((error: unknown) => {
    if (!(error instanceof SignInRefusal) || error.status !== 401) throw error;
    throw new SignInRefusal(401, { ...wrongPassword, path: ["currentPassword"] });
  });
  const passwordHash = await hashPassword(newPassword);
  const token = await changeOwnPassword(installation, { ...session, passwordHash });
  await record(exchange, session.userId, { type: "member.password-changed" });
  const { status, cookies } = await library.call("continueSession", context, { token });
  // It was ended since then, by a reset perhaps.
  if (status >= 300) throw new Refusal({ code: "UNAUTHENTICATED" });
  return { status: 204, cookies };
}

/**
 * For acts in which the library exchanges the session: one that a reset ended meanwhile does not go on in another. What was done
 * is done all the same, so the act audits it itself.
 */
async function exchanging(exchange: SignedInExchange, act: () => Promise<LibraryAnswer>): Promise<LibraryAnswer> {
  const isStill = await watchPassword(exchange.installation, { userId: exchange.session.userId });
  const answer = await act();
  if (await isStill(begunSession(answer))) return answer;
  throw new Refusal({ code: "UNAUTHENTICATED" });
}

/** `POST /totp`: a secret and backup codes, shown once; they count once a code of theirs was verified. */
export async function beginTotp(exchange: SignedInExchange): Promise<RouteAnswer> {
  onlyMembers(exchange, "password");
  const password = text(exchange, "password");
  if (exchange.session.hasTotp)
    throw new SignInRefusal(409, {
      code: "ALREADY_EXISTS",
      message: "You have an authenticator already.",
      fix: "Remove it first.",
    });
  const { body } = await prove(exchange, "enableTwoFactor", { password, method: "totp" }, "password");
  return { body: { uri: body["totpURI"], backupCodes: body["backupCodes"] } };
}

/** `POST /totp/verify`: from here on a sign-in with the password asks for a code. */
export async function verifyTotp(exchange: SignedInExchange): Promise<RouteAnswer> {
  onlyMembers(exchange, "code");
  const code = text(exchange, "code", 100).trim();
  const { cookies } = await exchanging(exchange, async () => {
    const answer = await prove(exchange, "verifyTOTP", { code }, "totp");
    if (!exchange.session.hasTotp) await record(exchange, exchange.session.userId, { type: "member.totp-enabled" });
    return answer;
  });
  return { status: 204, cookies };
}

/** `POST /totp/remove` */
export async function removeTotp(exchange: SignedInExchange): Promise<RouteAnswer> {
  onlyMembers(exchange, "password");
  requireStepUp(exchange);
  const password = text(exchange, "password");
  const { cookies } = await exchanging(exchange, async () => {
    const answer = await prove(exchange, "disableTwoFactor", { password }, "password");
    await record(exchange, exchange.session.userId, { type: "member.totp-removed" });
    return answer;
  });
  return { status: 204, cookies };
}

/** `POST /backup-codes`: new ones, shown once; the old ones are dead. */
export async function renewBackupCodes(exchange: SignedInExchange): Promise<RouteAnswer> {
  onlyMembers(exchange, "password");
  const password = text(exchange, "password");
  if (!exchange.session.hasTotp)
    throw new SignInRefusal(400, { code: "BAD_REQUEST", message: "You have no authenticator.", fix: "Add one first." });
  requireStepUp(exchange);
  const { body } = await prove(exchange, "generateBackupCodes", { password }, "password");
  await record(exchange, exchange.session.userId, { type: "member.backup-codes-renewed" });
  return { body: { backupCodes: body["backupCodes"] } };
}

const refusedPasskey = {
  status: 400,
  problem: {
    code: "WRONG_CODE",
    message: "The passkey was not accepted.",
    fix: "Try again, with a device that asks for your finger, face or PIN.",
  },
} as const;

/** `POST /passkey/registration`: what the browser makes a passkey from. */
export async function beginPasskey(exchange: SignedInExchange): Promise<RouteAnswer> {
  onlyMembers(exchange);
  requireStepUp(exchange);
  const { body, cookies } = await must(exchange, "generatePasskeyRegistrationOptions", {}, refusedPasskey);
  return { body, cookies };
}

/** `POST /passkey/add` @throws Refusal UNAUTHENTICATED where the session was ended meanwhile: no passkey is left then */
export async function addPasskey(exchange: SignedInExchange): Promise<RouteAnswer> {
  onlyMembers(exchange, "response", "name");
  requireStepUp(exchange);
  const name = exchange.body["name"] === undefined ? "Passkey" : text(exchange, "name", 100);
  const { response } = exchange.body;
  if (!isCredential("registration", response)) throw new SignInRefusal(refusedPasskey.status, refusedPasskey.problem);
  const { body, cookies } = await must(exchange, "verifyPasskeyRegistration", { response, name }, refusedPasskey);
  const { installation, session } = exchange;
  const [id, userId] = [String(body["id"]), session.userId];
  if (!(await keepPasskey(installation, { id, userId, sessionId: session.id })))
    throw new Refusal({ code: "UNAUTHENTICATED" });
  await record(exchange, userId, { type: "member.passkey-added", method: "passkey" });
  return { status: 201, body: { id }, cookies };
}

const noSuchPasskey = {
  status: 404,
  problem: { code: "NOT_FOUND", message: "You have no such passkey.", fix: "Look at your account again." },
} as const;

/** `POST /passkey/rename` */
export async function renamePasskey(exchange: SignedInExchange): Promise<RouteAnswer> {
  onlyMembers(exchange, "id", "name");
  const body = { id: text(exchange, "id", 64), name: text(exchange, "name", 100) };
  await must(exchange, "updatePasskey", body, noSuchPasskey);
  return { status: 204 };
}

/** `POST /passkey/remove` */
export async function removePasskey(exchange: SignedInExchange): Promise<RouteAnswer> {
  onlyMembers(exchange, "id");
  requireStepUp(exchange);
  await must(exchange, "deletePasskey", { id: text(exchange, "id", 64) }, noSuchPasskey);
  await record(exchange, exchange.session.userId, { type: "member.passkey-removed" });
  return { status: 204 };
}

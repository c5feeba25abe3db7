import { claimCode, type MemberEvent, recordMemberEvent } from "@mintmark/domain";
import type { LibraryCall } from "./calls.ts";
import {
  type Exchange,
  guess,
  must,
  personContext,
  refuseTooMany,
  type SignedInExchange,
  SignInRefusal,
} from "./exchange.ts";

export const wrongCode = {
  code: "WRONG_CODE",
  message: "This code is wrong, was used, or is too old.",
  fix: "Take the newest code of your authenticator, or a backup code that you have not used.",
} as const;

export const wrongPassword = {
  code: "WRONG_CREDENTIALS",
  message: "Wrong password.",
  fix: "Try again.",
  path: ["password"],
} as const;

/** Audits what happened to the account, before the answer. */
export const record = ({ installation, context }: Exchange, userId: string, event: MemberEvent): Promise<void> =>
  recordMemberEvent(installation, userId, event, personContext(context));

/**
 * Calls an endpoint of the library that asks for a proof of who it is: wrong ones are counted, audited and refused.
 *
 * @throws SignInRefusal 400 WRONG_CODE, 401 WRONG_CREDENTIALS, 429
 */
export async function prove(
  exchange: SignedInExchange,
  call: LibraryCall,
  body: Readonly<Record<string, unknown>>,
  method: "password" | "totp",
) {
  const { tries, session } = exchange;
  refuseTooMany(tries.person.take(session.userId));
  const otherwise =
    method === "totp"
      ? { status: 400, problem: { ...wrongCode, path: ["code"] } }
      : { status: 401, problem: wrongPassword };
  try {
    return await guess(method === "totp" ? tries.code : tries.confirmation, session.userId, async () => {
      if (method === "totp") await useCodeOnce(exchange, session.userId, String(body["code"]));
      return must(exchange, call, body, otherwise);
    });
  } catch (error) {
    if (error instanceof SignInRefusal && error.status !== 429)
      await record(exchange, session.userId, { type: "member.sign-in-refused", method });
    throw error;
  }
}

/** A code opens once, on whatever server (TOTP: RFC 6238 §5.2). @throws SignInRefusal WRONG_CODE */
export async function useCodeOnce({ installation }: Exchange, userId: string, code: string): Promise<void> {
  if (!(await claimCode(installation, userId, code))) throw new SignInRefusal(400, { ...wrongCode, path: ["code"] });
}

import { confirmMailbox, newMailboxCode } from "@mintmark/domain";
import { MailFailure } from "../mail/transport.ts";
import { mailboxMail } from "../mail/words.ts";
import {
  guess,
  onlyMembers,
  personContext,
  type RouteAnswer,
  refuseTooMany,
  type SignedInExchange,
  SignInRefusal,
  text,
} from "./exchange.ts";
import { mailOf } from "./forgotten-password.ts";

const notSent = {
  code: "MAIL_NOT_SENT",
  message: "The mail server did not take the mail to your address.",
  fix: "Ask for it again in a while. If it stays so, ask whoever runs this server: its log says why.",
} as const;

const wrongCode = {
  code: "WRONG_CODE",
  message: "This code is wrong, was used, or is too old.",
  fix: "Take the one of the newest mail, or have another one sent.",
  path: ["code"],
} as const;

/** `POST /mailbox`: mails a code to one's own address. */
export async function mailCode(exchange: SignedInExchange): Promise<RouteAnswer> {
  onlyMembers(exchange);
  const sendMail = mailOf(exchange);
  const { tries, session, installation } = exchange;
  refuseTooMany(tries.mail.take(session.email), (wait) => `Too many mails to this address. Wait ${wait}.`);
  const { email: to, code, expiresAt } = await newMailboxCode(installation, session);
  try {
    await sendMail({ to, ...mailboxMail(code, expiresAt) });
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error;
    throw new SignInRefusal(502, notSent);
  }
  return { body: { expiresAt } };
}

/** `POST /mailbox/confirm`: the code of that mail; from here on new passwords and notices go to that address. */
export async function confirmCode(exchange: SignedInExchange): Promise<RouteAnswer> {
  onlyMembers(exchange, "code");
  const code = text(exchange, "code", 100);
  const { tries, session, installation, context } = exchange;
  await guess(tries.code, `mailbox ${session.userId}`, async () => {
    const typed = { userId: session.userId, code, context: personContext(context) };
    if (!(await confirmMailbox(installation, typed))) throw new SignInRefusal(400, wrongCode);
  });
  return { status: 204 };
}

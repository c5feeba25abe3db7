import {
  email as emailAddress,
  keepNewestLinks,
  newPasswordLink,
  readNewPasswordLink,
  setNewPassword,
} from "@mintmark/domain";
import type { SendMail } from "../mail/transport.ts";
import { newPasswordMail } from "../mail/words.ts";
import { byPassword } from "./enter.ts";
import {
  countAddress,
  type Exchange,
  onlyMembers,
  personContext,
  type RouteAnswer,
  refuseTooMany,
  SignInRefusal,
  text,
} from "./exchange.ts";
import { hashPassword } from "./library.ts";
import { networkOf } from "./network.ts";
import { record } from "./proofs.ts";

const noMail = {
  code: "TURNED_OFF",
  message: "This server sends no mail.",
  fix: "Ask an owner of your tenant for a reset link, or whoever runs the server: `mintmark owner reset` there makes one.",
} as const;

/** Without a mail server there is none of this. @throws SignInRefusal 404 */
export function mailOf({ sendMail }: Exchange): SendMail {
  if (sendMail) return sendMail;
  throw new SignInRefusal(404, noMail);
}

/**
 * `POST /forgotten-password`: mails a link to the person's own address. The answer, and when it comes, is the same for an
 * address that nobody has: all that depends on it runs beside the answer.
 */
export async function askForLink(exchange: Exchange): Promise<RouteAnswer> {
  onlyMembers(exchange, "email");
  const sendMail = mailOf(exchange);
  const typed = text(exchange, "email", 254);
  const { tries, context, later } = exchange;
  refuseTooMany(
    tries.mailAsker.take(networkOf(context.address)),
    (wait) => `Too many mails for your network. Wait ${wait}.`,
  );
  const email = emailAddress.safeParse(typed).data ?? typed.trim().toLowerCase();
  refuseTooMany(tries.mail.take(email), (wait) => `Too many mails to this address. Wait ${wait}.`);
  later(() => mailLink(exchange, sendMail, email));
  return { body: {} };
}

async function mailLink(exchange: Exchange, sendMail: SendMail, typed: string): Promise<void> {
  const made = await newPasswordLink(exchange.installation, typed);
  if (!made) return;
  const { email: to, link, expiresAt, userId } = made;
  await sendMail({ to, ...newPasswordMail(link, expiresAt) });
  await keepNewestLinks(exchange.installation, userId);
  await record(exchange, userId, { type: "member.password-link-mailed" });
}

/** `POST /new-password`: whose password a link sets. */
export async function linkPage(exchange: Exchange): Promise<RouteAnswer> {
  countAddress(exchange);
  return { body: await readNewPasswordLink(exchange.installation, exchange.body) };
}

/** `POST /new-password/set`: uses a link, and signs the person in, as far as their second factor. */
export async function setPassword(exchange: Exchange): Promise<RouteAnswer> {
  countAddress(exchange);
  const { installation, body, context, tries } = exchange;
  const by = { hash: hashPassword, context: personContext(context) };
  const { email, password } = await setNewPassword(installation, body, by);
  // Guesses at the old password say nothing about the new one.
  tries.password.forget(email);
  return byPassword(exchange, email, password);
}

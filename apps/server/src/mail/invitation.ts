import {
  type Actor,
  type Answer,
  createInvitation,
  invitationToMail,
  Refusal,
  recordInvitationMail,
} from "@mintmark/domain";
import { createTries } from "../sign-in/tries.ts";
import { MailFailure, type SendMail } from "./transport.ts";
import { invitationMail } from "./words.ts";

/** What became of a mail that was asked for: `problem` is why it did not leave, for the person who asked. */
export interface MailOutcome {
  readonly problem: string | undefined;
}

/** Mails of one tenant within an hour, on each server: whoever invites must not flood strangers with our letters. */
const tries = createTries(100, 3600, Date.now, "first");

/** Makes an invitation and, where that is asked for, mails a link of its own once it is made. The one that is shown is good either way. */
export async function inviteByMail(
  actor: Actor,
  raw: Readonly<Record<string, unknown>>,
  sendMail: SendMail | undefined,
): Promise<Answer & { readonly mail?: MailOutcome }> {
  const isAsked = raw["sendByMail"] === true;
  if (isAsked && !sendMail)
    throw new Refusal({
      code: "INVALID_INPUT",
      path: ["sendByMail"],
      problem: "This server sends no mail.",
      mend: "Leave it out, and pass the link on yourself.",
    });
  const answer = await createInvitation(actor, raw);
  // A repeated call sends nothing twice: it holds no link.
  if (!isAsked || !sendMail || answer.secret?.["link"] === undefined) return answer;
  const mail = await mailed(actor, answer.id, sendMail);
  return { ...answer, mail };
}

async function mailed(actor: Actor, id: string, sendMail: SendMail): Promise<MailOutcome> {
  const problem = await attempt(actor, id, sendMail);
  await recordInvitationMail(actor, id, problem?.reason);
  return { problem: problem?.sentence };
}

async function attempt(
  actor: Actor,
  id: string,
  sendMail: SendMail,
): Promise<{ readonly reason: string; readonly sentence: string } | undefined> {
  const { principal } = actor;
  if (principal.kind === "anonymous") return undefined;
  const wait = tries.take(principal.tenantId);
  if (wait > 0) return { reason: "too_many", sentence: `The mail was not sent: this tenant sent 100 within an hour.` };
  const invitation = await invitationToMail(actor, id);
  if (!invitation) return undefined;
  try {
    await sendMail({ to: invitation.to, ...invitationMail(invitation) });
    return undefined;
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error;
    return { reason: error.problem, sentence: error.message };
  }
}

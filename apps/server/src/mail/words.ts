import type { InvitationToMail, NoticeBody } from "@mintmark/domain";

/** What nobody sees in a text: line breaks, control and bidirectional characters. They forge headers, or read otherwise. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** A text as one line of at most 200 characters, with nothing unseen in it. */
export const inOneLine = (text: string): string =>
  text.replace(UNSEEN, " ").replace(/\s+/g, " ").trim().slice(0, 200).toWellFormed();

/** A name that somebody chose, in quotes: it breaks no line, and no mail program makes a link of it. */
const named = (name: string): string =>
  `“${inOneLine(name)
    .replace(/["“”]/g, "'")
    .replace(/([.:/@])(?=\S)/g, "$1 ")
    .slice(0, 100)}”`;

const at = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
const day = (instant: Date): string => `${at.format(instant)} UTC`;

/** What a mail says; to whom is the sender's affair. */
export interface MailWords {
  readonly subject: string;
  readonly text: string;
}

const ignore = "If you did not expect this mail, you need not do anything.";

const paragraphs = (...texts: readonly string[]): string => `${texts.join("\n\n")}\n`;

/** A link that makes a member of a tenant. */
export const invitationMail = ({
  tenant,
  link,
  expiresAt,
  rolesExpireAt,
}: Omit<InvitationToMail, "to">): MailWords => ({
  subject: "Your invitation",
  text: paragraphs(
    `You are invited to become a member of ${named(tenant)} on Mintmark.`,
    ...(rolesExpireAt ? [`What you may do there ends on ${day(rolesExpireAt)}.`] : []),
    `Open this link to join. It works once, until ${day(expiresAt)}:`,
    link,
    ignore,
  ),
});

/** A link that sets a new password. */
export const newPasswordMail = (link: string, expiresAt: Date): MailWords => ({
  subject: "Set a new password",
  text: paragraphs(
    "Somebody, hopefully you, asked for a new password for your account on Mintmark.",
    `Open this link to set one. It works once, until ${day(expiresAt)}:`,
    link,
    "Your old password stays as it is until then. If it was not you, delete this mail.",
  ),
});

/** A code that proves to whom the address belongs. */
export const mailboxMail = (code: string, expiresAt: Date): MailWords => ({
  subject: "Confirm your address",
  text: paragraphs(
    "Somebody who is signed in to Mintmark with this address wants to confirm that it is theirs.",
    `If that is you, type this code there. It works once, until ${day(expiresAt)}:`,
    code,
    "If it was not you, delete this mail, and give the code to nobody.",
  ),
});

const kinds: Readonly<Record<NoticeBody["credential"]["kind"], string>> = {
  client_secret: "Client secret",
  client_key: "Public key",
  client_certificate: "Certificate",
  federated_credential: "Federated credential",
  api_token: "API token",
};

/** One credential, when it ends, and where it is replaced. */
function ending({ tenant, workspace, client, credential, endsAt, daysBefore }: NoticeBody, origin: string): string {
  const { kind, name, hint } = credential;
  const of = client ? ` of ${named(client.name)}, workspace ${workspace},` : "";
  const what = `${client ? kinds[kind] : "Personal token"} ${name === "" ? "" : `${named(name)} `}(…${inOneLine(hint)})${of}`;
  const when = `${daysBefore === 0 ? "ended" : "ends"} on ${day(new Date(endsAt))}`;
  const place = client ? `/t/${tenant}/w/${workspace}/clients/${client.id}/credentials` : "/account/personal-tokens";
  return `${what} ${when}:\n${origin}/console${place}`;
}

/** What ends soon, or has ended: one mail about all of it. */
export const noticesMail = (all: readonly NoticeBody[], origin: string): MailWords => {
  const isOver = all.every(({ daysBefore }) => daysBefore === 0);
  const one = `A credential ${isOver ? "has ended" : "ends soon"}`;
  const many = `${all.length} credentials ${isOver ? "have ended" : "end soon"}`;
  const subject = all.length === 1 ? one : many;
  return {
    subject,
    text: paragraphs(
      `${subject}. Replace what is still in use.`,
      ...all.map((each) => ending(each, origin)),
      "You get this because it is yours, or because you own the tenant and it is nobody's.",
    ),
  };
};

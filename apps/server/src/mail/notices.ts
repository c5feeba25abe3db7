import type { MailNotices } from "@mintmark/domain";
import type { Log } from "../log.ts";
import { MailFailure, type SendMail } from "./transport.ts";
import { noticesMail } from "./words.ts";

/** Mails people what ends, in words; why a mail did not leave stands in the log. */
export const noticeMailer =
  (sendMail: SendMail, origin: string, log: Pick<Log, "warn">): MailNotices =>
  async (to, ending) => {
    try {
      await sendMail({ to, ...noticesMail(ending, origin) });
      return {};
    } catch (error) {
      if (!(error instanceof MailFailure)) throw error;
      log.warn({ problem: error.problem, answer: error.answer }, "a notice could not be mailed now");
      return { problem: "mail" };
    }
  };

import { members, notices, users, webhooks } from "@mintmark/db/schema";
import { and, asc, eq, inArray } from "drizzle-orm";
import type { Installation } from "../change/handle.ts";
import { hasMailbox } from "../people/mailbox.ts";
import type { NoticeBody } from "./new-notices.ts";
import { webhookMessage } from "./webhook-message.ts";
import { secretsOf } from "./webhook-row.ts";
import { signedHeaders } from "./webhook-signature.ts";

/** Why a message did not arrive. `mail`: the mail server did not take it; `off`: nobody is there to take it; `server`: it broke here. */
export type DeliveryProblem =
  | "address"
  | "not_public"
  | "certificate"
  | "unreachable"
  | "slow"
  | "redirect"
  | "status"
  | "mail"
  | "off"
  | "server";

/** What came of one attempt; `status`: what the receiver answered. */
export interface Attempt {
  readonly problem?: DeliveryProblem;
  readonly status?: number;
}

/** Posts JSON to somebody's https address, through the guarded door; never throws for what lies at the other end. */
export type PostMessage = (
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
) => Promise<Attempt>;

/** Mails somebody what ends, all in one mail; never throws for what lies at the other end. */
export type MailNotices = (to: string, ending: readonly NoticeBody[]) => Promise<Attempt>;

/** The ways out. Without a mail server nothing is mailed, and what waits for one is given up. */
export interface Channels {
  readonly post: PostMessage;
  readonly mail?: MailNotices | undefined;
}

type Places = Pick<Installation, "database" | "keyring" | "now">;

/** Sends one notice to a webhook, if both are still there and it is on. */
export async function tellWebhook(
  { database, keyring, now }: Places,
  { post }: Channels,
  { tenantId, noticeId, receiver }: { readonly tenantId: string; readonly noticeId: string; readonly receiver: string },
): Promise<Attempt> {
  const [found] = await database
    .select({ notice: notices, webhook: webhooks })
    .from(notices)
    .innerJoin(webhooks, and(eq(webhooks.tenantId, notices.tenantId), eq(webhooks.id, receiver)))
    .where(and(eq(notices.tenantId, tenantId), eq(notices.id, noticeId)));
  if (!found?.webhook.isActive) return { problem: "off" };
  const { notice, webhook } = found;
  const at = now();
  const body = webhookMessage(notice);
  return post(webhook.address, signedHeaders({ id: notice.id, body }, secretsOf(keyring, webhook, at), at), body);
}

/** Mails a member some notices at once, what ends first on top. */
export async function tellMember(
  { database }: Places,
  { mail }: Channels,
  {
    tenantId,
    memberId,
    noticeIds,
  }: { readonly tenantId: string; readonly memberId: string; readonly noticeIds: readonly string[] },
): Promise<Attempt> {
  const [person] = await database
    .select({ email: users.email })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.tenantId, tenantId), eq(members.id, memberId), hasMailbox()));
  if (!person || !mail) return { problem: "off" };
  const told = await database
    .select({ body: notices.body })
    .from(notices)
    .where(and(eq(notices.tenantId, tenantId), inArray(notices.id, [...noticeIds])))
    .orderBy(asc(notices.endsAt), asc(notices.id));
  return mail(
    person.email,
    told.map(({ body }) => body as unknown as NoticeBody),
  );
}

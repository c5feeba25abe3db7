import type { Database } from "@mintmark/db";
import { noticeDeliveries, notices, webhooks } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import type { Installation } from "../change/handle.ts";
import { waitAfter } from "./retry-plan.ts";
import { webhookMessage } from "./webhook-message.ts";
import { secretsOf, type WebhookRow } from "./webhook-row.ts";
import { signedHeaders } from "./webhook-signature.ts";

/** Why a message did not arrive. */
export type DeliveryProblem =
  | "address"
  | "not_public"
  | "certificate"
  | "unreachable"
  | "slow"
  | "redirect"
  | "status"
  | "off";

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

/** Deliveries taken in one go, and of them to one receiver: who is slow keeps few others waiting. */
const MOST = 20;
const MOST_TO_ONE = 4;
/** Seconds after which another server tries, where the one that took a delivery is gone. */
const TAKEN_SECONDS = 60;
/** Milliseconds between two looks, where there was nothing to do. */
const LOOK_EACH = 2_000;

/** Sends what is due, for as long as the server runs. */
export interface NoticeSender {
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>;
}

interface Taken {
  readonly tenantId: string;
  readonly noticeId: string;
  readonly receiver: string;
  readonly attempts: number;
}

/**
 * Sends deliveries that are due, beside all other servers: each is taken by one. One that is killed in between leaves it to
 * the next, so that a message may arrive twice, under the same id.
 *
 * @param complain told of what failed here; it is tried again
 */
export function startNoticeSender(
  installation: Installation,
  post: PostMessage,
  complain: (error: unknown) => void,
): NoticeSender {
  let isStopping = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    let taken = 0;
    try {
      taken = await sendDue(installation, post);
    } catch (error) {
      complain(error);
    }
    if (!isStopping) timer = setTimeout(start, taken === 0 ? LOOK_EACH : 0).unref();
  };
  let running = Promise.resolve();
  const start = () => {
    running = look();
  };
  timer = setTimeout(start, LOOK_EACH).unref();
  return {
    async stop() {
      isStopping = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** @returns how many were due */
async function sendDue(installation: Installation, post: PostMessage): Promise<number> {
  const taken = await take(installation.database, installation.now());
  await Promise.all(taken.map((one) => send(installation, post, one)));
  return taken.length;
}

/** Takes what is due from under all others: until it is settled it is due again a minute later. */
const take = ({ sql }: Database, now: Date) => sql<Taken[]>`
  update notice_deliveries d
  set attempts = d.attempts + 1, last_tried_at = ${now}, problem = null, status = null,
    due_at = ${now}::timestamptz + make_interval(secs => ${TAKEN_SECONDS})
  where (d.tenant_id, d.notice_id, d.receiver) in (
    select t.tenant_id, t.notice_id, t.receiver from notice_deliveries t
    where t.due_at <= ${now} and (t.tenant_id, t.notice_id, t.receiver) in (
      select tenant_id, notice_id, receiver from (
        select tenant_id, notice_id, receiver, due_at,
          row_number() over (partition by tenant_id, receiver order by due_at) as place
        from notice_deliveries where due_at <= ${now}) each_receiver
      where place <= ${MOST_TO_ONE} order by due_at limit ${MOST})
    for update skip locked)
  returning d.tenant_id as "tenantId", d.notice_id as "noticeId", d.receiver, d.attempts`;

async function send(installation: Installation, post: PostMessage, taken: Taken): Promise<void> {
  const { database, now } = installation;
  const isIt = and(
    eq(noticeDeliveries.tenantId, taken.tenantId),
    eq(noticeDeliveries.noticeId, taken.noticeId),
    eq(noticeDeliveries.receiver, taken.receiver),
  );
  const [found] = await database
    .select({ notice: notices, webhook: webhooks })
    .from(noticeDeliveries)
    .innerJoin(notices, and(eq(notices.tenantId, noticeDeliveries.tenantId), eq(notices.id, noticeDeliveries.noticeId)))
    .innerJoin(
      webhooks,
      and(eq(webhooks.tenantId, noticeDeliveries.tenantId), eq(webhooks.id, noticeDeliveries.webhookId)),
    )
    .where(isIt);
  // Its webhook was deleted meanwhile, and it with that.
  if (!found) return;
  const attempt = await tryOnce(installation, post, found);
  const isDone = attempt.problem === undefined;
  // What waits for a webhook that is off would never come to an end.
  const wait = isDone || attempt.problem === "off" ? undefined : waitAfter(taken.attempts);
  const at = now();
  await database
    .update(noticeDeliveries)
    .set({
      dueAt: wait === undefined ? null : new Date(at.getTime() + wait),
      deliveredAt: isDone ? at : null,
      problem: attempt.problem ?? null,
      status: attempt.status ?? null,
    })
    .where(isIt);
}

async function tryOnce(
  { keyring, now }: Installation,
  post: PostMessage,
  { notice, webhook }: { readonly notice: typeof notices.$inferSelect; readonly webhook: WebhookRow },
): Promise<Attempt> {
  if (!webhook.isActive) return { problem: "off" };
  const at = now();
  const body = webhookMessage(notice);
  return post(webhook.address, signedHeaders({ id: notice.id, body }, secretsOf(keyring, webhook, at), at), body);
}

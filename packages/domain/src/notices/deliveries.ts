import { noticeDeliveries, notices, webhooks } from "@mintmark/db/schema";
import { and, desc, eq } from "drizzle-orm";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import { livingRow, targetOf } from "../living-row.ts";
import type { DeliveryProblem } from "./channels.ts";
import { explainDelivery } from "./explain-delivery.ts";
import type { NoticeBody } from "./new-notices.ts";

const NEWEST = 20;

/** They tell of secrets and of tokens, under the page of a webhook. */
const needed = ["settings:read", "client-secret:read", "api-token:read"] as const;

export type DeliveryState = "waiting" | "delivered" | "failed";

/** One notice on its way to one webhook. */
export interface NoticeDelivery {
  readonly noticeId: string;
  /** Null: a test. */
  readonly about: NoticeBody | null;
  readonly createdAt: Date;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly lastTriedAt: Date | null;
  /** Null where it is not tried again. */
  readonly nextTryAt: Date | null;
  /** Why it did not arrive at the last attempt, and what to do; null where it did, or was not tried. */
  readonly reason: string | null;
}

type Row = typeof noticeDeliveries.$inferSelect;

function stateOf({ deliveredAt, dueAt }: Row): DeliveryState {
  if (deliveredAt) return "delivered";
  return dueAt ? "waiting" : "failed";
}

/** The newest deliveries of a webhook; undefined where what they are about may not be seen. */
export async function listDeliveries(actor: Actor, webhookId: string): Promise<readonly NoticeDelivery[] | undefined> {
  const read = readerOf(actor);
  const webhook = await livingRow(read, webhooks, webhookId);
  if (!webhook || !needed.every((one) => mayRead(actor, one, targetOf(webhook)))) return undefined;
  const rows = await read.tx
    .select({ delivery: noticeDeliveries, notice: notices })
    .from(noticeDeliveries)
    .innerJoin(notices, and(eq(notices.tenantId, noticeDeliveries.tenantId), eq(notices.id, noticeDeliveries.noticeId)))
    .where(and(eq(noticeDeliveries.tenantId, read.tenantId), eq(noticeDeliveries.webhookId, webhook.id)))
    .orderBy(desc(noticeDeliveries.createdAt), desc(noticeDeliveries.noticeId))
    .limit(NEWEST);
  return rows.map(({ delivery, notice }) => ({
    noticeId: notice.id,
    about: notice.step === null ? null : (notice.body as unknown as NoticeBody),
    createdAt: delivery.createdAt,
    state: stateOf(delivery),
    attempts: delivery.attempts,
    lastTriedAt: delivery.lastTriedAt,
    nextTryAt: delivery.dueAt,
    reason: delivery.problem === null ? null : explainDelivery(delivery.problem as DeliveryProblem, delivery.status),
  }));
}

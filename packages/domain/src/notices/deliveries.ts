import { members, noticeDeliveries, notices, webhooks } from "@mintmark/db/schema";
import { and, asc, desc, eq, isNotNull, sql } from "drizzle-orm";
import type { WorkspaceTarget } from "../authority/permission.ts";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import { livingRow, livingWorkspace, targetOf } from "../living-row.ts";
import type { DeliveryProblem } from "./channels.ts";
import { explainDelivery } from "./explain-delivery.ts";
import type { NoticeBody } from "./new-notices.ts";

const NEWEST = 20;

/** They tell of secrets and of tokens, on a page of settings. */
const maySee = (actor: Actor, workspace: WorkspaceTarget): boolean =>
  (["settings:read", "client-secret:read", "api-token:read"] as const).every((one) => mayRead(actor, one, workspace));

export type DeliveryState = "waiting" | "delivered" | "failed";

/** One notice on its way to one webhook, or to one person. */
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
  /** The name of whom it is mailed to; null for a webhook, and where members may not be seen. */
  readonly mailedTo: string | null;
}

type Row = typeof noticeDeliveries.$inferSelect;

function stateOf({ deliveredAt, dueAt }: Row): DeliveryState {
  if (deliveredAt) return "delivered";
  return dueAt ? "waiting" : "failed";
}

const deliveryOf = (row: Row, notice: typeof notices.$inferSelect, mailedTo: string | null): NoticeDelivery => ({
  noticeId: notice.id,
  about: notice.step === null ? null : (notice.body as unknown as NoticeBody),
  createdAt: row.createdAt,
  state: stateOf(row),
  attempts: row.attempts,
  lastTriedAt: row.lastTriedAt,
  nextTryAt: row.dueAt,
  reason: row.problem === null ? null : explainDelivery(row.problem as DeliveryProblem, row),
  mailedTo,
});

const itsNotice = and(eq(notices.tenantId, noticeDeliveries.tenantId), eq(notices.id, noticeDeliveries.noticeId));

/** The newest deliveries of a webhook; undefined where what they are about may not be seen. */
export async function listDeliveries(actor: Actor, webhookId: string): Promise<readonly NoticeDelivery[] | undefined> {
  const read = readerOf(actor);
  const webhook = await livingRow(read, webhooks, webhookId);
  if (!webhook || !maySee(actor, targetOf(webhook))) return undefined;
  const rows = await read.tx
    .select({ delivery: noticeDeliveries, notice: notices })
    .from(noticeDeliveries)
    .innerJoin(notices, itsNotice)
    .where(and(eq(noticeDeliveries.tenantId, read.tenantId), eq(noticeDeliveries.webhookId, webhook.id)))
    .orderBy(desc(noticeDeliveries.createdAt), desc(noticeDeliveries.noticeId))
    .limit(NEWEST);
  return rows.map(({ delivery, notice }) => deliveryOf(delivery, notice, null));
}

/**
 * The newest notices of a workspace that could not be mailed at the last attempt; undefined where what they are about may
 * not be seen. Those of personal tokens are their member's own affair.
 */
export async function listUnmailed(actor: Actor, workspaceId: string): Promise<readonly NoticeDelivery[] | undefined> {
  const read = readerOf(actor);
  const workspace = await livingWorkspace(read, workspaceId);
  if (!workspace || !maySee(actor, workspace)) return undefined;
  const rows = await read.tx
    .select({ delivery: noticeDeliveries, notice: notices, name: members.displayName })
    .from(noticeDeliveries)
    .innerJoin(notices, itsNotice)
    .innerJoin(members, and(eq(members.tenantId, noticeDeliveries.tenantId), eq(members.id, noticeDeliveries.memberId)))
    .where(
      and(
        eq(noticeDeliveries.tenantId, read.tenantId),
        eq(noticeDeliveries.workspaceId, workspaceId),
        isNotNull(noticeDeliveries.memberId),
        isNotNull(noticeDeliveries.problem),
        sql`${notices.body} -> 'client' <> 'null'::jsonb`,
      ),
    )
    .orderBy(desc(noticeDeliveries.createdAt), desc(noticeDeliveries.noticeId), asc(noticeDeliveries.receiver))
    .limit(NEWEST);
  const seesMembers = mayRead(actor, "member:read", null);
  return rows.map(({ delivery, notice, name }) => deliveryOf(delivery, notice, seesMembers ? name : null));
}

import type { Database } from "@mintmark/db";
import { noticeDeliveries } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import type { Installation } from "../change/handle.ts";
import { oneAfterAnother } from "../one-after-another.ts";
import type { FeedRow } from "../token-path/feed-cursor.ts";
import { type Attempt, type Channels, tellMember, tellWebhook } from "./channels.ts";
import { waitAfter } from "./retry-plan.ts";

/** Deliveries to one tenant's webhooks that are tried at once: one whose receivers keep silent must not make the others wait. */
const MOST_OF_ONE = 20;
/** Deliveries taken in one go, and of them to one webhook: who is slow keeps few others waiting. A member gets one mail. */
const MOST = 60;
const MOST_TO_ONE = 4;
const MOST_IN_A_MAIL = 50;
/** Seconds after which another server tries, where the one that took a delivery is gone. */
const TAKEN_SECONDS = 60;
/** Longest time between two looks, in milliseconds: for what another server took, or wrote, and died with. */
const MOST_REST = 60_000;
/** And after a look that failed: the database is away for a moment. */
const AFTER_TROUBLE = 5_000;
/** What becomes due within so much time goes in one look. */
const LEAST_REST = 1_000;
/** Least time between two looks that somebody wakes it for. */
const PAUSE = 100;

/** Changes after which something may be due at once: a test for a webhook, what was held while a tenant was suspended. */
const WAKING: ReadonlySet<string> = new Set(["webhook", "tenant"]);

/** Sends what is due, for as long as the server runs. */
export interface NoticeSender {
  /** Looks now: somebody in this process has made something due. */
  wake(): void;
  /** Hears of a change, whichever process made it. */
  heard(change: Pick<FeedRow, "touched">): void;
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>;
}

interface Taken {
  readonly tenantId: string;
  readonly noticeId: string;
  readonly receiver: string;
  readonly memberId: string | null;
  readonly attempts: number;
}

/**
 * Sends deliveries that are due, beside all other servers: each is taken by one. One that is killed in between leaves it to
 * the next, so that a message may arrive twice, under the same id. It looks when it is woken and when the next one becomes
 * due; otherwise at its start and once a minute.
 *
 * @param complain told of what failed here; it is tried again
 */
export function startNoticeSender(
  installation: Installation,
  channels: Channels,
  complain: (error: unknown) => void,
): NoticeSender {
  let isStopping = false;
  let timer: NodeJS.Timeout | undefined;
  const restFor = (milliseconds: number): void => {
    clearTimeout(timer);
    if (!isStopping) timer = setTimeout(wake, milliseconds).unref();
  };
  const look = oneAfterAnother(async () => {
    if (isStopping) return;
    let rest = AFTER_TROUBLE;
    try {
      rest = await sendAll();
    } catch (error) {
      complain(error);
    }
    restFor(rest);
  }, PAUSE);
  const wake = () => void look();
  /** Goes on while something is due. @returns milliseconds until there may be more */
  const sendAll = async (): Promise<number> => {
    let at: Date;
    do at = installation.now();
    while ((await sendDue(installation, channels, at, complain)) > 0 && !isStopping);
    const next = await nextDue(installation.database, at);
    const rest = next ? next.getTime() - installation.now().getTime() : MOST_REST;
    return Math.min(Math.max(rest, LEAST_REST), MOST_REST);
  };
  wake();
  return {
    wake,
    heard({ touched }) {
      if (touched.some(({ kind }) => WAKING.has(kind))) wake();
    },
    async stop() {
      isStopping = true;
      clearTimeout(timer);
      await look();
    },
  };
}

/** @returns how many were due */
async function sendDue(
  installation: Installation,
  channels: Channels,
  now: Date,
  complain: (error: unknown) => void,
): Promise<number> {
  const taken = await take(installation.database, now);
  const toWebhooks = taken.filter(({ memberId }) => memberId === null);
  const toMembers = Map.groupBy(
    taken.filter(({ memberId }) => memberId !== null),
    ({ tenantId, receiver }) => `${tenantId} ${receiver}`,
  );
  // What breaks here, like a secret that this master key does not open, waits and comes to an end like any other failure.
  const attempted = (attempt: Promise<Attempt>): Promise<Attempt> =>
    attempt.catch((error: unknown) => {
      complain(error);
      return { problem: "server" };
    });
  const sending = [
    ...toWebhooks.map(async (one) =>
      settle(installation, [one], await attempted(tellWebhook(installation, channels, one))),
    ),
    ...[...toMembers.values()].map(async (all) =>
      settle(installation, all, await attempted(mailTo(installation, channels, all))),
    ),
  ];
  for (const done of await Promise.allSettled(sending)) if (done.status === "rejected") complain(done.reason);
  return taken.length;
}

function mailTo(installation: Installation, channels: Channels, all: readonly Taken[]): Promise<Attempt> {
  const [{ tenantId, receiver: memberId } = { tenantId: "", receiver: "" }] = all;
  return tellMember(installation, channels, { tenantId, memberId, noticeIds: all.map(({ noticeId }) => noticeId) });
}

/** Takes what is due from under all others, of active tenants: until it is settled it is due again a minute later. */
const take = ({ sql }: Database, now: Date) => sql<Taken[]>`
  update notice_deliveries d
  set attempts = d.attempts + 1, last_tried_at = ${now}, problem = null, status = null,
    due_at = ${now}::timestamptz + make_interval(secs => ${TAKEN_SECONDS})
  where (d.tenant_id, d.notice_id, d.receiver) in (
    select t.tenant_id, t.notice_id, t.receiver from notice_deliveries t
    where t.due_at <= ${now} and (t.tenant_id, t.notice_id, t.receiver) in (
      select tenant_id, notice_id, receiver from (
        select tenant_id, notice_id, receiver, member_id, due_at,
          row_number() over (partition by tenant_id, member_id is null order by due_at) as place
        from (
          select tenant_id, notice_id, receiver, member_id, due_at,
            row_number() over (partition by tenant_id, receiver order by due_at) as place
          from notice_deliveries w where due_at <= ${now}
            and exists (select from tenants where id = w.tenant_id and status = 'active')) each_receiver
        where place <= case when member_id is null then ${MOST_TO_ONE}::int else ${MOST_IN_A_MAIL}::int end) each_tenant
      where place <= ${MOST_OF_ONE}::int or member_id is not null
      order by due_at limit ${MOST})
    for update skip locked)
  returning d.tenant_id as "tenantId", d.notice_id as "noticeId", d.receiver, d.member_id as "memberId", d.attempts`;

/** When the next one becomes due after that moment. What was due by then and not taken is another server's, or held. */
async function nextDue({ sql }: Database, now: Date): Promise<Date | null> {
  const [row] = await sql<{ at: Date | null }[]>`
    select min(due_at) as at from notice_deliveries where due_at > ${now}`;
  return row?.at ?? null;
}

/** Says what came of an attempt. What its webhook or member took along needs no word. */
async function settle(
  { database, now }: Installation,
  taken: readonly Taken[],
  { problem, status }: Attempt,
): Promise<void> {
  const at = now();
  for (const { tenantId, noticeId, receiver, attempts } of taken) {
    // What waits for nobody would never come to an end.
    const wait = problem === undefined || problem === "off" ? undefined : waitAfter(attempts);
    await database
      .update(noticeDeliveries)
      .set({
        dueAt: wait === undefined ? null : new Date(at.getTime() + wait),
        deliveredAt: problem === undefined ? at : null,
        problem: problem ?? null,
        status: status ?? null,
      })
      .where(
        and(
          eq(noticeDeliveries.tenantId, tenantId),
          eq(noticeDeliveries.noticeId, noticeId),
          eq(noticeDeliveries.receiver, receiver),
        ),
      );
  }
}

import { noticeDeliveries, notices, webhooks } from "@mintmark/db/schema";
import { and, asc, eq, inArray } from "drizzle-orm";
import type { Installation } from "../change/handle.ts";
import { newId } from "../id.ts";
import {
  type EndingCredential,
  type EndingKind,
  type EndingPlace,
  endingCredentials,
  endingKinds,
} from "./ending-credentials.ts";
import { DAY_MS, dueStep, LOOK_BACK_DAYS, momentOf, type NoticeStep } from "./schedule.ts";

/** What a notice tells its receivers: `data` of a webhook's message. */
export interface NoticeBody {
  readonly tenant: string;
  readonly workspace: string;
  readonly client: EndingCredential["client"];
  readonly credential: { readonly id: string; readonly kind: EndingKind; readonly name: string; readonly hint: string };
  /** ISO 8601. */
  readonly endsAt: string;
  /** 0: it has ended. */
  readonly daysBefore: NoticeStep;
}

/** Looks for what time makes due; made once, by whoever calls it again and again. */
export type WriteNotices = () => Promise<number>;

/**
 * Writes each notice whose time has come, with its deliveries. Whoever else does it at the same time, each is written once:
 * the key over credential, end and step says so.
 *
 * @returns gives how many; what failed is looked for again at the next call
 */
export function noticeWriter(installation: Installation): WriteNotices {
  /** Everything up to then was looked at by this server: another may be ahead of it, never the other way round. */
  let lookedUpTo: Date | undefined;
  return async () => {
    const now = installation.now();
    const since = lookedUpTo ?? new Date(now.getTime() - LOOK_BACK_DAYS * DAY_MS);
    let written = 0;
    for (const kind of endingKinds) {
      let after: EndingPlace | undefined;
      do {
        const page = await endingCredentials(installation.database, kind, { since, now, after });
        written += await writePage(installation, kind, page.items, since, now);
        after = page.next;
      } while (after);
    }
    lookedUpTo = now;
    return written;
  };
}

async function writePage(
  { database }: Installation,
  kind: EndingKind,
  ending: readonly EndingCredential[],
  since: Date,
  now: Date,
): Promise<number> {
  const due = ending.flatMap((credential) => {
    const step = dueStep(credential, since, now);
    return step === undefined ? [] : [{ credential, step }];
  });
  if (due.length === 0) return 0;
  return database.transaction(async (tx) => {
    const workspaceIds = [...new Set(due.map(({ credential }) => credential.workspaceId))];
    const listening = await tx
      .select({
        tenantId: webhooks.tenantId,
        workspaceId: webhooks.workspaceId,
        id: webhooks.id,
        createdAt: webhooks.createdAt,
      })
      .from(webhooks)
      .where(and(inArray(webhooks.workspaceId, workspaceIds), eq(webhooks.isActive, true)))
      .orderBy(asc(webhooks.tenantId), asc(webhooks.id))
      .for("key share");
    /** Those that were there when the step came: nobody who joins is told of what had passed. */
    const listenersOf = ({ tenantId, workspaceId, endsAt }: EndingCredential, step: NoticeStep) =>
      listening.filter(
        (one) =>
          one.tenantId === tenantId &&
          one.workspaceId === workspaceId &&
          one.createdAt.getTime() < momentOf(endsAt, step),
      );
    const told = due.flatMap(({ credential, step }) => {
      const listeners = listenersOf(credential, step);
      return listeners.length === 0 ? [] : [{ listeners, row: noticeOf(kind, credential, step, now) }];
    });
    if (told.length === 0) return 0;
    const written = await tx
      .insert(notices)
      .values(told.map(({ row }) => row))
      .onConflictDoNothing()
      .returning({ id: notices.id });
    const isNew = new Set(written.map(({ id }) => id));
    const deliveries = told.flatMap(({ listeners, row: { id: noticeId, tenantId, workspaceId } }) =>
      isNew.has(noticeId)
        ? listeners.map(({ id: webhookId }) => ({
            tenantId,
            workspaceId,
            noticeId,
            receiver: webhookId,
            webhookId,
            createdAt: now,
            dueAt: now,
          }))
        : [],
    );
    if (deliveries.length > 0) await tx.insert(noticeDeliveries).values(deliveries);
    return written.length;
  });
}

function noticeOf(kind: EndingKind, credential: EndingCredential, step: NoticeStep, now: Date) {
  const { tenantId, tenant, workspaceId, workspace, id: credentialId, name, hint, client, endsAt } = credential;
  const body = {
    tenant,
    workspace,
    client,
    credential: { id: credentialId, kind, name, hint },
    endsAt: endsAt.toISOString(),
    daysBefore: step,
  } satisfies NoticeBody;
  return { tenantId, workspaceId, id: newId("notice"), credentialId, endsAt, step, body, createdAt: now };
}

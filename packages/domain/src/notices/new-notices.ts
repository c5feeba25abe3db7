import { noticeDeliveries, notices } from "@mintmark/db/schema";
import type { Installation } from "../change/handle.ts";
import { newId } from "../id.ts";
import {
  type EndingCredential,
  type EndingKind,
  type EndingPlace,
  endingCredentials,
  endingKinds,
} from "./ending-credentials.ts";
import { receiversOf } from "./receivers.ts";
import { DAY_MS, dueStep, LOOK_BACK_DAYS, type NoticeStep } from "./schedule.ts";

/** What a notice tells its receivers: `data` of a webhook's message. */
export interface NoticeBody {
  readonly tenant: string;
  readonly workspace: string;
  /** Null: a personal token, of which no webhook hears. */
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
 * @param mails whether this server sends mail: then the people whose they are hear of them too
 * @returns gives how many; what failed is looked for again at the next call
 */
export function noticeWriter(installation: Installation, mails: boolean): WriteNotices {
  /** Everything up to then was looked at by this server: another may be ahead of it, never the other way round. */
  let lookedUpTo: Date | undefined;
  return async () => {
    const now = installation.now();
    const since = lookedUpTo ?? new Date(now.getTime() - LOOK_BACK_DAYS * DAY_MS);
    let written = 0;
    for (const kind of endingKinds) {
      let after: EndingPlace | undefined;
      do {
        const page = await endingCredentials(installation.database, kind, { since, now, mails, after });
        written += await writePage(installation, mails, kind, page.items, since, now);
        after = page.next;
      } while (after);
    }
    lookedUpTo = now;
    return written;
  };
}

async function writePage(
  { database }: Installation,
  mails: boolean,
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
    const credentials = due.map(({ credential }) => credential);
    const whoHears = await receiversOf(tx, credentials, { mails, now });
    const told = due.flatMap(({ credential, step }) => {
      const receivers = whoHears(credential, step);
      return receivers.length === 0 ? [] : [{ receivers, row: noticeOf(kind, credential, step, now) }];
    });
    if (told.length === 0) return 0;
    const written = await tx
      .insert(notices)
      .values(told.map(({ row }) => row))
      .onConflictDoNothing()
      .returning({ id: notices.id });
    const isNew = new Set(written.map(({ id }) => id));
    const deliveries = told.flatMap(({ receivers, row: { id: noticeId, tenantId, workspaceId } }) => {
      const of = { tenantId, workspaceId, noticeId, createdAt: now, dueAt: now };
      return isNew.has(noticeId)
        ? receivers.map((one) => ({ ...of, ...one, receiver: one.webhookId ?? one.memberId }))
        : [];
    });
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

import type { Transaction } from "@mintmark/db";
import { assignments, members, roles, users, webhooks } from "@mintmark/db/schema";
import { and, asc, eq, inArray } from "drizzle-orm";
import { isActiveAt } from "../authority/powers.ts";
import { hasMailbox } from "../people/mailbox.ts";
import type { EndingCredential } from "./ending-credentials.ts";
import { momentOf, type NoticeStep } from "./schedule.ts";

/** Who is told: one webhook, or one person. */
export type Receiver =
  | { readonly webhookId: string; readonly memberId: null }
  | { readonly webhookId: null; readonly memberId: string };

/** Who is told of a credential at that step. */
export type ReceiversOf = (credential: EndingCredential, step: NoticeStep) => readonly Receiver[];

/** Who is told of these credentials, held so that nobody goes away before the notices are written. */
export async function receiversOf(
  tx: Transaction,
  credentials: readonly EndingCredential[],
  { mails, now }: { readonly mails: boolean; readonly now: Date },
): Promise<ReceiversOf> {
  const hooks = await listeningTo(tx, credentials);
  const people = mails ? await reachable(tx, credentials, now) : undefined;
  return (credential, step) => [
    // Those that were there when the step came: none hears of what had passed. Personal tokens are their member's own affair.
    ...hooks
      .filter(
        (hook) =>
          credential.client !== null &&
          hook.tenantId === credential.tenantId &&
          hook.workspaceId === credential.workspaceId &&
          hook.createdAt.getTime() < momentOf(credential.endsAt, step),
      )
      .map(({ id }) => ({ webhookId: id, memberId: null })),
    ...(people?.(credential) ?? []).map((memberId) => ({ webhookId: null, memberId })),
  ];
}

const listeningTo = (tx: Transaction, credentials: readonly EndingCredential[]) =>
  tx
    .select({
      tenantId: webhooks.tenantId,
      workspaceId: webhooks.workspaceId,
      id: webhooks.id,
      createdAt: webhooks.createdAt,
    })
    .from(webhooks)
    .where(
      and(
        inArray(webhooks.tenantId, [...new Set(credentials.map(({ tenantId }) => tenantId))]),
        inArray(webhooks.workspaceId, [...new Set(credentials.map(({ workspaceId }) => workspaceId))]),
        eq(webhooks.isActive, true),
      ),
    )
    .orderBy(asc(webhooks.tenantId), asc(webhooks.id))
    .for("key share");

/** The member whose it is; where it is nobody's, or theirs whose address nobody confirmed, the tenant's owners. */
async function reachable(tx: Transaction, credentials: readonly EndingCredential[], now: Date) {
  const tenantIds = [...new Set(credentials.map(({ tenantId }) => tenantId))];
  const owning = await tx
    .selectDistinct({ tenantId: assignments.tenantId, id: assignments.memberId })
    .from(assignments)
    .innerJoin(roles, and(eq(roles.tenantId, assignments.tenantId), eq(roles.id, assignments.roleId)))
    .where(
      and(
        inArray(assignments.tenantId, tenantIds),
        eq(roles.isBuiltIn, true),
        eq(roles.name, "owner"),
        eq(assignments.targetAll, true),
        isActiveAt(now),
      ),
    );
  const wanted = [...owning, ...credentials.map(({ tenantId, ownerMemberId: id }) => ({ tenantId, id }))];
  const found = await tx
    .select({ tenantId: members.tenantId, id: members.id })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(
      and(
        inArray(members.tenantId, tenantIds),
        inArray(members.id, [...new Set(wanted.flatMap(({ id }) => id ?? []))]),
        hasMailbox(),
      ),
    )
    .orderBy(asc(members.tenantId), asc(members.id))
    .for("key share", { of: members });
  const has = new Set(found.map(({ tenantId, id }) => `${tenantId} ${id}`));
  const ownersOf = (tenantId: string) =>
    owning.flatMap(({ tenantId: of, id }) => (of === tenantId && id !== null && has.has(`${of} ${id}`) ? [id] : []));
  return ({ tenantId, client, ownerMemberId }: EndingCredential): readonly string[] => {
    if (ownerMemberId !== null && has.has(`${tenantId} ${ownerMemberId}`)) return [ownerMemberId];
    return client === null ? [] : ownersOf(tenantId);
  };
}

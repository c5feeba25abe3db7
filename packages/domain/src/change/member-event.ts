import { users, verifications } from "@mintmark/db/schema";
import { and, eq, gt } from "drizzle-orm";
import { membershipsOf } from "../people/member.ts";
import { type AuditContext, adminWorkspaceOf, writeAudit } from "./audit.ts";
import type { AuditEvent, MemberEventType, SignInMethod } from "./audit-event.ts";
import { lockShards } from "./change-feed.ts";
import type { Installation } from "./handle.ts";
import { countRefusal } from "./refused-act.ts";

/** Where a person's request came from. */
export type PersonContext = Omit<AuditContext, "actor" | "at">;

/** What happened to an account. */
export interface MemberEvent {
  readonly type: MemberEventType;
  readonly method?: SignInMethod;
}

/**
 * Audits what a person did with their account, in the admin chain of every tenant that they belong to. A flood of
 * refused sign-ins is counted, not stored one by one.
 */
export async function recordMemberEvent(
  installation: Installation,
  userId: string,
  event: MemberEvent,
  context: PersonContext,
): Promise<void> {
  const at = installation.now();
  const isRefusal = event.type === "member.sign-in-refused";
  const write = async (uncounted: number) => {
    for (const { tenantId, memberId } of await membershipsOf(installation, userId)) {
      const body: AuditEvent = { ...event, memberId, ...(isRefusal && { uncounted }) };
      await installation.database.transaction(async (tx) => {
        await lockShards(tx, [tenantId]);
        const chain = { tenantId, workspaceId: await adminWorkspaceOf(tx, tenantId) };
        await writeAudit(tx, chain, { ...context, actor: memberId, at }, body);
      });
    }
  };
  await (isRefusal ? countRefusal(`${event.type} ${userId} ${event.method ?? ""}`, at, write) : write(0));
}

/** Whose account an e-mail address belongs to: for auditing refused sign-ins, never for an answer. */
export async function userOfEmail({ database }: Installation, email: string): Promise<string | undefined> {
  const [user] = await database.select({ id: users.id }).from(users).where(eq(users.email, email));
  return user?.id;
}

/** Whose sign-in waits for a second factor, by the name that their cookie gives it. */
export async function userOfPendingSignIn(
  { database, now }: Installation,
  identifier: string,
): Promise<string | undefined> {
  if (!identifier.startsWith("2fa-")) return undefined;
  const [row] = await database
    .select({ userId: verifications.value })
    .from(verifications)
    .where(and(eq(verifications.identifier, identifier), gt(verifications.expiresAt, now())));
  return row?.userId;
}

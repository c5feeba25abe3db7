import { invitations, tenants } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import { nameOf } from "../authority/principal.ts";
import { type Actor, readerOf } from "../change/actor.ts";
import { adminWorkspaceOf, writeAudit } from "../change/audit.ts";
import type { AuditEvent } from "../change/audit-event.ts";
import { lockShards } from "../change/change-feed.ts";
import { invitationLink } from "./invitation.ts";
import { digestOfCode, newOneTimeCode } from "./one-time-code.ts";

/** What a mail with an invitation is made of. */
export interface InvitationToMail {
  readonly to: string;
  readonly link: string;
  /** The tenant's name. */
  readonly tenant: string;
  /** Until when whoever uses it has what it gives; null where that has no end. */
  readonly rolesExpireAt: Date | null;
  readonly expiresAt: Date;
}

/**
 * Makes the link that goes by mail, for whoever has just made that invitation; `undefined` where it has no address. It is
 * another than the one they are shown: whoever uses it has read that mailbox.
 */
export async function invitationToMail(actor: Actor, id: string): Promise<InvitationToMail | undefined> {
  const { tx, tenantId, installation } = readerOf(actor);
  const isIt = and(eq(invitations.tenantId, tenantId), eq(invitations.id, id));
  const [row] = await tx
    .select({
      to: invitations.email,
      tenant: tenants.name,
      rolesExpireAt: invitations.rolesExpireAt,
      expiresAt: invitations.expiresAt,
    })
    .from(invitations)
    .innerJoin(tenants, eq(tenants.id, invitations.tenantId))
    .where(isIt);
  if (row?.to == null) return undefined;
  const code = newOneTimeCode();
  await installation.database
    .update(invitations)
    .set({ mailedCodeDigest: digestOfCode(code) })
    .where(isIt);
  return { ...row, to: row.to, link: invitationLink(installation, code) };
}

/** Audits what became of the mail with an invitation that the actor has just made, after its change. */
export async function recordInvitationMail(actor: Actor, id: string, problem: string | undefined): Promise<void> {
  const { tenantId, principal, now, installation } = readerOf(actor);
  const event: AuditEvent =
    problem === undefined
      ? { type: "invitation.mailed", invitationId: id }
      : { type: "invitation.not-mailed", invitationId: id, reason: problem };
  await installation.database.transaction(async (tx) => {
    await lockShards(tx, [tenantId]);
    const chain = { tenantId, workspaceId: await adminWorkspaceOf(tx, tenantId) };
    await writeAudit(tx, chain, { ...actor, actor: nameOf(principal), at: now }, event);
  });
}

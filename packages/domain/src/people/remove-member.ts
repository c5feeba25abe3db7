import { apiTokens, clients, formerMembers, invitations, members, sessions } from "@mintmark/db/schema";
import { and, eq, isNull, or } from "drizzle-orm";
import { z } from "zod";
import { refuseStrongerMember } from "../authority/escalation.ts";
import { type Actor, type Answer, type Changed, change, type Operation } from "../change/actor.ts";
import type { Touched } from "../change/change-feed.ts";
import type { Writer } from "../change/handle.ts";
import { endPersonalClients, isUnended } from "../credentials/personal-client-row.ts";
import { id } from "../input.ts";
import { refuseLastOwner } from "./last-owner.ts";
import { locateMember, lockedMember, type MemberRow } from "./member-row.ts";

const input = z
  .strictObject({ id, successorMemberId: id.nullish() })
  .refine((said) => said.id !== said.successorMemberId, {
    message: "Nobody succeeds themselves: name another member, or nobody.",
    path: ["successorMemberId"],
  });

/** Links that they made, or that open their account, open nothing any more. */
async function revokeTheirLinks({ tx, tenantId, now }: Writer, { id: memberId, userId }: MemberRow): Promise<void> {
  const isOpen = and(isNull(invitations.usedAt), isNull(invitations.revokedAt));
  const isTheirs = or(eq(invitations.invitedBy, memberId), eq(invitations.userId, userId));
  await tx
    .update(invitations)
    .set({ revokedAt: now })
    .where(and(eq(invitations.tenantId, tenantId), isOpen, isTheirs));
}

/** Their clients end, since they know the secrets; a successor finds them among their own, and may make new ones. */
async function endOwnClients(write: Writer, memberId: string, successorId: string | undefined) {
  const isTheirs = eq(clients.ownerMemberId, memberId);
  if (successorId === undefined) return endPersonalClients(write, and(isTheirs, isUnended));
  await lockedMember(write, successorId, ["successorMemberId"]);
  return endPersonalClients(write, isTheirs, successorId);
}

async function remove(write: Writer, { id: memberId, successorMemberId }: z.infer<typeof input>): Promise<Changed> {
  const { tx, tenantId, now } = write;
  const member = await lockedMember(write, memberId, ["id"]);
  await refuseStrongerMember(write, memberId);
  await refuseLastOwner(write, { memberId });
  const stopped = await endOwnClients(write, memberId, successorMemberId ?? undefined);
  await revokeTheirLinks(write, member);
  // Sessions that open this tenant alone; any other finds no member here from now on.
  await tx.delete(sessions).where(and(eq(sessions.userId, member.userId), eq(sessions.tenantId, tenantId)));
  const isTheirs = and(eq(apiTokens.tenantId, tenantId), eq(apiTokens.memberId, memberId));
  const tokens = await tx.delete(apiTokens).where(isTheirs).returning({ id: apiTokens.id });
  const { displayName, userId } = member;
  await tx.insert(formerMembers).values({ tenantId, id: memberId, displayName, removedAt: now, userId });
  // Their assignments go with them; for history, the member's end is theirs.
  await tx.delete(members).where(and(eq(members.tenantId, tenantId), eq(members.id, memberId)));
  const gone = tokens.map((token): Touched => ({ kind: "personalToken", id: token.id, workspaceId: null, body: null }));
  return {
    id: memberId,
    event: {
      type: "member.removed",
      memberId,
      personalTokens: tokens.length,
      clientIds: stopped.ids,
      ...(successorMemberId != null && { successorMemberId }),
    },
    workspaceId: null,
    touched: [{ kind: "member", id: memberId, workspaceId: null, body: null }, ...stopped.touched, ...gone],
  };
}

const RemoveMember: Operation<z.infer<typeof input>, "member:write"> = {
  mutation: "removeMember",
  permission: "member:write",
  isDangerous: true,
  input,
  locate: locateMember,
  run: remove,
};

/**
 * Ends a membership at once: the person's sessions open nothing here any more, their personal tokens are gone, and clients
 * that are bounded by their power are disabled, bounded by nobody or by the successor from then on. Their account stays
 * theirs. The last owner stays (LAST_OWNER), and nobody removes who can do more than they.
 */
export const removeMember = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, RemoveMember, raw);

import { invitations } from "@mintmark/db/schema";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { refuseStrongerMember } from "../authority/escalation.ts";
import { type Actor, type Answer, type Changed, change, type Operation, refuse } from "../change/actor.ts";
import type { Writer } from "../change/handle.ts";
import { id } from "../input.ts";
import { isSsoUser } from "../sso/sso-identity.ts";
import { insertInvitation } from "./invitation.ts";
import { inviterOf, touchedInvitation } from "./invite.ts";
import { belongsElsewhere } from "./inviter.ts";
import { locateMember, lockedMember, type MemberRow } from "./member-row.ts";

const HOUR_MS = 3_600_000;

const input = z.strictObject({ id });

/** Whoever opens the link has the account: so it must be this tenant's alone, and its power no greater than the actor's. */
async function refuseUnlessOurs(write: Writer, member: MemberRow): Promise<void> {
  const { tx, tenantId, principal } = write;
  const refuseReset = (what: string, mend: string) => refuse({ code: "PROTECTED", noun: "member", what, mend });
  if (principal.kind === "member" && principal.memberId === member.id)
    refuseReset("This is your own account.", "Change your password and second factors on your account page.");
  await refuseStrongerMember(write, member.id);
  if (await isSsoUser(tx, member.userId))
    refuseReset(
      "This person signs in by single sign-on: there is no password here that could be lost.",
      "Whoever runs their provider gives them their account back.",
    );
  if (await belongsElsewhere(tx, tenantId, member.userId))
    refuseReset(
      "This person's account is not this tenant's alone, so no link made here opens it.",
      "Whoever runs the server gives it back, by `mintmark owner reset --tenant … --email …`.",
    );
}

async function makeLink(write: Writer, { id: memberId }: z.infer<typeof input>): Promise<Changed> {
  const { tx, tenantId, now } = write;
  const member = await lockedMember(write, memberId, ["id"]);
  await refuseUnlessOurs(write, member);
  // One link a person: an older one may lie around.
  const isOlder = and(eq(invitations.tenantId, tenantId), eq(invitations.userId, member.userId));
  await tx
    .update(invitations)
    .set({ revokedAt: now })
    .where(and(isOlder, isNull(invitations.usedAt), isNull(invitations.revokedAt)));
  const does = { userId: member.userId, invitedBy: inviterOf(write) };
  const made = await insertInvitation(write, { tenantId, lifetimeMs: HOUR_MS, ...does });
  return {
    id: made.id,
    event: { type: "invitation.created", invitationId: made.id, memberId },
    workspaceId: null,
    touched: [touchedInvitation(made.id, { memberId, lifetimeMs: HOUR_MS })],
    secret: { link: made.link },
  };
}

const CreateMemberResetLink: Operation<z.infer<typeof input>, "member:reset"> = {
  mutation: "createMemberResetLink",
  permission: "member:reset",
  isDangerous: true,
  input,
  locate: locateMember,
  run: makeLink,
};

/**
 * Makes a link, good for an hour and once, with which a member sets a new password; `secret.link` is shown this once.
 * Only for people whose every membership is in this tenant, which is decided now and when the link is used.
 */
export const createMemberResetLink = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, CreateMemberResetLink, raw);

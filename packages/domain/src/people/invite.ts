import { invitations } from "@mintmark/db/schema";
import { and, eq, gt, isNull } from "drizzle-orm";
import { z } from "zod";
import { lockedRole, reachForMember, saysWhere, type WantedRole, whereMissing } from "../authority/given-role.ts";
import { nameOf } from "../authority/principal.ts";
import {
  type Actor,
  type Answer,
  type Changed,
  change,
  type Located,
  type Operation,
  refuse,
} from "../change/actor.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { Refusal } from "../failure.ts";
import { nounOf } from "../id.ts";
import { futureInstant, id } from "../input.ts";
import { insertInvitation } from "./invitation.ts";
import type { GivenRole } from "./new-member.ts";
import { email } from "./person.ts";

const HOUR_MS = 3_600_000;
const DEFAULT_HOURS = 72;
const MOST_HOURS = 168;
/** Links of one tenant that may be open at once. */
const MOST_OPEN = 200;

const hoursMessage = `An invitation is open for 1 to ${MOST_HOURS} hours.`;
const placeOf = ({ roleId, targetWorkspaceId }: WantedRole) => `${roleId} ${targetWorkspaceId ?? "all"}`;

/** Roles for somebody new, each with the place where it counts. */
export const wantedRoles = z
  .array(
    z
      .strictObject({ roleId: id, targetWorkspaceId: id.nullish(), everywhere: z.boolean().nullish() })
      .refine(saysWhere, whereMissing),
  )
  .max(20, "At most 20 roles are given at once.")
  .refine((all) => new Set(all.map(placeOf)).size === all.length, "Name each role once for each place.");

const createInput = z
  .strictObject({
    roles: wantedRoles.min(1, "Name at least one role: a member without one sees nothing."),
    email: email.nullish(),
    rolesExpireAt: futureInstant.nullish(),
    lifetimeHours: z.int(hoursMessage).min(1, hoursMessage).max(MOST_HOURS, hoursMessage).nullish(),
    /** The server's edge sends it, once the link is made. */
    sendByMail: z.boolean().nullish(),
  })
  .refine(({ email: to, sendByMail }) => sendByMail !== true || (to ?? null) !== null, {
    message: "An address is missing, to send the link to.",
    path: ["email"],
  });
type CreateInput = z.infer<typeof createInput>;

/** Who made a link, as its row says it; null for somebody with a shell on the server, whose power needs no second look. */
export const inviterOf = ({ principal }: Writer): string | null =>
  principal.kind === "cli" ? null : nameOf(principal);

async function refuseTooMany({ tx, tenantId, now }: Writer): Promise<void> {
  if ((await tx.$count(invitations, and(eq(invitations.tenantId, tenantId), isOpenAt(now)))) >= MOST_OPEN)
    refuse({ code: "LIMIT_REACHED", noun: "invitation", limit: MOST_OPEN });
}

/** Neither used, revoked nor over. */
export const isOpenAt = (now: Date) =>
  and(isNull(invitations.usedAt), isNull(invitations.revokedAt), gt(invitations.expiresAt, now));

/** What history keeps of a link; the address is left out: history is kept when a person is erased. */
export const touchedInvitation = (id: string, body: Readonly<Record<string, unknown>> | null) => ({
  kind: "invitation",
  id,
  workspaceId: null,
  body,
});

async function invite(write: Writer, input: CreateInput): Promise<Changed> {
  const { tenantId } = write;
  await refuseTooMany(write);
  const given: GivenRole[] = [];
  for (const [at, wanted] of input.roles.entries()) {
    const path = ["roles", String(at)];
    const role = await lockedRole(write, wanted.roleId, path);
    const reach = await reachForMember(write, role, wanted, path);
    given.push({ roleId: role.id, targetWorkspaceId: reach === "all" ? null : reach.workspaceId });
  }
  const lifetimeMs = (input.lifetimeHours ?? DEFAULT_HOURS) * HOUR_MS;
  const rolesExpireAt = input.rolesExpireAt ?? null;
  const made = await insertInvitation(write, {
    tenantId,
    lifetimeMs,
    roles: given,
    rolesExpireAt,
    email: input.email ?? null,
    invitedBy: inviterOf(write),
  });
  return {
    id: made.id,
    event: { type: "invitation.created", invitationId: made.id, memberId: null },
    workspaceId: null,
    touched: [touchedInvitation(made.id, { roles: given, rolesExpireAt, lifetimeMs })],
    secret: { link: made.link },
  };
}

const CreateInvitation: Operation<CreateInput, "invitation:write"> = {
  mutation: "createInvitation",
  permission: "invitation:write",
  isDangerous: true,
  input: createInput,
  locate: async () => ({ target: null }),
  run: invite,
};

async function locateInvitation(read: Reader, input: { readonly id: string }): Promise<Located<"invitation:write">> {
  const row = { noun: "invitation", id: input.id, path: ["id"] } as const;
  const isIt = and(eq(invitations.tenantId, read.tenantId), eq(invitations.id, input.id));
  const [invitation] =
    nounOf(input.id) === "invitation" ? await read.tx.select({ id: invitations.id }).from(invitations).where(isIt) : [];
  if (!invitation) throw new Refusal({ code: "NOT_FOUND", ...row });
  return { target: null, row };
}

const revokeInput = z.strictObject({ id });

const RevokeInvitation: Operation<z.infer<typeof revokeInput>, "invitation:write"> = {
  mutation: "revokeInvitation",
  permission: "invitation:write",
  input: revokeInput,
  locate: locateInvitation,
  async run({ tx, tenantId, now }, input) {
    const isIt = and(eq(invitations.tenantId, tenantId), eq(invitations.id, input.id));
    const [row] = await tx.select().from(invitations).where(isIt).for("no key update");
    if (row?.usedAt)
      refuse({
        code: "PROTECTED",
        noun: "invitation",
        what: "This link was used: whoever opened it is a member by now.",
        mend: "Take the member's roles back, or remove the member.",
      });
    await tx
      .update(invitations)
      .set({ revokedAt: row?.revokedAt ?? now })
      .where(isIt);
    return {
      id: input.id,
      event: { type: "invitation.revoked", invitationId: input.id },
      workspaceId: null,
      touched: [touchedInvitation(input.id, null)],
    };
  },
};

/**
 * Makes a one-use link that makes its user a member with these roles; `secret.link` is shown this once. Lifetime in
 * hours, 1 to 168, 72 when left out; with `rolesExpireAt` the roles end then, and the link by then at the latest. Nobody
 * gives more than they hold, and only owners make owners; that is decided now and once more when the link is used.
 */
export const createInvitation = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, CreateInvitation, raw);
/** Closes a link that nobody has used. Revoking twice changes nothing. */
export const revokeInvitation = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, RevokeInvitation, raw);

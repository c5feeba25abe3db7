import {
  accounts,
  installation as installations,
  invitations,
  members,
  passkeys,
  sessions,
  tenants,
  twoFactors,
  users,
} from "@mintmark/db/schema";
import { and, eq, gt, isNull, not, or } from "drizzle-orm";
import { z } from "zod";
import { refuse } from "../change/actor.ts";
import { adminWorkspaceOf, writeAudit } from "../change/audit.ts";
import { appendToFeed, lockShards } from "../change/change-feed.ts";
import type { Installation } from "../change/handle.ts";
import type { PersonContext } from "../change/member-event.ts";
import { newId } from "../id.ts";
import { parseInput } from "../input.ts";
import type { Making } from "../tenancy/new-workspace.ts";
import { isStillGood } from "./inviter.ts";
import { noteMailbox } from "./mailbox.ts";
import { type GivenRole, insertAccount, insertMember, ownerRoles } from "./new-member.ts";
import { digestOfCode, newOneTimeCode } from "./one-time-code.ts";
import { isOvertaken } from "./owner-link.ts";
import { type HashPassword, newPerson, withoutObviousPassword } from "./person.ts";
import { endPersonalAccess } from "./personal-access.ts";
import { endPendingSignIns } from "./second-factor.ts";
import { type JoinedMember, noteOwner } from "./set-up.ts";

/** What a link does: it makes a member, or gives a person a lost account back. */
export type NewInvitation = {
  readonly tenantId: string;
  readonly lifetimeMs: number;
  /** For display: nothing is sent there. */
  readonly email?: string | null;
  /** The member or client that makes it; left out for the server's own links. */
  readonly invitedBy?: string | null;
} & (
  | {
      readonly roles: readonly GivenRole[];
      /** Until when whoever uses it has them; null or left out: until they are taken back. */
      readonly rolesExpireAt?: Date | null;
    }
  | { readonly userId: string }
);

/** Where a code is used. */
export const invitationLink = ({ origin }: Installation, code: string): string => `${origin}/console/invite/${code}`;

/**
 * Writes a one-use link; answers its row's id, and its address, which is shown once. It ends when what it gives would: nobody
 * joins with roles that are over.
 */
export async function insertInvitation(
  { tx, installation, now }: Making,
  wanted: NewInvitation,
): Promise<{ readonly id: string; readonly link: string }> {
  const code = newOneTimeCode();
  const id = newId("invitation");
  const rolesExpireAt = ("roles" in wanted ? wanted.rolesExpireAt : null) ?? null;
  const end = Math.min(now.getTime() + wanted.lifetimeMs, rolesExpireAt?.getTime() ?? Number.POSITIVE_INFINITY);
  await tx.insert(invitations).values({
    tenantId: wanted.tenantId,
    id,
    codeDigest: digestOfCode(code),
    userId: "userId" in wanted ? wanted.userId : null,
    email: wanted.email ?? null,
    invitedBy: wanted.invitedBy ?? null,
    roles: "roles" in wanted ? wanted.roles : [],
    rolesExpireAt,
    createdAt: now,
    expiresAt: new Date(end),
  });
  return { id, link: invitationLink(installation, code) };
}

const code = z.string().max(100, "The code of a link has at most 100 characters.");

const isOpen = (typed: string, now: Date) =>
  and(
    or(eq(invitations.codeDigest, digestOfCode(typed)), eq(invitations.mailedCodeDigest, digestOfCode(typed))),
    isNull(invitations.usedAt),
    isNull(invitations.revokedAt),
    gt(invitations.expiresAt, now),
    eq(tenants.status, "active"),
    not(isOvertaken),
  );

/** What the page behind a link shows before it is used. */
export interface InvitationView {
  readonly kind: "join" | "reset";
  readonly tenant: { readonly slug: string; readonly name: string };
  /** Whose account is reset; null where somebody new is invited. */
  readonly email: string | null;
  readonly name: string | null;
  /** Until when whoever uses it has what it gives; null where that has no end. */
  readonly rolesExpireAt: Date | null;
  readonly expiresAt: Date;
}

/** @throws Refusal CODE_INVALID */
export async function readInvitation({ database, now }: Installation, raw: unknown): Promise<InvitationView> {
  const { input } = parseInput(z.strictObject({ code }), raw);
  const [found] = await database
    .select({ row: invitations, slug: tenants.slug, name: tenants.name, user: users })
    .from(invitations)
    .innerJoin(tenants, eq(tenants.id, invitations.tenantId))
    .leftJoin(users, eq(users.id, invitations.userId))
    .where(isOpen(input.code, now()));
  if (!found || !(await isStillGood(database, found.row, now()))) return refuse({ code: "CODE_INVALID", what: "link" });
  const { row, user, slug, name } = found;
  const person = { email: user?.email ?? row.email, name: user?.name ?? null };
  const { rolesExpireAt, expiresAt } = row;
  return { kind: row.userId ? "reset" : "join", tenant: { slug, name }, ...person, rolesExpireAt, expiresAt };
}

const Input = withoutObviousPassword(
  z.strictObject({
    code,
    name: newPerson.name.optional(),
    email: newPerson.email.optional(),
    password: newPerson.password.optional(),
  }),
);
type Input = z.infer<typeof Input>;
type InvitationRow = typeof invitations.$inferSelect & { readonly tenant: typeof tenants.$inferSelect };

/**
 * Uses a link, once. It makes its user a member: somebody new with name, e-mail and password, or whoever is signed in.
 * Or it gives the person it names a new password; their sessions and second factors are gone then.
 *
 * @throws Refusal CODE_INVALID, INVALID_INPUT, SIGN_IN_FIRST, ALREADY_EXISTS
 */
export async function acceptInvitation(
  installation: Installation,
  raw: unknown,
  by: { readonly userId: string | undefined; readonly hash: HashPassword; readonly context: PersonContext },
): Promise<JoinedMember & Pick<InvitationView, "kind">> {
  const { input } = parseInput(Input, raw);
  await readInvitation(installation, { code: input.code });
  const passwordHash = input.password === undefined ? undefined : await by.hash(input.password);
  return installation.database.transaction(async (tx) => {
    const making = { tx, installation, now: installation.now() };
    // While nobody owns the server, in the order of set-up: this row, the shard, the links. Otherwise they would deadlock.
    await tx.select().from(installations).where(isNull(installations.ownedAt)).for("no key update");
    const row = await takeInvitation(making, input.code);
    const person = row.userId
      ? await resetAccount(making, row.userId, passwordHash)
      : await personFor(making, input, by.userId, passwordHash);
    if (row.userId)
      await endPersonalAccess(making, person.userId, by.context, {
        type: "member.account-reset",
        invitationId: row.id,
      });
    else await join(making, row, person, by.context);
    const cameByMail = row.mailedCodeDigest?.equals(digestOfCode(input.code)) === true;
    if (cameByMail && person.email === row.email) await noteMailbox(making, person.userId);
    const { slug, name } = row.tenant;
    return { kind: row.userId ? "reset" : "join", userId: person.userId, email: person.email, tenant: { slug, name } };
  });
}

/**
 * Uses a link for somebody whom a provider vouches for, inside the transaction that lets them in. A link of the server's
 * own, or one that gives an account back, is for people with a password.
 *
 * @throws Refusal CODE_INVALID
 */
export async function joinBySso(
  making: Making,
  typed: string,
  person: Person,
  { tenantId, context }: { readonly tenantId: string; readonly context: PersonContext },
): Promise<void> {
  const row = await takeInvitation(making, typed);
  if (row.tenantId !== tenantId || row.userId !== null || row.invitedBy === null)
    return refuse({ code: "CODE_INVALID", what: "link" });
  await join(making, row, person, context);
}

/** Marks the link as used. Of two who open it at once, the second finds it so. */
async function takeInvitation({ tx, now }: Making, typed: string): Promise<InvitationRow> {
  const [found] = await tx
    .select({ row: invitations, tenant: tenants })
    .from(invitations)
    .innerJoin(tenants, eq(tenants.id, invitations.tenantId))
    .where(isOpen(typed, now))
    .for("no key update", { of: invitations });
  // Nobody becomes stronger between the look and the use.
  if (found?.row.userId) await lockMemberOf(tx, found.row.tenantId, found.row.userId);
  if (!found || !(await isStillGood(tx, found.row, now))) return refuse({ code: "CODE_INVALID", what: "link" });
  const { tenantId, id } = found.row;
  await tx
    .update(invitations)
    .set({ usedAt: now })
    .where(and(eq(invitations.tenantId, tenantId), eq(invitations.id, id)));
  return { ...found.row, tenant: found.tenant };
}

async function lockMemberOf(tx: Making["tx"], tenantId: string, userId: string): Promise<void> {
  const isThey = and(eq(members.tenantId, tenantId), eq(members.userId, userId));
  await tx.select({ id: members.id }).from(members).where(isThey).for("update");
}

interface Person {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
}

const missing = (path: string): never =>
  refuse({
    code: "INVALID_INPUT",
    path: [path],
    problem: `${path} is missing: nobody is signed in, so this link makes an account.`,
    mend: "Give name, email and password, or sign in first.",
  });

async function personFor(
  making: Making,
  input: Input,
  userId: string | undefined,
  passwordHash: string | undefined,
): Promise<Person> {
  if (userId !== undefined) {
    const [user] = await making.tx.select().from(users).where(eq(users.id, userId));
    return user ? { userId, name: user.name, email: user.email } : refuse({ code: "UNAUTHENTICATED" });
  }
  const name = input.name ?? missing("name");
  const email = input.email ?? missing("email");
  const account = { name, email, passwordHash: passwordHash ?? missing("password") };
  return { userId: await insertAccount(making, account), name, email };
}

async function join(making: Making, row: InvitationRow, person: Person, context: PersonContext): Promise<void> {
  const { tx, now } = making;
  const { tenantId, id: invitationId, tenant } = row;
  await lockShards(tx, [tenantId]);
  const joining = { userId: person.userId, displayName: person.name };
  const member = await insertMember(making, tenantId, joining, row.roles, row.rolesExpireAt);
  const feedNumber = await appendToFeed(tx, tenantId, null, member.touched, now);
  const chain = { tenantId, workspaceId: await adminWorkspaceOf(tx, tenantId) };
  const by = { ...context, actor: member.id, at: now };
  await writeAudit(tx, chain, by, { type: "member.created", memberId: member.id, invitationId }, feedNumber);
  if (tenant.isRoot && (await makesOwner(making, row)))
    await noteOwner(making, { id: tenantId, adminId: chain.workspaceId, memberId: member.id }, context);
}

/** Whether a link makes its user an owner of the whole tenant, for good: who owns it for a while leaves nobody. */
async function makesOwner(making: Making, row: InvitationRow): Promise<boolean> {
  if (row.rolesExpireAt !== null) return false;
  const [owner] = await ownerRoles(making, { id: row.tenantId, isRoot: false });
  return row.roles.some(({ roleId, targetWorkspaceId }) => targetWorkspaceId === null && roleId === owner?.roleId);
}

/** A new password; whatever else opened the account is gone. */
async function resetAccount({ tx, now }: Making, userId: string, passwordHash: string | undefined): Promise<Person> {
  const password = passwordHash ?? missing("password");
  const isLogin = and(eq(accounts.userId, userId), eq(accounts.providerId, "credential"));
  const login = { userId, providerId: "credential", accountId: userId, password, createdAt: now, updatedAt: now };
  const changed = await tx
    .update(accounts)
    .set({ password, updatedAt: now })
    .where(isLogin)
    .returning({ id: accounts.id });
  if (changed.length === 0) await tx.insert(accounts).values({ id: newId("user"), ...login });
  await tx.delete(sessions).where(eq(sessions.userId, userId));
  await endPendingSignIns(tx, userId);
  await tx.delete(passkeys).where(eq(passkeys.userId, userId));
  await tx.delete(twoFactors).where(eq(twoFactors.userId, userId));
  const [user] = await tx
    .update(users)
    .set({ twoFactorEnabled: false, updatedAt: now })
    .where(eq(users.id, userId))
    .returning();
  return user ? { userId, name: user.name, email: user.email } : refuse({ code: "CODE_INVALID", what: "link" });
}

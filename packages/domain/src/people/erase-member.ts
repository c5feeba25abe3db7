import { createHash } from "node:crypto";
import type { Transaction } from "@mintmark/db";
import {
  auditEvents,
  clients,
  credentialSources,
  formerMembers,
  history,
  invitations,
  logExports,
  members,
  notices,
  ssoIdentities,
  tokenLog,
  tokenUses,
  users,
  verifications,
} from "@mintmark/db/schema";
import { and, eq, inArray, isNotNull, isNull, like, lte, or, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { z } from "zod";
import { type Actor, type Answer, type Changed, change, type Operation, refuse } from "../change/actor.ts";
import { adminWorkspaceOf } from "../change/audit.ts";
import type { Touched } from "../change/change-feed.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { touchedClient } from "../clients/client-row.ts";
import { id } from "../input.ts";
import { type FormerMemberRow, formerMemberRow } from "./former-member.ts";
import { belongsElsewhere } from "./inviter.ts";
import { locateMember } from "./member-row.ts";

const input = z.strictObject({ id });
type Input = z.infer<typeof input>;

/** What a former member is called from now on, everywhere: `Erased person 3f9a`. The same each time. */
const pseudonymOf = (memberId: string): string =>
  `Erased person ${createHash("sha256").update(memberId).digest("hex").slice(0, 4)}`;

/** Finds where it acts: the tenant as a whole. Who is a member still is found too, and told so. */
async function locateFormer(read: Reader, { id }: Input) {
  if (!(await formerMemberRow(read, id))) return locateMember(read, { id });
  return { target: null, row: { noun: "member", id, path: ["id"] } } as const;
}

/** One person, with all that they had in this tenant. */
interface Person {
  /** Every membership that they had and that ended. */
  readonly memberIds: readonly string[];
  /** When the last of them did: what is somebody else's by then names that one. */
  readonly removedAt: Date;
  /** Null: their account is gone. */
  readonly userId: string | null;
  readonly pseudonym: string;
}

const stillMember = (): never =>
  refuse({
    code: "PROTECTED",
    noun: "member",
    what: "This person is a member of the tenant: what names them is needed while they are.",
    mend: "Remove the member first, then erase what is left of them.",
  });

/** @throws Refusal PROTECTED for somebody who is a member, or is one again */
async function lockedPerson(write: Writer, memberId: string): Promise<Person> {
  const { tx, tenantId } = write;
  const row = await formerMemberRow(write, memberId, "lock");
  if (!row) return stillMember();
  const { userId } = row;
  if (userId !== null) {
    const isMember = and(eq(members.tenantId, tenantId), eq(members.userId, userId));
    if ((await tx.$count(members, isMember)) > 0) stillMember();
  }
  const all = userId === null ? [row] : await membershipsOf(write, userId);
  return {
    memberIds: [memberId, ...all.map((one) => one.id).filter((one) => one !== memberId)],
    removedAt: new Date(Math.max(...all.map((one) => one.removedAt.getTime()))),
    userId,
    pseudonym: pseudonymOf(memberId),
  };
}

const membershipsOf = ({ tx, tenantId }: Writer, userId: string): Promise<FormerMemberRow[]> =>
  tx
    .select()
    .from(formerMembers)
    .where(and(eq(formerMembers.tenantId, tenantId), eq(formerMembers.userId, userId)))
    .orderBy(formerMembers.id)
    .for("update");

/** What they had of their own, known by history: most of it is gone by now. */
interface Belongings {
  /** Clients that ended with them. */
  readonly ended: readonly string[];
  /** Clients that are a successor's: theirs no longer than they were here. */
  readonly handedOver: readonly string[];
  /** Personal tokens, and secrets of those clients. */
  readonly credentialIds: readonly string[];
}

async function belongingsOf({ tx, tenantId }: Writer, { memberIds, removedAt }: Person): Promise<Belongings> {
  const named = async (kind: string, member: string, ids: readonly string[], when?: SQL): Promise<string[]> => {
    const isNamed = inArray(sql`${history.body} ->> ${member}::text`, [...ids]);
    const rows = await tx
      .selectDistinct({ id: history.id })
      .from(history)
      .where(and(eq(history.tenantId, tenantId), eq(history.kind, kind), isNamed, when));
    return rows.map((row) => row.id);
  };
  const all = await named("client", "ownerMemberId", memberIds);
  const isOthers = and(eq(clients.tenantId, tenantId), inArray(clients.id, all), isNotNull(clients.ownerMemberId));
  const living = await tx
    .select({ id: clients.id, ownerMemberId: clients.ownerMemberId })
    .from(clients)
    .where(isOthers);
  const handedOver = living.filter((one) => !memberIds.includes(one.ownerMemberId ?? "")).map((one) => one.id);
  const tokens = await named("personalToken", "memberId", memberIds);
  const secrets = await named("clientSecret", "clientId", all, lte(history.at, removedAt));
  return {
    ended: all.filter((one) => !handedOver.includes(one)),
    handedOver,
    credentialIds: [...tokens, ...secrets],
  };
}

/** A condition: a record of what one of those clients did while it was theirs. */
const didAs = (client: PgColumn, at: PgColumn, { ended, handedOver }: Belongings, { removedAt }: Person) =>
  or(inArray(client, [...ended]), and(inArray(client, [...handedOver]), lte(at, removedAt)));

/** Their own clients go; one that a successor has loses the name that they gave it. */
async function forgetClients(write: Writer, person: Person, { ended, handedOver }: Belongings): Promise<Touched[]> {
  const { tx, tenantId } = write;
  const isOne = (ids: readonly string[]) => and(eq(clients.tenantId, tenantId), inArray(clients.id, [...ids]));
  const gone = await tx.delete(clients).where(isOne(ended)).returning();
  const named = await tx
    .update(clients)
    .set({ name: `Client of ${person.pseudonym}`, description: "", version: sql`${clients.version} + 1` })
    .where(isOne(handedOver))
    .returning();
  return [...gone.map((row) => ({ ...touchedClient(row), body: null })), ...named.map(touchedClient)];
}

/** From where they worked, and what was told of it. What was issued, and when, stays. */
async function forgetTraces({ tx, tenantId }: Writer, person: Person, belongings: Belongings): Promise<void> {
  const credentialIds = [...belongings.credentialIds];
  // What is a person's own lies there; the large tables are found by it.
  const workspaceId = await adminWorkspaceOf(tx, tenantId);
  const isThere = (table: typeof credentialSources | typeof tokenLog | typeof tokenUses) =>
    and(eq(table.tenantId, tenantId), eq(table.workspaceId, workspaceId));
  await tx
    .delete(credentialSources)
    .where(and(isThere(credentialSources), inArray(credentialSources.credentialId, credentialIds)));
  await tx.delete(notices).where(and(eq(notices.tenantId, tenantId), inArray(notices.credentialId, credentialIds)));
  await tx
    .delete(tokenUses)
    .where(and(isThere(tokenUses), didAs(tokenUses.client, tokenUses.firstAt, belongings, person)));
  await tx
    .update(tokenLog)
    .set({ address: "", agent: null })
    .where(and(isThere(tokenLog), didAs(tokenLog.client, tokenLog.at, belongings, person)));
  await tx
    .delete(logExports)
    .where(and(eq(logExports.tenantId, tenantId), inArray(logExports.principal, [...person.memberIds])));
}

/** Addresses and programs of what they did; the commitments to them stay, and with them the chain. */
async function forgetPersonalParts({ tx, tenantId }: Writer, person: Person, belongings: Belongings): Promise<void> {
  const isTheirs = or(
    inArray(auditEvents.actor, [...person.memberIds]),
    didAs(auditEvents.actor, auditEvents.at, belongings, person),
  );
  await tx
    .update(auditEvents)
    .set({ personal: null, salt: null })
    .where(and(eq(auditEvents.tenantId, tenantId), isNotNull(auditEvents.personal), isTheirs));
}

/** Where they were invited at: by the account's addresses, and by the link that each membership began with. */
async function forgetInvitations(
  { tx, tenantId }: Writer,
  { memberIds }: Person,
  addresses: readonly string[],
): Promise<void> {
  const began = tx
    .select({ id: sql<string>`${auditEvents.body} ->> 'invitationId'` })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.tenantId, tenantId),
        eq(auditEvents.type, "member.created"),
        inArray(auditEvents.actor, [...memberIds]),
      ),
    );
  await tx
    .update(invitations)
    .set({ email: null })
    .where(
      and(
        eq(invitations.tenantId, tenantId),
        isNotNull(invitations.email),
        or(inArray(sql`lower(${invitations.email})`, [...addresses]), inArray(invitations.id, began)),
      ),
    );
}

/** What the account and the tenant's provider say how they can be reached; in small letters. */
async function addressesOf({ tx, tenantId }: Writer, userId: string): Promise<readonly string[]> {
  const [user] = await tx.select({ email: users.email }).from(users).where(eq(users.id, userId)).for("update");
  const isIdentity = and(eq(ssoIdentities.tenantId, tenantId), eq(ssoIdentities.userId, userId));
  const said = await tx.delete(ssoIdentities).where(isIdentity).returning({ email: ssoIdentities.email });
  return [user, ...said].flatMap((one) => one?.email?.toLowerCase() ?? []);
}

/**
 * The account with its sessions, passkeys and second factors, where no tenant has this person. The account is locked by
 * now: who joins another tenant waits, or is seen.
 *
 * @returns whether it went
 */
async function forgetAccount(tx: Transaction, tenantId: string, userId: string): Promise<boolean> {
  if (await belongsElsewhere(tx, tenantId, userId)) return false;
  await tx.delete(verifications).where(like(verifications.value, `%${userId}%`));
  await tx.delete(users).where(eq(users.id, userId));
  return true;
}

async function erase(write: Writer, { id: memberId }: Input): Promise<Changed> {
  const { tx, tenantId, now } = write;
  // A whole audit log is looked through, which may take longer than any other change.
  await tx.execute(sql`set local statement_timeout = '5min'`);
  const person = await lockedPerson(write, memberId);
  const { memberIds, userId, pseudonym } = person;
  const belongings = await belongingsOf(write, person);
  const touched = await forgetClients(write, person, belongings);
  await forgetTraces(write, person, belongings);
  await forgetPersonalParts(write, person, belongings);
  await forgetInvitations(write, person, userId === null ? [] : await addressesOf(write, userId));
  const isNamed = and(eq(formerMembers.tenantId, tenantId), isNull(formerMembers.erasedAt));
  await tx
    .update(formerMembers)
    .set({ displayName: pseudonym, userId: null, erasedAt: now })
    .where(and(isNamed, inArray(formerMembers.id, [...memberIds])));
  const withAccount = userId !== null && (await forgetAccount(tx, tenantId, userId));
  return {
    id: memberId,
    event: {
      type: "member.erased",
      memberId,
      otherMemberIds: memberIds.slice(1),
      clientIds: [...belongings.ended, ...belongings.handedOver],
      withAccount,
    },
    workspaceId: null,
    touched: [...memberIds.map((one) => ({ kind: "member", id: one, workspaceId: null, body: null })), ...touched],
  };
}

const EraseMember: Operation<Input, "member:erase"> = {
  mutation: "eraseMember",
  permission: "member:erase",
  isDangerous: true,
  input,
  locate: locateFormer,
  run: erase,
};

/**
 * Erases what names a former member, for good: name, addresses, from where they worked, what they named, and their account
 * where no other tenant has them. What they did stays, under their member id and a name that says nothing (`Erased person
 * 3f9a`), and every chain of the audit log verifies as before. Who is a member is refused (PROTECTED). Erasing twice takes
 * what has come since.
 */
export const eraseMember = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, EraseMember, raw);

import { users, verifications } from "@mintmark/db/schema";
import { and, eq, gt } from "drizzle-orm";
import type { Installation } from "../change/handle.ts";
import { type PersonContext, recordMemberEvent } from "../change/member-event.ts";
import { noteMailbox } from "./mailbox.ts";
import { digestOfCode, grouped, newOneTimeCode } from "./one-time-code.ts";

const LIFETIME_MS = 15 * 60_000;
/** Forty bits: tries are few, and it is typed by hand. */
const LENGTH = 8;

/** A code that proves to whom an address belongs, and where it may go. */
export interface MailboxCode {
  readonly email: string;
  readonly code: string;
  readonly expiresAt: Date;
}

const idOf = (userId: string) => `mailbox-${userId}`;
const identifierOf = (code: string) => `mailbox-${digestOfCode(code).toString("base64url")}`;

/** Whether mail that is for a person alone may go to their address. */
export async function isMailboxConfirmed({ database }: Installation, userId: string): Promise<boolean> {
  const isTheirs = and(eq(users.id, userId), eq(users.emailVerified, true));
  return (await database.$count(users, isTheirs)) > 0;
}

/** Makes a code for the mailbox of whoever is signed in, good once and for 15 minutes; one of before is dead then. */
export async function newMailboxCode(
  { database, now }: Installation,
  { userId, email }: { readonly userId: string; readonly email: string },
): Promise<MailboxCode> {
  const code = newOneTimeCode(LENGTH);
  const expiresAt = new Date(now().getTime() + LIFETIME_MS);
  const row = { identifier: identifierOf(code), value: userId, expiresAt, updatedAt: now() };
  await database
    .insert(verifications)
    .values({ id: idOf(userId), ...row })
    .onConflictDoUpdate({ target: verifications.id, set: row });
  return { email, code: grouped(code), expiresAt };
}

/** Uses such a code: the address is the person's, from now on. Whether it was theirs, and still good. */
export async function confirmMailbox(
  installation: Installation,
  { userId, code, context }: { readonly userId: string; readonly code: string; readonly context: PersonContext },
): Promise<boolean> {
  const isConfirmed = await installation.database.transaction(async (tx) => {
    const now = installation.now();
    const isIt = and(
      eq(verifications.id, idOf(userId)),
      eq(verifications.identifier, identifierOf(code)),
      gt(verifications.expiresAt, now),
    );
    const used = await tx.delete(verifications).where(isIt).returning({ id: verifications.id });
    if (used.length > 0) await noteMailbox({ tx, installation, now }, userId);
    return used.length > 0;
  });
  if (isConfirmed) await recordMemberEvent(installation, userId, { type: "member.mailbox-confirmed" }, context);
  return isConfirmed;
}

import { accounts, sessions, users, verifications } from "@mintmark/db/schema";
import { and, desc, eq, gt, like, notInArray } from "drizzle-orm";
import { z } from "zod";
import { refuse } from "../change/actor.ts";
import type { Installation } from "../change/handle.ts";
import type { PersonContext } from "../change/member-event.ts";
import { parseInput } from "../input.ts";
import { hasMailbox } from "./mailbox.ts";
import { membershipsOf } from "./member.ts";
import { digestOfCode, newOneTimeCode } from "./one-time-code.ts";
import { email as emailAddress, type HashPassword, password } from "./person.ts";
import { endPersonalAccess } from "./personal-access.ts";
import { endPendingSignIns } from "./second-factor.ts";

const LIFETIME_MS = 45 * 60_000;
/** Links of one person that may be alive: a stranger who asks for more kills none that the person is about to use. */
const MOST_ALIVE = 3;

/** A link that sets a new password, and whose own address it may go to. */
export interface NewPasswordLink {
  readonly userId: string;
  readonly email: string;
  readonly link: string;
  readonly expiresAt: Date;
}

const identifierOf = (code: string) => `new-password-${digestOfCode(code).toString("base64url")}`;

/**
 * Makes a link, good once and for 45 minutes, for the account of an address. Older ones stay as they are until this one is
 * mailed: see `keepNewestLinks`.
 * `undefined` where nobody has that address, or never confirmed it, or only a provider has, or nobody in an active tenant:
 * never to be told to whoever asked.
 */
export async function newPasswordLink(installation: Installation, typed: string): Promise<NewPasswordLink | undefined> {
  const { database, origin, now } = installation;
  const address = emailAddress.safeParse(typed);
  if (!address.success) return undefined;
  const [user] = await database
    .select({ id: users.id, email: users.email })
    .from(users)
    .where(and(eq(users.email, address.data), hasMailbox()));
  if (!user || (await membershipsOf(installation, user.id)).length === 0) return undefined;
  const code = newOneTimeCode();
  const expiresAt = new Date(now().getTime() + LIFETIME_MS);
  const identifier = identifierOf(code);
  await database
    .insert(verifications)
    .values({ id: identifier, identifier, value: user.id, expiresAt, createdAt: now(), updatedAt: now() });
  return { userId: user.id, email: user.email, link: `${origin}/console/new-password/${code}`, expiresAt };
}

/** Once a link is mailed: ends a person's links but the newest three. */
export async function keepNewestLinks({ database }: Installation, userId: string): Promise<void> {
  const isTheirs = and(eq(verifications.value, userId), like(verifications.identifier, "new-password-%"));
  const newest = database
    .select({ id: verifications.id })
    .from(verifications)
    .where(isTheirs)
    .orderBy(desc(verifications.createdAt), desc(verifications.id))
    .limit(MOST_ALIVE);
  await database.delete(verifications).where(and(isTheirs, notInArray(verifications.id, newest)));
}

const code = z.string().max(100, "The code of a link has at most 100 characters.");

const isOpen = (typed: string, now: Date) =>
  and(eq(verifications.identifier, identifierOf(typed)), gt(verifications.expiresAt, now));

/** Whose password a link sets, and until when. @throws Refusal CODE_INVALID, INVALID_INPUT */
export async function readNewPasswordLink(
  { database, now }: Installation,
  raw: unknown,
): Promise<{ readonly email: string; readonly expiresAt: Date }> {
  const { input } = parseInput(z.strictObject({ code }), raw);
  const [found] = await database
    .select({ email: users.email, expiresAt: verifications.expiresAt })
    .from(verifications)
    .innerJoin(users, eq(users.id, verifications.value))
    .where(isOpen(input.code, now()));
  return found ?? refuse({ code: "CODE_INVALID", what: "mailed link" });
}

const Input = z.strictObject({ code, password });

/**
 * Uses such a link, once: the person has a new password; every session ends, every sign-in that waits for its second factor,
 * and their personal tokens and clients. Their second factors stay: whoever reads somebody's mail alone is not in.
 *
 * @throws Refusal CODE_INVALID, INVALID_INPUT
 */
export async function setNewPassword(
  installation: Installation,
  raw: unknown,
  by: { readonly hash: HashPassword; readonly context: PersonContext },
): Promise<{ readonly email: string; readonly password: string }> {
  const { input } = parseInput(Input, raw);
  const { email } = await readNewPasswordLink(installation, { code: input.code });
  if (input.password.toLowerCase() === email)
    refuse({
      code: "INVALID_INPUT",
      path: ["password"],
      problem: "The password is the e-mail address.",
      mend: "Choose another password.",
    });
  const hashed = await by.hash(input.password);
  await installation.database.transaction(async (tx) => {
    const now = installation.now();
    const [link] = await tx.select({ userId: verifications.value }).from(verifications).where(isOpen(input.code, now));
    if (!link) return refuse({ code: "CODE_INVALID", what: "mailed link" });
    // First the account, as in every change of a password: what ends the links of a person holds it.
    const changed = await tx
      .update(accounts)
      .set({ password: hashed, updatedAt: now })
      .where(and(eq(accounts.userId, link.userId), eq(accounts.providerId, "credential")))
      .returning({ id: accounts.id });
    // Of two who use it at once, the second finds it gone.
    const used = await tx.delete(verifications).where(isOpen(input.code, now)).returning({ id: verifications.id });
    if (changed.length === 0 || used.length === 0) return refuse({ code: "CODE_INVALID", what: "mailed link" });
    await tx.delete(sessions).where(eq(sessions.userId, link.userId));
    await endPendingSignIns(tx, link.userId);
    const making = { tx, installation, now };
    await endPersonalAccess(making, link.userId, by.context, { type: "member.password-set-by-mail" });
  });
  return { email, password: input.password };
}

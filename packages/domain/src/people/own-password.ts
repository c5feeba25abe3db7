import { randomBytes } from "node:crypto";
import { accounts, sessions } from "@mintmark/db/schema";
import { and, eq, ne } from "drizzle-orm";
import type { Installation } from "../change/handle.ts";
import { Refusal } from "../failure.ts";
import { endPendingSignIns } from "./second-factor.ts";

/** Whose password is changed, by which of their sessions, and to what, hashed. */
interface OwnPassword {
  readonly userId: string;
  /** The session's id. */
  readonly id: string;
  readonly passwordHash: string;
}

/**
 * Sets a person's password anew by one of their sessions, which goes on under another token; every other one ends, and every
 * sign-in and link that waits. A session that was ended meanwhile changes nothing: it would undo the reset that ended it.
 *
 * @returns the session's new token
 * @throws Refusal UNAUTHENTICATED
 */
export async function changeOwnPassword(
  { database, now }: Installation,
  { userId, id, passwordHash: password }: OwnPassword,
): Promise<string> {
  const token = randomBytes(24).toString("hex");
  await database.transaction(async (tx) => {
    const updatedAt = now();
    const isTheirs = and(eq(accounts.userId, userId), eq(accounts.providerId, "credential"));
    // First, as in a reset: of the two, the second finds what the first has ended.
    await tx.update(accounts).set({ password, updatedAt }).where(isTheirs);
    const isThis = and(eq(sessions.userId, userId), eq(sessions.id, id));
    const kept = await tx.update(sessions).set({ token, updatedAt }).where(isThis).returning({ id: sessions.id });
    if (kept.length === 0) throw new Refusal({ code: "UNAUTHENTICATED" });
    await tx.delete(sessions).where(and(eq(sessions.userId, userId), ne(sessions.id, id)));
    await endPendingSignIns(tx, userId);
  });
  return token;
}

import type { Transaction } from "@mintmark/db";
import { sessions } from "@mintmark/db/schema";
import { and, desc, eq, gt, inArray, ne } from "drizzle-orm";
import type { Installation } from "../change/handle.ts";
import { Refusal } from "../failure.ts";

/** A session that nobody uses ends after this long. */
const IDLE_MS = 12 * 3600_000;
/** A session ends after this many seconds whatever happens. */
export const SESSION_LIFETIME_S = 7 * 86_400;
/** How exactly "last seen" is kept. */
const SEEN_EVERY_MS = 60_000;

/** A person's session; its token is the sign-in library's affair. */
export interface Session {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly endsAt: Date;
  readonly address: string | null;
  readonly agent: string | null;
}

/**
 * Notes that a session is used now. False when it has been idle for too long: it is gone then.
 *
 * @throws the driver's error when the database is away
 */
export async function useSession(
  { database, now }: Installation,
  session: { readonly id: string; readonly lastSeenAt: Date },
): Promise<boolean> {
  const at = now();
  const unseen = at.getTime() - session.lastSeenAt.getTime();
  if (unseen > IDLE_MS) {
    await database.delete(sessions).where(eq(sessions.id, session.id));
    return false;
  }
  if (unseen > SEEN_EVERY_MS)
    await database.update(sessions).set({ lastSeenAt: at }).where(eq(sessions.id, session.id));
  return true;
}

/** What makes a session that is still there a living one. */
const isAliveAt = (at: Date) =>
  and(gt(sessions.expiresAt, at), gt(sessions.lastSeenAt, new Date(at.getTime() - IDLE_MS)));

/** Those of the sessions that live; to ask is no use of them. @throws the driver's error when the database is away */
export async function livingSessions(
  { database, now }: Installation,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await database
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(inArray(sessions.id, [...ids]), isAliveAt(now())));
  return new Set(rows.map(({ id }) => id));
}

/** A person's living sessions, the newest first. */
export async function sessionsOf({ database, now }: Installation, userId: string): Promise<readonly Session[]> {
  return database
    .select({
      id: sessions.id,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.lastSeenAt,
      endsAt: sessions.expiresAt,
      address: sessions.ipAddress,
      agent: sessions.userAgent,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), isAliveAt(now())))
    .orderBy(desc(sessions.createdAt), desc(sessions.id));
}

/** Which of a person's sessions to end. */
export type EndingSessions = { readonly id: string } | { readonly allBut: string };

/** Ends sessions of a person at once; answers how many. */
export async function endSessions({ database }: Installation, userId: string, which: EndingSessions): Promise<number> {
  const isMeant = "id" in which ? eq(sessions.id, which.id) : ne(sessions.id, which.allBut);
  const ended = await database
    .delete(sessions)
    .where(and(eq(sessions.userId, userId), isMeant))
    .returning({ id: sessions.id });
  return ended.length;
}

/**
 * Holds a session until the transaction ends, for what outlives it: whoever ends it waits, and then ends that as well.
 *
 * @throws Refusal UNAUTHENTICATED when it has ended
 */
export async function holdSession(tx: Transaction, id: string | undefined): Promise<void> {
  const isIt = eq(sessions.id, id ?? "");
  // That it is used is noted meanwhile all the same.
  const [held] = await tx.select({ id: sessions.id }).from(sessions).where(isIt).for("key share");
  if (!held) throw new Refusal({ code: "UNAUTHENTICATED" });
}

/** Notes that the person of a session has just proved again who they are; answers when. */
export async function noteStepUp({ database, now }: Installation, sessionId: string): Promise<Date> {
  const authenticatedAt = now();
  await database
    .update(sessions)
    .set({ authenticatedAt, lastSeenAt: authenticatedAt })
    .where(eq(sessions.id, sessionId));
  return authenticatedAt;
}

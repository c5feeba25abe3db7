import { accounts, sessions, users } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import type { Installation } from "../change/handle.ts";
import { endPendingSignIns } from "./second-factor.ts";

/** Says whether the password is that one still; where not, the session with that token is gone, or what waits for its second factor. */
export type WatchedPassword = (token: string | undefined) => Promise<boolean>;

/**
 * Looks at a person's password before a sign-in is judged by it, to be asked afterwards: one that began with a password which
 * was set anew meanwhile would outlive what that ended.
 */
export async function watchPassword(
  { database }: Installation,
  who: { readonly email: string } | { readonly userId: string },
): Promise<WatchedPassword> {
  const isTheirs = and(
    eq(accounts.providerId, "credential"),
    "email" in who ? eq(users.email, who.email) : eq(users.id, who.userId),
  );
  const look = () =>
    database
      .select({ userId: users.id, password: accounts.password })
      .from(accounts)
      .innerJoin(users, eq(users.id, accounts.userId))
      .where(isTheirs);
  const [before] = await look();
  return async (token) => {
    // Waits for whoever sets it now; who sets it later finds what was begun, and ends it.
    const [after] = await look().for("share", { of: accounts });
    if (after?.password === before?.password) return true;
    if (token !== undefined) await database.delete(sessions).where(eq(sessions.token, token));
    else if (after) await endPendingSignIns(database, after.userId);
    return false;
  };
}

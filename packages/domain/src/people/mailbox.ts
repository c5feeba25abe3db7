import { users } from "@mintmark/db/schema";
import { and, eq, type SQL } from "drizzle-orm";
import { isNoSsoUser } from "../sso/sso-identity.ts";
import type { Making } from "../tenancy/new-workspace.ts";

/** For a query over `users`: the address is proved to be theirs, so mail that is for them alone may go there. */
export const hasMailbox = (): SQL | undefined => and(eq(users.emailVerified, true), isNoSsoUser());

/** Notes that a link which was mailed there, and shown nowhere else, came back: the address is theirs. */
export async function noteMailbox({ tx, now }: Making, userId: string): Promise<void> {
  await tx.update(users).set({ emailVerified: true, updatedAt: now }).where(eq(users.id, userId));
}

import { accounts, passkeys, sessions } from "@mintmark/db/schema";
import { and, eq, gte } from "drizzle-orm";
import type { Installation } from "../change/handle.ts";

/**
 * Looks, once a session has added a passkey, whether that session is there still. Where it was ended meanwhile the passkey is
 * gone, and whatever it opened: it would outlive what ended the session.
 *
 * @returns whether the passkey stays
 */
export async function keepPasskey(
  { database }: Installation,
  { id, userId, sessionId }: { readonly id: string; readonly userId: string; readonly sessionId: string },
): Promise<boolean> {
  // Waits for whoever ends the session now; a reset that ends it later finds the passkey.
  const isIt = and(eq(sessions.id, sessionId), eq(sessions.userId, userId));
  const [session] = await database.select({ id: sessions.id }).from(sessions).where(isIt).for("key share");
  if (session) return true;
  const [ended] = await database
    .delete(passkeys)
    .where(and(eq(passkeys.id, id), eq(passkeys.userId, userId)))
    .returning({ madeAt: passkeys.createdAt });
  if (ended)
    await database.delete(sessions).where(and(eq(sessions.userId, userId), gte(sessions.createdAt, ended.madeAt)));
  return false;
}

/**
 * Looks, once a passkey has begun a session, whether that passkey is there still. Where it was removed meanwhile, by a reset
 * perhaps, the session with that token is gone.
 *
 * @param credentialId as the device names the passkey
 * @returns whether the session stays
 */
export async function keepPasskeySession(
  { database }: Installation,
  { credentialId, userId, token }: { readonly credentialId: string; readonly userId: string; readonly token: string },
): Promise<boolean> {
  // A statement of its own: it waits for a reset that runs now, and the next one sees what that did. A later one ends the session.
  await database.select({ id: accounts.id }).from(accounts).where(eq(accounts.userId, userId)).for("share");
  const isIt = and(eq(passkeys.credentialId, credentialId), eq(passkeys.userId, userId));
  if ((await database.$count(passkeys, isIt)) > 0) return true;
  await database.delete(sessions).where(eq(sessions.token, token));
  return false;
}

import { createHash } from "node:crypto";
import type { Database, Transaction } from "@mintmark/db";
import { verifications } from "@mintmark/db/schema";
import { and, eq, like, lt, or } from "drizzle-orm";
import type { Installation } from "../change/handle.ts";

/** Longer than a TOTP code is good for; a backup code is gone by then. */
const CLAIMED_MS = 120_000;

/** Whether this is the first to try a person's code, on all servers: of many at once one goes on. */
export async function claimCode({ database, now }: Installation, userId: string, code: string): Promise<boolean> {
  const id = `code-${createHash("sha256").update(`${userId} ${code}`).digest("base64url")}`;
  const expiresAt = new Date(now().getTime() + CLAIMED_MS);
  const claimed = await database
    .insert(verifications)
    .values({ id, identifier: id, value: "used", expiresAt, updatedAt: now() })
    .onConflictDoUpdate({ target: verifications.id, set: { expiresAt }, setWhere: lt(verifications.expiresAt, now()) })
    .returning({ id: verifications.id });
  return claimed.length > 0;
}

/** Ends every sign-in of a person that waits for its second factor, every device that needs none, and every link that was mailed. */
export async function endPendingSignIns(database: Database | Transaction, userId: string): Promise<void> {
  const isOpen = or(
    ...["2fa-%", "trust-device-%", "new-password-%"].map((name) => like(verifications.identifier, name)),
  );
  await database.delete(verifications).where(and(eq(verifications.value, userId), isOpen));
}

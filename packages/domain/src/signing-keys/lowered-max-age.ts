import type { Transaction } from "@mintmark/db";
import { workspaces } from "@mintmark/db/schema";
import { type SQL, sql } from "drizzle-orm";
import type { EffectiveSettings } from "../settings/settings.ts";

/**
 * Notes for workspaces that verifiers may keep their JWK Sets for a shorter time from now on; nothing where it is as long
 * as it was. Who fetched one before keeps it for as long as was said then, so the next keys wait for that.
 *
 * @param which the workspaces whose setting that is
 */
export async function noteLoweredMaxAge(
  tx: Transaction,
  which: SQL | undefined,
  { jwksMaxAge: former }: EffectiveSettings,
  { jwksMaxAge: next }: EffectiveSettings,
  now: Date,
): Promise<void> {
  if (next.value >= former.value) return;
  // Sets of before an earlier change may be kept still.
  const isOpen = sql`${workspaces.jwksLoweredAt} + make_interval(secs => 2 * ${workspaces.jwksMaxAgeBefore}) > ${now.toISOString()}`;
  const before = sql`greatest(${former.value}::int, case when ${isOpen} then ${workspaces.jwksMaxAgeBefore} else 0 end)`;
  await tx.update(workspaces).set({ jwksLoweredAt: now, jwksMaxAgeBefore: before }).where(which);
}

import { clients, secretRotations } from "@mintmark/db/schema";
import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { lockShards } from "../change/change-feed.ts";
import type { Installation } from "../change/handle.ts";
import { recordByServer } from "../change/server-act.ts";
import { isDueToRetire, retire } from "./secret-rotation.ts";

/** Rotations looked at in one go. Which of more, chance says: those that wait for weeks must not stand before the others. */
const MOST = 500;

/**
 * Retires rotated secrets that have been quiet for long enough, where their rotation says so. What it does not do the
 * end of the overlap does, by time alone.
 *
 * @returns how many
 */
export async function retireQuietSecrets(installation: Installation): Promise<number> {
  const { database, now } = installation;
  const isDue = and(
    eq(secretRotations.autoRetire, true),
    isNull(secretRotations.retiredAt),
    gt(secretRotations.endsAt, now()),
  );
  const running = await database.select().from(secretRotations).where(isDue).orderBy(sql`random()`).limit(MOST);
  let retired = 0;
  for (const { tenantId, clientId, formerId } of running) {
    await database.transaction(async (tx) => {
      // As every change of a secret does: what was looked at may have been changed meanwhile.
      const isClient = and(eq(clients.tenantId, tenantId), eq(clients.id, clientId));
      await tx.select({ id: clients.id }).from(clients).where(isClient).for("no key update");
      const isIt = and(eq(secretRotations.tenantId, tenantId), eq(secretRotations.formerId, formerId), isDue);
      const [rotation] = await tx.select().from(secretRotations).where(isIt);
      const at = now();
      if (!rotation || !(await isDueToRetire({ tx, now: at }, rotation))) return;
      retired++;
      const { former, touched } = await retire({ tx, tenantId, now: at }, rotation);
      await lockShards(tx, [tenantId]);
      const { workspaceId, hint } = former;
      const event = { type: "client-secret.retired", clientId, secretId: formerId, hint } as const;
      await recordByServer(tx, installation, { tenantId, workspaceId, touched, event });
    });
  }
  return retired;
}

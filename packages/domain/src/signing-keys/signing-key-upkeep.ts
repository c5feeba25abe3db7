import { lockShards } from "../change/change-feed.ts";
import type { Installation } from "../change/handle.ts";
import { recordByServer } from "../change/server-act.ts";
import { planUpkeep } from "./key-plan.ts";
import { completeSealing, lockKeys, writeKeyPlan } from "./signing-key-rows.ts";

/** Workspaces looked at in one go: the rest waits for the next minute. */
const MOST_WORKSPACES = 500;

/**
 * Gives every workspace the keys that its policy asks for: a published next key, an end for those before it. Plans are
 * made from time alone, long before they take effect; so it does not matter when this runs, or whether it ran twice.
 *
 * @returns how many workspaces had something due
 */
export async function keepSigningKeys(installation: Installation): Promise<number> {
  const { database, now } = installation;
  const due = await duePlaces(installation);
  let kept = 0;
  for (const place of due) {
    await database.transaction(async (tx) => {
      const { policy, keys } = await lockKeys(tx, place);
      const plan = planUpkeep(keys, policy, now());
      const completed = await completeSealing(tx, installation, place);
      const touched = await writeKeyPlan(tx, installation, place, policy, plan);
      if (touched.length === 0 && completed === 0) return;
      kept++;
      await lockShards(tx, [place.tenantId]);
      const event = {
        type: "signing-key.scheduled",
        workspaceId: place.workspaceId,
        kids: touched.map(({ id }) => id),
      } as const;
      await recordByServer(tx, installation, { ...place, touched, event });
    });
  }
  return kept;
}

/** Living workspaces without a published next key, with one that cannot seal, with one that begins soon, or with a key of a former algorithm. */
async function duePlaces({ database: { sql }, now }: Installation) {
  const at = now();
  const soon = new Date(at.getTime() + 7_200_000);
  return sql<{ tenantId: string; workspaceId: string }[]>`
    select w.tenant_id as "tenantId", w.id as "workspaceId" from workspaces w
    where w.status <> 'deleted' and (
      not exists (
        select from signing_keys k where k.tenant_id = w.tenant_id and k.workspace_id = w.id
          and k.alg = w.settings ->> 'signingAlgorithm' and k.revoked_at is null and k.remove_at is null
          and k.activate_at > ${at})
      or exists (
        select from signing_keys k where k.tenant_id = w.tenant_id and k.workspace_id = w.id
          and k.revoked_at is null and k.remove_at is null
          and (k.wrapped_sealing_key is null or k.activate_at between ${at} and ${soon} or k.alg <> w.settings ->> 'signingAlgorithm')))
    order by w.tenant_id, w.id limit ${MOST_WORKSPACES}`;
}

import { lockShards } from "../change/change-feed.ts";
import type { Installation } from "../change/handle.ts";
import { recordByServer } from "../change/server-act.ts";
import { LOOK_MS, planUpkeep } from "./key-plan.ts";
import { completeSealing, lockKeys, writeKeyPlan } from "./signing-key-rows.ts";

/** Workspaces looked at in one go: the rest waits for the next minute. */
const MOST_WORKSPACES = 500;
/** Twice the longest time that a JWK Set may be cached. */
const LONGEST_RIPENING_MS = 7_200_000;

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
      const touched = await writeKeyPlan(tx, installation, place, plan);
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

/**
 * Living workspaces that something may be due for. First those where it is: without a published next key of an algorithm
 * that they or a client of theirs chose, or with one that cannot seal; one look ends that. Then those that time alone takes
 * off the list, the next to begin first: a key that begins soon, and may be too young for that; a key of an algorithm that
 * nobody chose any more; a chosen algorithm that does not sign. However many those are, they keep nobody from a next key.
 */
async function duePlaces({ database: { sql }, now }: Installation) {
  const at = now();
  const soon = new Date(at.getTime() + LONGEST_RIPENING_MS);
  const lookedAgain = new Date(at.getTime() + LOOK_MS);
  return sql<{ tenantId: string; workspaceId: string }[]>`
    select w.tenant_id as "tenantId", w.id as "workspaceId" from workspaces w
    cross join lateral (
      select array_append(array_agg(distinct c.settings ->> 'signingAlgorithm'), w.settings ->> 'signingAlgorithm') as algs
      from clients c where c.tenant_id = w.tenant_id and c.workspace_id = w.id
        and c.settings ->> 'signingAlgorithm' is not null) chosen
    cross join lateral (
      select
        coalesce(array_agg(k.alg) filter (where k.activate_at > ${lookedAgain}) @> chosen.algs, false) as "hasNext",
        bool_or(k.wrapped_sealing_key is null) as "lacksSealing",
        bool_or(k.alg <> all (chosen.algs) or k.activate_at between ${at} and ${soon})
          or not coalesce(array_agg(k.alg) filter (where k.activate_at <= ${at}) @> chosen.algs, false) as "isInTransition",
        min(k.activate_at) filter (where k.activate_at > ${at}) as "begins"
      from signing_keys k
      where k.tenant_id = w.tenant_id and k.workspace_id = w.id and k.revoked_at is null and k.remove_at is null) keys
    where w.status <> 'deleted' and (not "hasNext" or "lacksSealing" or "isInTransition")
    order by "hasNext" and not "lacksSealing", "begins", w.tenant_id, w.id limit ${MOST_WORKSPACES}`;
}

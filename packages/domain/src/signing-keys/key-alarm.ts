import type { Database } from "@mintmark/db";
import { signingKeyState } from "@mintmark/token-issuer";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import { patient } from "../patience.ts";
import { findWorkspace } from "../tenancy/workspace-row.ts";
import { algorithmsOf, type KeyPolicy, type ScheduledKey } from "./key-plan.ts";
import { scheduledKeysOf } from "./signing-key.ts";
import { keyPolicyAt } from "./signing-key-rows.ts";

/** Nobody follows the key that signs, or nobody signs: the upkeep of keys does not run, or failed. */
export interface SigningKeyAlarm {
  /** The key that signs; null: none does. */
  readonly kid: string | null;
  /** When its time is over. */
  readonly endsAt: Date | null;
}

const DAY_MS = 86_400_000;

/** What is wrong with a workspace's keys: each algorithm that somebody chose has a published next key. Pure. */
export function keyAlarm(keys: readonly ScheduledKey[], policy: KeyPolicy, now: Date): SigningKeyAlarm | undefined {
  const active = keys
    .filter((key) => signingKeyState(key, now) === "active")
    .toSorted((a, b) => Number(a.activateAt) - Number(b.activateAt));
  const lacking = algorithmsOf(policy).find(
    (alg) => !keys.some((key) => key.alg === alg && signingKeyState(key, now) === "next"),
  );
  if (active.length > 0 && lacking === undefined) return undefined;
  const signs = active.findLast(({ alg }) => alg === lacking) ?? active.at(-1);
  if (!signs?.activateAt) return { kid: null, endsAt: null };
  // Planned when it still had one to follow it.
  const { kid, retireAt = new Date(signs.activateAt.getTime() + policy.lifetime * DAY_MS) } = signs;
  return { kid, endsAt: retireAt };
}

/** The alarm of a workspace; `undefined` where all is well, or its keys may not be seen. */
export async function signingKeyAlarm(actor: Actor, workspaceId: string): Promise<SigningKeyAlarm | undefined> {
  const { tx, tenantId, now } = readerOf(actor);
  const workspace = await findWorkspace(tx, tenantId, workspaceId);
  if (!workspace || !mayRead(actor, "workspace:read", { workspaceId, kind: workspace.kind })) return undefined;
  const place = { tenantId, workspaceId };
  const policy = await keyPolicyAt(tx, place);
  return keyAlarm(await scheduledKeysOf(tx, place), policy, now);
}

/** Milliseconds that a scrape waits for the number. */
const PATIENCE_MS = 2_000;

/**
 * Living workspaces where a published next key is missing of an algorithm that they or a client of theirs chose;
 * `undefined` while the database does not say.
 */
export async function workspacesWithoutNextKey({ sql }: Pick<Database, "sql">): Promise<number | undefined> {
  const counting = sql<{ workspaces: number }[]>`
    select count(*)::int as workspaces from workspaces w
    where w.status <> 'deleted' and exists (
      select w.settings ->> 'signingAlgorithm' as alg union select c.settings ->> 'signingAlgorithm' from clients c
      where c.tenant_id = w.tenant_id and c.workspace_id = w.id and c.settings ->> 'signingAlgorithm' is not null
      except select k.alg from signing_keys k where k.tenant_id = w.tenant_id and k.workspace_id = w.id
        and k.revoked_at is null and k.remove_at is null and k.activate_at > clock_timestamp())`;
  return patient(counting, PATIENCE_MS).then(
    ([row]) => row?.workspaces,
    () => undefined,
  );
}

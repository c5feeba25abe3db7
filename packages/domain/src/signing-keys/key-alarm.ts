import type { Database } from "@mintmark/db";
import { signingKeyState } from "@mintmark/token-issuer";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import { patient } from "../patience.ts";
import { effectiveSettingsAt } from "../settings/settings.ts";
import { findWorkspace } from "../tenancy/workspace-row.ts";
import type { KeyPolicy, ScheduledKey } from "./key-plan.ts";
import { scheduledKeysOf } from "./signing-key.ts";
import { keyPolicyOf } from "./signing-key-rows.ts";

/** Nobody follows the key that signs, or nobody signs: the upkeep of keys does not run, or failed. */
export interface SigningKeyAlarm {
  /** The key that signs; null: none does. */
  readonly kid: string | null;
  /** When its time is over. */
  readonly endsAt: Date | null;
}

const DAY_MS = 86_400_000;

/** What is wrong with a workspace's keys: each key that signs has a published one of the policy's algorithm to follow it. Pure. */
export function keyAlarm(keys: readonly ScheduledKey[], policy: KeyPolicy, now: Date): SigningKeyAlarm | undefined {
  const signs = keys
    .filter((key) => signingKeyState(key, now) === "active")
    .toSorted((a, b) => Number(a.activateAt) - Number(b.activateAt))
    .at(-1);
  const hasNext = keys.some((key) => key.alg === policy.alg && signingKeyState(key, now) === "next");
  if (signs && hasNext) return undefined;
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
  const policy = keyPolicyOf(await effectiveSettingsAt(tx, place));
  return keyAlarm(await scheduledKeysOf(tx, place), policy, now);
}

/** Milliseconds that a scrape waits for the number. */
const PATIENCE_MS = 2_000;

/** Living workspaces whose keys have no published successor, or that have no key at all; `undefined` while the database does not say. */
export async function workspacesWithoutNextKey({ sql }: Pick<Database, "sql">): Promise<number | undefined> {
  const counting = sql<{ workspaces: number }[]>`
    select count(*)::int as workspaces from workspaces w
    where w.status <> 'deleted' and not exists (
      select from signing_keys k where k.tenant_id = w.tenant_id and k.workspace_id = w.id
        and k.alg = w.settings ->> 'signingAlgorithm' and k.revoked_at is null and k.remove_at is null
        and k.activate_at > clock_timestamp())`;
  return patient(counting, PATIENCE_MS).then(
    ([row]) => row?.workspaces,
    () => undefined,
  );
}

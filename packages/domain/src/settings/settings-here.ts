import { clients } from "@mintmark/db/schema";
import { type Actor, mayRead, read, readerOf } from "../change/actor.ts";
import { livingRow, targetOf } from "../living-row.ts";
import { findWorkspace, type Workspace } from "../tenancy/workspace-row.ts";
import {
  type EffectiveSetting,
  effectiveSettings,
  type OwnSettings,
  type OwnSettingsByLevel,
  ownSettingsByLevel,
  type SettingName,
  type Settings,
  settingLevels,
} from "./settings.ts";

/** A setting as it stands at one level: what counts there, what that level itself says, and what would count without it. */
export interface SettingHere<T> extends EffectiveSetting<T> {
  /** `null`: nothing. */
  readonly own: T | null;
  readonly inherited: EffectiveSetting<T>;
}

export type SettingsHere = { readonly [N in SettingName]: SettingHere<Settings[N]> };

/** What counts at the nearest of those levels, what that one says itself, and what it would inherit. Pure. */
export function settingsHere(byLevel: OwnSettingsByLevel): SettingsHere {
  const nearest = settingLevels.findLast((level) => byLevel[level] !== undefined);
  const own: OwnSettings = (nearest && byLevel[nearest]) ?? {};
  const above = effectiveSettings(nearest ? { ...byLevel, [nearest]: {} } : byLevel);
  const here = Object.entries(effectiveSettings(byLevel)).map(([name, setting]) => [
    name,
    { ...setting, own: own[name as SettingName] ?? null, inherited: above[name as SettingName] },
  ]);
  return Object.fromEntries(here) as SettingsHere;
}

/** What counts for the installation. @throws Refusal when the actor may not see it */
export const installationSettings = (actor: Actor): Promise<SettingsHere> =>
  read(actor, "installation-settings:read", null, async ({ tx }) => {
    const { installation = {} } = await ownSettingsByLevel(tx, { tenantId: "" });
    return settingsHere({ installation });
  });

/** What counts for the actor's tenant; `undefined` for another tenant. @throws Refusal when the actor may not see it */
export async function tenantSettings(actor: Actor, tenantId?: string): Promise<SettingsHere | undefined> {
  const own = readerOf(actor).tenantId;
  if (tenantId !== undefined && tenantId !== own) return undefined;
  return read(actor, "tenant-settings:read", null, async ({ tx }) =>
    settingsHere(await ownSettingsByLevel(tx, { tenantId: own })),
  );
}

/** What counts in a workspace; `undefined` where the actor may not see it. */
export async function workspaceSettings(actor: Actor, workspaceId: string): Promise<SettingsHere | undefined> {
  const { tx, tenantId } = readerOf(actor);
  const workspace = await findWorkspace(tx, tenantId, workspaceId);
  if (!workspace || !mayRead(actor, "settings:read", { workspaceId, kind: workspace.kind })) return undefined;
  return issuingHere(workspace.kind, settingsHere(await ownSettingsByLevel(tx, { tenantId, workspaceId })));
}

/** What counts for a client; `undefined` where the actor may not see it. */
export async function clientSettings(actor: Actor, clientId: string): Promise<SettingsHere | undefined> {
  const reader = readerOf(actor);
  const client = await livingRow(reader, clients, clientId);
  if (!client || !mayRead(actor, "client:read", targetOf(client))) return undefined;
  const { tenantId, workspaceId } = client;
  const settings = settingsHere(await ownSettingsByLevel(reader.tx, { tenantId, workspaceId, clientId }));
  return issuingHere(targetOf(client).kind, settings);
}

/** The special workspaces issue whatever the levels above say. */
const issuingHere = (kind: Workspace["kind"], settings: SettingsHere): SettingsHere =>
  kind === "custom" ? settings : { ...settings, issuance: { ...issuing, own: null, inherited: issuing } };
const issuing = { value: "active", level: "default" } as const;

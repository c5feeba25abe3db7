import { clients, installation as installations, tenants, workspaces } from "@mintmark/db/schema";
import type { ClientAuthenticationMethod } from "@mintmark/token-issuer";
import { and, eq, ne, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import {
  type Actor,
  type Answer,
  type Changed,
  change,
  type Operation,
  refuse,
  refuseWithoutStepUp,
} from "../change/actor.ts";
import type { Touched } from "../change/change-feed.ts";
import type { Writer } from "../change/handle.ts";
import { clientToChange, touchedClient, updateClientRow } from "../clients/client-row.ts";
import { id } from "../input.ts";
import { locateRow } from "../living-row.ts";
import { keepingAnOwner } from "../people/last-owner.ts";
import { type AlgorithmChoice, algorithmsInTurn } from "../signing-keys/algorithm-choice.ts";
import { firstThatSigns, planChoice, planUpkeep } from "../signing-keys/key-plan.ts";
import { noteLoweredMaxAge } from "../signing-keys/lowered-max-age.ts";
import { scheduledKeysOf } from "../signing-keys/signing-key.ts";
import { completeSealing, lockKeys, writeKeyPlan } from "../signing-keys/signing-key-rows.ts";
import { touchedWorkspace } from "../tenancy/new-workspace.ts";
import { touchedTenant } from "../tenancy/tenant-row.ts";
import { asWorkspace, locateWorkspace, type Workspace } from "../tenancy/workspace-row.ts";
import { refuseLargeClaims } from "./custom-claims.ts";
import {
  clientSettingInputs,
  effectiveSettings,
  type OwnSettings,
  type OwnSettingsByLevel,
  ownSettingsByLevel,
  type SettingsUpdate,
  settingInputs,
  updatedSettings,
  workspaceSettingInputs,
} from "./settings.ts";

/** Two levels may each allow what the other one forbids; then nobody could authenticate any more. */
function refuseNoMethod(byLevel: OwnSettingsByLevel): void {
  if (effectiveSettings(byLevel).clientAuthenticationMethods.value.length > 0) return;
  refuse({
    code: "INVALID_INPUT",
    path: ["clientAuthenticationMethods"],
    problem: "A wider level forbids these methods: no way to authenticate would be left.",
    mend: "Name a method that every wider level allows.",
  });
}

const SECRET_METHODS: readonly ClientAuthenticationMethod[] = ["client_secret_basic", "client_secret_post"];

/**
 * Whoever administers, and the commands that bring a lost access back, come in by secrets: there one of the two ways to
 * send one stays allowed.
 */
function refuseWithoutSecret(methods: readonly ClientAuthenticationMethod[] | undefined): void {
  if (!methods || methods.some((method) => SECRET_METHODS.includes(method))) return;
  refuse({
    code: "INVALID_INPUT",
    path: ["clientAuthenticationMethods"],
    problem: "The clients of the admin and the system workspace would be locked out: they come in by secrets.",
    mend: "Name client_secret_basic or client_secret_post too, or set this at a custom workspace.",
  });
}

/** Changes settings; where they say how clients authenticate, an owner of this tenant still can. */
const keepingWaysIn = <T>(write: Writer, update: SettingsUpdate, change: () => Promise<T>): Promise<T> =>
  update.clientAuthenticationMethods === undefined ? change() : keepingAnOwner(write, change);

const claimsOf = (byLevel: OwnSettingsByLevel) => effectiveSettings(byLevel).customClaims.value;
const methodsOf = (byLevel: OwnSettingsByLevel) => effectiveSettings(byLevel).clientAuthenticationMethods.value;

/** The rows of the levels below one: tables with settings, and which of their rows are meant. */
type Narrower = readonly (readonly [
  table: typeof tenants | typeof workspaces | typeof clients,
  rows: SQL | undefined,
])[];

/**
 * Refuses methods of a wider level that share none with some narrower one: its callers, perhaps the very one who could
 * take that back, would be locked out.
 */
async function refuseLockingOut({ tx }: Writer, settings: OwnSettings, narrower: Narrower): Promise<void> {
  const allowed = settings.clientAuthenticationMethods;
  if (!allowed) return;
  const anyOf = (methods: readonly string[]) =>
    sql`array[${sql.join(
      methods.map((method) => sql`${method}`),
      sql`, `,
    )}]::text[]`;
  const secrets = allowed.filter((method) => SECRET_METHODS.includes(method));
  for (const [table, rows] of narrower) {
    const own = sql`${table.settings} -> 'clientAuthenticationMethods'`;
    // Where secrets are allowed, one way to send them must be left.
    const losesSecrets = sql`${own} ?| ${anyOf(SECRET_METHODS)} and not ${own} ?| ${anyOf(secrets)}`;
    const isLockedOut = sql`${own} is not null and (not ${own} ?| ${anyOf(allowed)} or ${losesSecrets})`;
    const locked = await tx.select({ id: table.id }).from(table).where(and(rows, isLockedOut)).limit(1);
    if (locked.length > 0)
      refuse({
        code: "INVALID_INPUT",
        path: ["clientAuthenticationMethods"],
        problem: "A tenant, workspace or client below allows only other methods: it would be left without any.",
        mend: "Widen the methods there first, or name one that it allows too.",
      });
  }
}

/** Of a workspace: it says nothing itself of how long its JWK Set may be kept. */
const leavesMaxAge = sql`${workspaces.settings} -> 'jwksMaxAge' is null`;

const UpdateInstallationSettings: Operation<SettingsUpdate, "installation-settings:write"> = {
  mutation: "updateInstallationSettings",
  permission: "installation-settings:write",
  isDangerous: true,
  input: z.strictObject(settingInputs),
  locate: async () => ({ target: null }),
  run: async (write, update) => {
    const { tx, tenantId } = write;
    const [row] = await tx.select().from(installations).for("no key update");
    const former = row?.settings ?? {};
    const settings = updatedSettings(former, update);
    refuseWithoutSecret(settings.clientAuthenticationMethods);
    await refuseLockingOut(write, settings, [
      [tenants, ne(tenants.status, "deleted")],
      [workspaces, ne(workspaces.status, "deleted")],
      [clients, undefined],
    ]);
    await keepingWaysIn(write, update, () => tx.update(installations).set({ settings }));
    const own = sql`select from tenants t where t.id = ${workspaces.tenantId} and t.settings -> 'jwksMaxAge' is not null`;
    const inherits = and(leavesMaxAge, sql`not exists (${own})`);
    await noteLoweredMaxAge(
      tx,
      inherits,
      effectiveSettings({ installation: former }),
      effectiveSettings({ installation: settings }),
      write.now,
    );
    return {
      id: tenantId,
      event: { type: "installation-settings.changed", settings: said(update) },
      workspaceId: null,
      touched: [{ kind: "installation", id: "installation", workspaceId: null, body: { settings } }],
    };
  },
};

/** What the call said, for the audit log: `null` is "back to what is inherited". */
const said = (update: SettingsUpdate): Record<string, unknown> =>
  Object.fromEntries(Object.entries(update).filter(([, value]) => value !== undefined));

/** Sets the installation's settings; the answer's id is the root tenant's. A member that is left out stays as it is. */
export const updateInstallationSettings = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, UpdateInstallationSettings, raw);

const UpdateTenantSettings: Operation<SettingsUpdate, "tenant-settings:write"> = {
  mutation: "updateTenantSettings",
  permission: "tenant-settings:write",
  input: z.strictObject(settingInputs),
  locate: async () => ({ target: null }),
  run: async (write, update) => {
    const { tx, tenantId } = write;
    // It ends as much as suspending the tenant does, or what was done before.
    if (update.issuance === "stopped" || update.auditRetention != null) refuseWithoutStepUp(write);
    const [row] = await tx.select().from(tenants).where(eq(tenants.id, tenantId)).for("no key update");
    if (!row) throw new Error(`tenant ${tenantId} is missing`);
    const settings = updatedSettings(row.settings, update);
    refuseWithoutSecret(settings.clientAuthenticationMethods);
    const byLevel = await ownSettingsByLevel(tx, { tenantId });
    refuseNoMethod({ ...byLevel, tenant: settings });
    await refuseLockingOut(write, settings, [
      [workspaces, and(eq(workspaces.tenantId, tenantId), ne(workspaces.status, "deleted"))],
      [clients, eq(clients.tenantId, tenantId)],
    ]);
    await keepingWaysIn(write, update, () => tx.update(tenants).set({ settings }).where(eq(tenants.id, tenantId)));
    const inherits = and(eq(workspaces.tenantId, tenantId), leavesMaxAge);
    await noteLoweredMaxAge(
      tx,
      inherits,
      effectiveSettings(byLevel),
      effectiveSettings({ ...byLevel, tenant: settings }),
      write.now,
    );
    return {
      id: tenantId,
      event: { type: "tenant-settings.changed", settings: said(update) },
      workspaceId: null,
      touched: [touchedTenant({ ...row, settings })],
    };
  },
};

/** Sets the settings of the actor's tenant; the answer's id is the tenant's. */
export const updateTenantSettings = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, UpdateTenantSettings, raw);

type WorkspaceUpdate = SettingsUpdate & { readonly workspaceId: string };

const UpdateWorkspaceSettings: Operation<WorkspaceUpdate, "settings:write"> = {
  mutation: "updateWorkspaceSettings",
  permission: "settings:write",
  input: z.strictObject({ workspaceId: id, ...workspaceSettingInputs }),
  locate: (read, { workspaceId }) => locateWorkspace(read, workspaceId, ["workspaceId"]),
  run: changeWorkspace,
};

/**
 * Sets a workspace's settings. Another signing algorithm gets its first key in the same change: published at once, it
 * signs when every cached JWK Set has it; until then the former algorithm signs.
 */
export const updateWorkspaceSettings = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, UpdateWorkspaceSettings, raw);

async function changeWorkspace(write: Writer, { workspaceId, ...update }: WorkspaceUpdate): Promise<Changed> {
  const { tx, tenantId } = write;
  const byLevel = await ownSettingsByLevel(tx, { tenantId, workspaceId });
  const wanted = withOwnAlgorithm(update, byLevel);
  const isIt = and(eq(workspaces.tenantId, tenantId), eq(workspaces.id, workspaceId));
  const [locked] = await tx.select().from(workspaces).where(isIt).for("no key update");
  if (!locked) throw new Error(`workspace ${workspaceId} vanished inside a transaction`);
  if (update.issuance === "stopped") {
    refuseStoppingSpecial(asWorkspace(locked));
    refuseWithoutStepUp(write);
  }
  if (update.auditRetention != null) refuseWithoutStepUp(write);
  const settings = updatedSettings(locked.settings, wanted);
  refuseNoMethod({ ...byLevel, workspace: settings });
  refuseLargeClaims(claimsOf({ ...byLevel, workspace: settings }));
  if (locked.kind !== "custom") refuseWithoutSecret(methodsOf({ ...byLevel, workspace: settings }));
  await refuseLockingOut(write, settings, [
    [clients, and(eq(clients.tenantId, tenantId), eq(clients.workspaceId, workspaceId))],
  ]);
  const signingAlgorithmBefore = await algorithmBefore(write, { tenantId, workspaceId }, wanted, [locked]);
  const [row] = await keepingWaysIn(write, update, () =>
    tx
      .update(workspaces)
      .set({ settings, ...signingAlgorithmBefore })
      .where(isIt)
      .returning(),
  );
  await noteLoweredMaxAge(
    tx,
    isIt,
    effectiveSettings(byLevel),
    effectiveSettings({ ...byLevel, workspace: settings }),
    write.now,
  );
  const touched = [touchedWorkspace(asWorkspace(row ?? locked), settings), ...(await keysAfter(write, workspaceId))];
  return {
    id: workspaceId,
    event: { type: "settings.changed", workspaceId, settings: said(update) },
    workspaceId,
    touched,
  };
}

/** Whoever stops everything must be able to start it again. */
function refuseStoppingSpecial({ kind }: Workspace): void {
  if (kind === "custom") return;
  refuse({
    code: "PROTECTED",
    noun: "workspace",
    what: "The admin and the system workspace always issue: otherwise nobody could start them again.",
    mend: "Disable the clients there, or choose a custom workspace.",
  });
}

/**
 * What signs until the first key of a newly chosen algorithm is old enough: what does now. Nothing where the update says
 * nothing of it.
 *
 * @param chosen who says it now, the nearest first
 */
async function algorithmBefore(
  { tx, now }: Writer,
  place: { readonly tenantId: string; readonly workspaceId: string },
  { signingAlgorithm: wanted }: SettingsUpdate,
  chosen: readonly AlgorithmChoice[],
): Promise<Partial<Pick<AlgorithmChoice, "signingAlgorithmBefore">>> {
  if (wanted === undefined) return {};
  const signs = firstThatSigns(await scheduledKeysOf(tx, place), algorithmsInTurn(chosen), now);
  return { signingAlgorithmBefore: signs === undefined || wanted === null || signs === wanted ? null : signs };
}

/** Makes and moves the signing keys that the settings ask for now. */
async function keysAfter(write: Writer, workspaceId: string): Promise<readonly Touched[]> {
  const place = { tenantId: write.tenantId, workspaceId };
  const { policy, keys } = await lockKeys(write.tx, place);
  await completeSealing(write.tx, write.installation, place);
  const plan = planUpkeep(keys, policy, write.now);
  return writeKeyPlan(write.tx, write.installation, place, plan);
}

/**
 * Makes the first keys of an algorithm that a client chose. What it gives up is left to the upkeep: somebody who turns to
 * and fro makes no new keys each time.
 */
async function keysChosen(write: Writer, workspaceId: string): Promise<readonly Touched[]> {
  const place = { tenantId: write.tenantId, workspaceId };
  const { policy, keys } = await lockKeys(write.tx, place);
  return writeKeyPlan(write.tx, write.installation, place, planChoice(keys, policy, write.now));
}

/** A workspace always has an algorithm of its own: "inherited" takes over what is inherited now. */
function withOwnAlgorithm(update: SettingsUpdate, { installation = {}, tenant = {} }: OwnSettingsByLevel) {
  if (update.signingAlgorithm !== null) return update;
  return { ...update, signingAlgorithm: effectiveSettings({ installation, tenant }).signingAlgorithm.value };
}

type ClientUpdate = SettingsUpdate & { readonly clientId: string };

const UpdateClientSettings: Operation<ClientUpdate, "client:write"> = {
  mutation: "updateClientSettings",
  permission: "client:write",
  input: z.strictObject({ clientId: id, ...clientSettingInputs }),
  locate: (read, { clientId }) => locateRow(read, clients, "client", clientId, ["clientId"]),
  run: async (write, { clientId, ...update }) => {
    const client = await clientToChange(write, clientId, ["clientId"]);
    const { tenantId, workspaceId } = client;
    const settings: OwnSettings = updatedSettings(client.settings, update);
    const byLevel = { ...(await ownSettingsByLevel(write.tx, { tenantId, workspaceId })), client: settings };
    refuseNoMethod(byLevel);
    refuseLargeClaims(claimsOf(byLevel));
    if (client.kind !== "custom") refuseWithoutSecret(methodsOf(byLevel));
    const place = { tenantId, workspaceId };
    const isWorkspace = and(eq(workspaces.tenantId, tenantId), eq(workspaces.id, workspaceId));
    const above = await write.tx.select().from(workspaces).where(isWorkspace);
    const signingAlgorithmBefore = await algorithmBefore(write, place, update, [client, ...above]);
    const row = await keepingWaysIn(write, update, () =>
      updateClientRow(write, clientId, { settings, ...signingAlgorithmBefore }),
    );
    const keys = update.signingAlgorithm ? await keysChosen(write, workspaceId) : [];
    return {
      id: clientId,
      event: { type: "client-settings.changed", clientId, settings: said(update) },
      workspaceId,
      touched: [touchedClient(row), ...keys],
    };
  },
};

/**
 * Sets a client's settings: they narrow what its workspace allows, and never widen it. An algorithm that nobody in the
 * workspace had gets its first key in the same change, and signs when every cached JWK Set has it.
 */
export const updateClientSettings = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, UpdateClientSettings, raw);

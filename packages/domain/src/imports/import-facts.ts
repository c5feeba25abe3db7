import { clients, resources, scopes } from "@mintmark/db/schema";
import { and, eq, inArray, or, sql } from "drizzle-orm";
import type { WorkspaceTarget } from "../authority/permission.ts";
import { authorise, holds, notHeld } from "../authority/principal.ts";
import type { Writer } from "../change/handle.ts";
import { targetOf } from "../living-row.ts";
import { effectiveSettingsAt } from "../settings/settings.ts";
import { roomFor } from "../tenancy/tenant-limits.ts";
import type { ImportDatabaseRow } from "./import.ts";
import type { PlanApi, PlanFacts } from "./import-plan.ts";
import type { ImportRow } from "./import-row.ts";

/** What deciding these lines needs, read in the transaction that makes their clients. */
export async function factsFor(
  write: Writer,
  job: Pick<ImportDatabaseRow, "sealingKey"> & WorkspaceTarget,
  rows: readonly ImportRow[],
): Promise<PlanFacts> {
  const { tx, tenantId, principal, now } = write;
  const { workspaceId } = job;
  const target = targetOf(job);
  const wanted = rows.flatMap(({ client }) => client ?? []);
  const settings = await effectiveSettingsAt(tx, { tenantId, workspaceId });
  const identifiers = new Set(wanted.flatMap(({ grants }) => grants.map(({ resource }) => resource)));
  const seesApis = holds(principal, "resource:read", target);
  return {
    now,
    taken: await takenBy(write, workspaceId, wanted),
    apis: seesApis ? await apisNamed(write, workspaceId, [...identifiers]) : new Map(),
    mayNotGrant: authorise(principal, "client-grant:write", target),
    // A direct grant of Mintmark's own scopes counts in every workspace.
    notHeld: (names) => notHeld(principal, names, "all"),
    secretLife: { days: settings.clientSecretLifetime.value, word: "secret", setting: "clientSecretLifetime" },
    keyLife: { days: settings.clientKeyLifetime.value, word: "key", setting: "clientKeyLifetime" },
    sealsSecrets: job.sealingKey !== null,
    room: await roomFor(write, "client"),
  };
}

async function takenBy(
  { tx, tenantId }: Writer,
  workspaceId: string,
  wanted: readonly { readonly clientId: string | undefined; readonly name: string }[],
): Promise<PlanFacts["taken"]> {
  const ids = wanted.flatMap(({ clientId }) => clientId ?? []);
  const names = wanted.flatMap(({ clientId, name }) => (clientId === undefined ? [name] : []));
  if (ids.length + names.length === 0) return { ids: new Set(), names: new Set() };
  const lowered = sql.join(
    names.map((name) => sql`lower(${name})`),
    sql`, `,
  );
  const isTaken = or(
    // Neither may one client's brought id be another one's own.
    ids.length > 0 ? or(inArray(clients.clientId, ids), inArray(clients.id, ids)) : undefined,
    // As the index has them; which of them are the same is seen below.
    names.length > 0 ? sql`lower(${clients.name}) in (${lowered})` : undefined,
  );
  const rows = await tx
    .select({ id: clients.id, clientId: clients.clientId, name: clients.name })
    .from(clients)
    .where(and(eq(clients.tenantId, tenantId), eq(clients.workspaceId, workspaceId), isTaken));
  return {
    ids: new Set(rows.flatMap(({ id, clientId }) => [id, clientId])),
    names: new Set(rows.map(({ name }) => name)),
  };
}

/** Held until the clients are made: what is granted must not go meanwhile. */
async function apisNamed(
  { tx, tenantId }: Writer,
  workspaceId: string,
  identifiers: readonly string[],
): Promise<ReadonlyMap<string, PlanApi>> {
  if (identifiers.length === 0) return new Map();
  const isNamed = and(
    eq(resources.tenantId, tenantId),
    eq(resources.workspaceId, workspaceId),
    inArray(resources.identifier, [...identifiers]),
  );
  const { id, identifier, isOwnApi } = resources;
  const apis = await tx.select({ id, identifier, isOwnApi }).from(resources).where(isNamed).for("key share");
  if (apis.length === 0) return new Map();
  const ids = apis.map((api) => api.id);
  const isOfThem = and(eq(scopes.tenantId, tenantId), inArray(scopes.resourceId, ids));
  const columns = { id: scopes.id, name: scopes.name, resourceId: scopes.resourceId };
  const rows = await tx.select(columns).from(scopes).where(isOfThem).for("key share");
  const byApi = Map.groupBy(rows, (row) => row.resourceId);
  return new Map(
    apis.map((api) => [
      api.identifier,
      {
        id: api.id,
        isOwnApi: api.isOwnApi,
        scopes: new Map((byApi.get(api.id) ?? []).map((scope) => [scope.name, scope.id])),
      },
    ]),
  );
}

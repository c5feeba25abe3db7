import type { Database, Transaction } from "@mintmark/db";
import { installation as installations, peppers, resources, workspaces } from "@mintmark/db/schema";
import { and, eq, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { completeOwnApi, type OwnApiPlace, rolesOf, touchedOwnApi } from "../authority/own-api.ts";
import { ownApiScopes } from "../authority/permission.ts";
import { lockShards } from "../change/change-feed.ts";
import type { Installation } from "../change/handle.ts";
import { recordByServer } from "../change/server-act.ts";
import { type Keyring, newPepper, openKeyring, sealKeyCheck } from "./keyring.ts";
import { admitMasterKeys } from "./master-key-change.ts";
import { touchedWorkspace } from "./new-workspace.ts";
import { loadServerSecrets, makeServerSecrets } from "./server-secrets.ts";
import { asWorkspace } from "./workspace-row.ts";

/** How the connections of a running server are named, each server's with a mark of its own behind it. */
const SERVING = "mintmark serve";

/** Whether somebody has made this database an installation, and so with which master key is decided. */
export async function isInstalled(database: Database): Promise<boolean> {
  return (await database.select({ id: installations.id }).from(installations)).length > 0;
}

/** The server's address is not the one that the issuers in the database were made for. */
export class OriginChanged extends Error {
  constructor(made: string, configured: string, why = "every token and every verifier names that address") {
    super(`PUBLIC_URL is ${configured}, but this installation was made for ${made}: ${why}. Set PUBLIC_URL=${made}.`);
    this.name = "OriginChanged";
  }
}

/** How the installation is opened. */
export interface OpenOptions {
  /** The origin's host is not loopback: a changed origin is refused. */
  readonly production: boolean;
  /** One more master key that opens what it wrapped, while one takes the place of the other. */
  readonly otherMasterKey?: string | undefined;
  /** A changed origin is refused on loopback too: a server may be running with the one in the database. */
  readonly keepOrigin?: boolean;
  /** Told one sentence when the operator should know something. */
  readonly warn?: (message: string) => void;
}

/**
 * Opens the installation, or makes it at the first start: its row, the check of the master key, the first pepper. Then
 * gives every special workspace what this version's own APIs have. Safe for several servers at once.
 *
 * @param masterKey at least 32 bytes, as text
 * @param origin e.g. `https://id.example.com`, without a trailing slash
 * @throws WrongMasterKey, MasterKeyChangeRefused, OriginChanged, or the driver's error when the database is away
 */
export async function ensureInstallation(
  database: Database,
  masterKey: string,
  origin: string,
  { production, otherMasterKey, keepOrigin, warn }: OpenOptions,
): Promise<Installation> {
  const keyring = openKeyring(masterKey, otherMasterKey);
  const made = await readOrMake(database, keyring, origin);
  const installation = { database, keyring, origin, now: () => new Date() };
  await admitMasterKeys(installation);
  for (const pepper of await database.select().from(peppers)) keyring.addPepper(pepper.version, pepper.wrapped);
  await loadServerSecrets(database, keyring);
  if (made.origin !== origin) {
    if (keepOrigin || (production && made.rootTenantId !== null)) throw new OriginChanged(made.origin, origin);
    await moveToOrigin(installation, made.origin);
    warn?.(
      `The address changed from ${made.origin} to ${origin}: every issuer moved with it, and older tokens are dead.`,
    );
  }
  await completeOwnApis(installation);
  return installation;
}

async function readOrMake(database: Database, keyring: Keyring, origin: string) {
  const [found] = await database.select().from(installations);
  if (found) return found;
  return database.transaction(async (tx) => {
    // Of two first starts the second waits here, and then reads what the first made.
    const row = { id: 1, origin, keyCheck: sealKeyCheck(keyring) };
    const [mine] = await tx.insert(installations).values(row).onConflictDoNothing().returning();
    if (mine) {
      await tx.insert(peppers).values({ version: 1, wrapped: newPepper(keyring, 1) });
      await makeServerSecrets(tx, keyring);
    }
    const [made] = mine ? [mine] : await tx.select().from(installations);
    if (!made) throw new Error("the installation's row cannot be read");
    return made;
  });
}

/** Rewrites every issuer, and the identifiers below it, in one transaction. */
async function moveToOrigin(installation: Installation, former: string): Promise<void> {
  const { database, origin } = installation;
  await database.transaction(async (tx) => {
    await tx.update(installations).set({ origin });
    await refuseWhileServed(tx, former, origin);
    await refuseTaken(tx, former, origin);
    const moved = (column: typeof workspaces.issuer | typeof resources.identifier) =>
      sql`${origin}::text || substr(${column}, ${former.length + 1}::int)`;
    const begins = (column: typeof workspaces.issuer | typeof resources.identifier) =>
      sql`starts_with(${column}, ${`${former}/`})`;
    const rows = await tx
      .update(workspaces)
      .set({ issuer: moved(workspaces.issuer) })
      .where(begins(workspaces.issuer))
      .returning();
    const apis = await tx
      .update(resources)
      .set({ identifier: moved(resources.identifier) })
      .where(and(eq(resources.isOwnApi, true), begins(resources.identifier)))
      .returning();
    const byTenant = Map.groupBy(rows, (row) => row.tenantId);
    await lockShards(tx, [...byTenant.keys()]);
    for (const [tenantId, its] of byTenant) {
      const touched = [
        ...its.map((row) => touchedWorkspace(asWorkspace(row), row.settings)),
        ...apis.filter((api) => api.tenantId === tenantId).map(touchedOwnApi),
      ];
      const event = { type: "installation.origin-changed", origin } as const;
      await recordByServer(tx, installation, { tenantId, workspaceId: null, touched, event });
    }
  });
}

/** A running server would go on at the former address, and refuse every token of its own APIs. @throws OriginChanged */
async function refuseWhileServed(tx: Transaction, former: string, origin: string): Promise<void> {
  const others = await tx.execute(sql`select 1 from pg_stat_activity
    where datname = current_database() and starts_with(application_name, ${SERVING})
      and application_name <> current_setting('application_name') limit 1`);
  if (others.length > 0)
    throw new OriginChanged(former, origin, "another server runs on this database, and it must be stopped first");
}

/** An API of ours cannot get an identifier that somebody registered for that day. @throws OriginChanged */
async function refuseTaken(tx: Transaction, former: string, origin: string): Promise<void> {
  const own = alias(resources, "own");
  const isSamePlace = and(eq(own.tenantId, resources.tenantId), eq(own.workspaceId, resources.workspaceId));
  const isMovedOne = sql`${resources.identifier} = ${origin}::text || substr(${own.identifier}, ${former.length + 1}::int)`;
  const [taken] = await tx
    .select({ identifier: resources.identifier, id: resources.id })
    .from(resources)
    .innerJoin(own, and(isSamePlace, eq(own.isOwnApi, true), isMovedOne))
    .where(eq(resources.isOwnApi, false))
    .limit(1);
  if (taken)
    throw new OriginChanged(
      former,
      origin,
      `the resource ${taken.id} has the identifier ${taken.identifier}, which an API of Mintmark would get, and must be deleted first`,
    );
}

/** Adds what a newer version of the program declares to every special workspace that lacks it. */
async function completeOwnApis(installation: Installation): Promise<void> {
  const { database } = installation;
  for (const place of await incompletePlaces(database)) {
    const { tenantId, workspaceId } = place;
    await database.transaction(async (tx) => {
      const touched = await completeOwnApi(tx, place);
      if (touched.length === 0) return;
      await lockShards(tx, [tenantId]);
      const added = touched.map((thing) => String(thing.body?.["name"]));
      const event = { type: "own-api.extended", workspaceId, added } as const;
      await recordByServer(tx, installation, { tenantId, workspaceId: null, touched, event });
    });
  }
}

/** Special workspaces whose own API lacks a declared scope, or whose built-in roles lack one: by counting, in one query. */
async function incompletePlaces({ sql: query }: Database): Promise<OwnApiPlace[]> {
  const places = (["admin", "system"] as const).flatMap((kind) => [true, false].map((root) => ({ kind, root })));
  const declared = places.map(({ kind, root }) => ({
    kind,
    root,
    scopes: ownApiScopes(kind, root),
    held: rolesOf(kind, root).flatMap(([role, names]) => names.map((name) => `${role} ${name}`)),
  }));
  const wanted = declared.map((place) => ({ ...place, scopes: place.scopes.length, held: place.held.length }));
  const all = (list: readonly (readonly string[])[]) => JSON.stringify([...new Set(list.flat())]);
  const rows = await query<OwnApiPlace[]>`
    with present as (
      select r.tenant_id, r.workspace_id, count(*) as n from resources r
      join scopes s on s.tenant_id = r.tenant_id and s.resource_id = r.id
      where r.is_own_api
        and s.name in (select jsonb_array_elements_text(${all(declared.map(({ scopes }) => scopes))}::jsonb))
      group by 1, 2
    ), held as (
      select o.tenant_id, o.workspace_id, count(*) as n from roles o
      join role_scopes x on x.tenant_id = o.tenant_id and x.role_id = o.id
      join scopes s on s.tenant_id = x.tenant_id and s.id = x.scope_id
      where o.is_built_in
        and o.name || ' ' || s.name in (select jsonb_array_elements_text(${all(declared.map(({ held }) => held))}::jsonb))
      group by 1, 2
    )
    select w.tenant_id as "tenantId", w.id as "workspaceId", w.kind, t.is_root as "isRootTenant", w.issuer
    from workspaces w
    join tenants t on t.id = w.tenant_id
    join jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as e (kind text, root boolean, scopes int, held int)
      on e.kind = w.kind and e.root = t.is_root
    left join present p on p.tenant_id = w.tenant_id and p.workspace_id = w.id
    left join held h on h.tenant_id = w.tenant_id and h.workspace_id = w.id
    where p.n is distinct from e.scopes or h.n is distinct from e.held`;
  return [...rows];
}

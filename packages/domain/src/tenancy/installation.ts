import type { Database, Transaction } from "@mintmark/db";
import { installation as installations, peppers, resources, tenants, workspaces } from "@mintmark/db/schema";
import { and, eq, ne, type SQL, sql } from "drizzle-orm";
import { alias, type PgColumn } from "drizzle-orm/pg-core";
import { completeOwnApi, type OwnApiPlace, rolesOf, touchedOwnApi } from "../authority/own-api.ts";
import { ownApiScopes } from "../authority/permission.ts";
import { lockShards } from "../change/change-feed.ts";
import type { Installation } from "../change/handle.ts";
import { recordByServer } from "../change/server-act.ts";
import { hasIssuerAddress } from "./issuer-address.ts";
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

/** Where an installation is. */
export interface Addresses {
  /** Of the console, and of issuers where there is no template: `https://id.example.com`, without a slash at its end. */
  readonly origin: string;
  /** What issuers begin with instead: `https://{tenant}.eu.example.com`. */
  readonly originTemplate: string | undefined;
}

/** The server's addresses are not those that the issuers in the database were made for. */
export class OriginChanged extends Error {
  constructor(made: Addresses, configured: Addresses, why = "every token and every verifier names that address") {
    super(
      made.originTemplate === configured.originTemplate
        ? ofOrigin(made, configured, why)
        : ofTemplate(made, configured, why),
    );
    this.name = "OriginChanged";
  }
}

const ofOrigin = (made: Addresses, configured: Addresses, why: string): string =>
  `PUBLIC_URL is ${configured.origin}, but this installation was made for ${made.origin}: ${why}. Set PUBLIC_URL=${made.origin}.`;

function ofTemplate(
  { origin, originTemplate: made }: Addresses,
  { originTemplate: now }: Addresses,
  why: string,
): string {
  const said = now === undefined ? "ORIGIN_TEMPLATE is not set" : `ORIGIN_TEMPLATE is ${now}`;
  const mend = made === undefined ? "Leave ORIGIN_TEMPLATE out" : `Set ORIGIN_TEMPLATE=${made}`;
  return `${said}, but the issuers of this installation were made for ${made ?? origin}: ${why}. ${mend}.`;
}

const issuerOriginOf = ({ origin, originTemplate }: Addresses): string => originTemplate ?? origin;

/** How the installation is opened. */
export interface OpenOptions {
  /** Whether callers come to these addresses from other machines: they are not left for others, nor for loopback. */
  readonly isProduction: (addresses: Addresses) => boolean;
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
 * @throws WrongMasterKey, MasterKeyChangeRefused, OriginChanged, or the driver's error when the database is away
 */
export async function ensureInstallation(
  database: Database,
  masterKey: string,
  addresses: Addresses,
  { isProduction, otherMasterKey, keepOrigin, warn }: OpenOptions,
): Promise<Installation> {
  const keyring = openKeyring(masterKey, otherMasterKey);
  const row = await readOrMake(database, keyring, addresses);
  const made: Addresses = { origin: row.origin, originTemplate: row.originTemplate ?? undefined };
  const issuerOrigin = issuerOriginOf(addresses);
  const installation = { database, keyring, origin: addresses.origin, issuerOrigin, now: () => new Date() };
  await admitMasterKeys(installation);
  for (const pepper of await database.select().from(peppers)) keyring.addPepper(pepper.version, pepper.wrapped);
  await loadServerSecrets(database, keyring);
  if (made.origin !== addresses.origin || made.originTemplate !== addresses.originTemplate) {
    const isSettled = row.rootTenantId !== null && (isProduction(made) || isProduction(addresses));
    if (keepOrigin || isSettled) throw new OriginChanged(made, addresses);
    await moveTo(installation, made, addresses);
    const [from, to] = [issuerOriginOf(made), issuerOrigin];
    if (from === to) warn?.(`The address changed from ${made.origin} to ${addresses.origin}: issuers stay at ${to}.`);
    else warn?.(`The address changed from ${from} to ${to}: every issuer moved with it, and older tokens are dead.`);
  }
  await completeOwnApis(installation);
  return installation;
}

async function readOrMake(database: Database, keyring: Keyring, addresses: Addresses) {
  const [found] = await database.select().from(installations);
  if (found) return found;
  return database.transaction(async (tx) => {
    // Of two first starts the second waits here, and then reads what the first made.
    const row = { id: 1, ...addresses, keyCheck: sealKeyCheck(keyring) };
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
async function moveTo(installation: Installation, made: Addresses, addresses: Addresses): Promise<void> {
  const { database, issuerOrigin } = installation;
  await database.transaction(async (tx) => {
    await tx.update(installations).set({ origin: addresses.origin, originTemplate: addresses.originTemplate ?? null });
    await refuseWhileServed(tx, made, addresses);
    if (issuerOriginOf(made) === issuerOrigin) return;
    await refuseTaken(tx, installation, made, addresses);
    await refuseAddressless(tx, installation, made, addresses);
    const rows = await tx
      .update(workspaces)
      .set({ issuer: moved(workspaces.issuer, installation) })
      .where(isAddress(workspaces.issuer))
      .returning();
    const apis = await tx
      .update(resources)
      .set({ identifier: moved(resources.identifier, installation) })
      .where(and(eq(resources.isOwnApi, true), isAddress(resources.identifier)))
      .returning();
    const byTenant = Map.groupBy(rows, (row) => row.tenantId);
    await lockShards(tx, [...byTenant.keys()]);
    for (const [tenantId, its] of byTenant) {
      const touched = [
        ...its.map((row) => touchedWorkspace(asWorkspace(row), row.settings)),
        ...apis.filter((api) => api.tenantId === tenantId).map(touchedOwnApi),
      ];
      const event = { type: "installation.origin-changed", origin: issuerOrigin } as const;
      await recordByServer(tx, installation, { tenantId, workspaceId: null, touched, event });
    }
  });
}

/** An address below an issuer: what is left of an erased tenant is none. */
const isAddress = (column: PgColumn): SQL => sql`${column} ~ '^https?://'`;

/** The same path below where issuers are now: its first part is the tenant's slug. */
const moved = (column: PgColumn, { issuerOrigin }: Pick<Installation, "issuerOrigin">): SQL =>
  sql`regexp_replace(${column}, '^https?://[^/]+', replace(${issuerOrigin}::text, '{tenant}', split_part(${column}, '/', 4)))`;

/** A tenant's slug may be no part of a host name. @throws OriginChanged */
async function refuseAddressless(
  tx: Transaction,
  installation: Installation,
  made: Addresses,
  addresses: Addresses,
): Promise<void> {
  const rows = await tx.select({ slug: tenants.slug }).from(tenants).where(ne(tenants.status, "deleted"));
  const without = rows.find(({ slug }) => !hasIssuerAddress(installation, slug));
  if (without)
    throw new OriginChanged(
      made,
      addresses,
      `the tenant ${without.slug} could have no address, since that is no part of a host name`,
    );
}

/** A running server would go on at the former address, and refuse every token of its own APIs. @throws OriginChanged */
async function refuseWhileServed(tx: Transaction, made: Addresses, addresses: Addresses): Promise<void> {
  const others = await tx.execute(sql`select 1 from pg_stat_activity
    where datname = current_database() and starts_with(application_name, ${SERVING})
      and application_name <> current_setting('application_name') limit 1`);
  if (others.length > 0)
    throw new OriginChanged(made, addresses, "another server runs on this database, and it must be stopped first");
}

/** An API of ours cannot get an identifier that somebody registered for that day. @throws OriginChanged */
async function refuseTaken(
  tx: Transaction,
  installation: Installation,
  made: Addresses,
  addresses: Addresses,
): Promise<void> {
  const own = alias(resources, "own");
  const isSamePlace = and(eq(own.tenantId, resources.tenantId), eq(own.workspaceId, resources.workspaceId));
  const isMovedOne = sql`${resources.identifier} = ${moved(own.identifier, installation)}`;
  const [taken] = await tx
    .select({ identifier: resources.identifier, id: resources.id })
    .from(resources)
    .innerJoin(own, and(isSamePlace, eq(own.isOwnApi, true), isMovedOne))
    .where(eq(resources.isOwnApi, false))
    .limit(1);
  if (taken)
    throw new OriginChanged(
      made,
      addresses,
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

/**
 * Special workspaces, but for erased tenants', whose own API lacks a declared scope, or whose built-in roles lack one: by
 * counting, in one query.
 */
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
    where t.status <> 'deleted' and (p.n is distinct from e.scopes or h.n is distinct from e.held)`;
  return [...rows];
}

import postgres from "postgres";
import { afterAll } from "vitest";
import type { World } from "../support/world.ts";

/** One digest per table and tenant: `clients ten_…` → md5. Tables without a tenant have `-`. */
export type Digest = ReadonlyMap<string, string>;

/** Written while time passes, not by the call under test. */
const leftOut: readonly string[] = ["last_used_at", "last_used_address", "last_seen_at"];

/** The rows of a server's database, seen by its owner: for digests, never for making anything. */
export interface Rows {
  /** Over every row of every table: what is in them. */
  digest(): Promise<Digest>;
  /** The same, over the versions of the rows: cheaper, and also sees a row written anew with what it held before. */
  versions(): Promise<Digest>;
  /** Runs one reading statement. */
  select<T extends Record<string, unknown>>(text: string, parameters?: readonly (string | number)[]): Promise<T[]>;
}

/** A connection for one test file, opened on first use. */
export function useRows(world: World): Rows {
  let sql: postgres.Sql | undefined;
  const statements = new Map<"content" | "version", string>();
  const open = () => {
    sql ??= postgres(world.server.database.ownerUrl, { max: 1, onnotice: () => undefined });
    return sql;
  };
  async function digestOf(what: "content" | "version"): Promise<Digest> {
    const statement = statements.get(what) ?? (await digestStatement(open(), what));
    statements.set(what, statement);
    const rows = await open().unsafe<{ place: string; digest: string }[]>(statement);
    return new Map(rows.map(({ place, digest }) => [place, digest]));
  }
  afterAll(() => sql?.end());
  return {
    digest: () => digestOf("content"),
    versions: () => digestOf("version"),
    select: async <T extends Record<string, unknown>>(text: string, parameters: readonly (string | number)[] = []) => [
      ...(await open().unsafe<T[]>(text, [...parameters])),
    ],
  };
}

/** What the server writes by itself, whoever calls: its heartbeat, and what it counted. */
const ofTheServer = [
  "replicas",
  "leases",
  "usage_hours",
  "usage_days",
  "credential_sources",
  "workspace_latencies",
  "jwks_fetches",
  "token_uses",
  "notice_deliveries",
];

/** One statement over all tables that the schema has now: a new table is in it without being named. */
async function digestStatement(sql: postgres.Sql, what: "content" | "version"): Promise<string> {
  const tables = await sql<{ name: string; columns: string[] }[]>`
    select c.relname as name, array_agg(a.attname::text) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and not (c.relname = any(${ofTheServer})) group by 1 order by 1`;
  const minus = leftOut.map((column) => ` - '${column}'`).join("");
  return tables
    .map(({ name, columns }) => {
      const tenant = columns.includes("tenant_id") ? "coalesce(tenant_id, '-')" : name === "tenants" ? "id" : "'-'";
      const isUsed = columns.some((column) => leftOut.includes(column));
      const row =
        what === "content" || isUsed ? `md5((to_jsonb(t)${minus})::text)` : "t.ctid::text || ' ' || t.xmin::text";
      return `select '${name} ' || ${tenant} as place, md5(string_agg(${row}, ' ' order by ${row})) as digest
        from ${name} t group by 1`;
    })
    .join(" union all ");
}

/** The places whose rows differ, e.g. `clients ten_…`, sorted. */
export function changedPlaces(before: Digest, after: Digest): string[] {
  const places = new Set([...before.keys(), ...after.keys()]);
  return [...places].filter((place) => before.get(place) !== after.get(place)).sort();
}

/** What every change writes beside the thing itself. */
const records = new Set(["audit_events", "audit_heads", "change_feed", "feed_shards", "history", "idempotency"]);

/** The tables among the places that hold configured things. */
export const tablesOf = (places: readonly string[]): string[] =>
  [...new Set(places.map((place) => place.split(" ")[0] ?? ""))].filter((table) => !records.has(table)).sort();

/**
 * Where a refused act may leave a trace, by name: its audit row and the chain's head, in the caller's own tenant
 * only; the token log and credential use, because a caller may have fetched its token between two digests.
 */
export const changedByRefusal = (places: readonly string[], callersTenant: string): string[] =>
  places.filter(
    (place) =>
      ![`audit_events ${callersTenant}`, `audit_heads ${callersTenant}`, `token_log ${callersTenant}`].includes(place),
  );

import postgres from "postgres";
import { afterAll } from "vitest";
import type { World } from "../support/world.ts";

/** One digest per table and tenant: `clients ten_…` → md5. Tables without a tenant have `-`. */
export type Digest = ReadonlyMap<string, string>;

/** Written while time passes, not by the call under test. */
const leftOut: readonly string[] = ["last_used_at", "last_used_address"];

/** The rows of a server's database, seen by its owner: for digests, never for making anything. */
export interface Rows {
  /** Over every row of every table. */
  digest(): Promise<Digest>;
  /** Runs one reading statement. */
  select<T extends Record<string, unknown>>(text: string, parameters?: readonly (string | number)[]): Promise<T[]>;
}

/** A connection for one test file, opened on first use. */
export function useRows(world: World): Rows {
  let sql: postgres.Sql | undefined;
  let digesting: string | undefined;
  const open = () => {
    sql ??= postgres(world.server.database.ownerUrl, { max: 1, onnotice: () => undefined });
    return sql;
  };
  afterAll(() => sql?.end());
  return {
    async digest() {
      digesting ??= await digestStatement(open());
      const rows = await open().unsafe<{ place: string; digest: string }[]>(digesting);
      return new Map(rows.map(({ place, digest }) => [place, digest]));
    },
    select: async <T extends Record<string, unknown>>(text: string, parameters: readonly (string | number)[] = []) => [
      ...(await open().unsafe<T[]>(text, [...parameters])),
    ],
  };
}

/** One statement over all tables that the schema has now: a new table is in it without being named. */
async function digestStatement(sql: postgres.Sql): Promise<string> {
  const tables = await sql<{ name: string; owner: string | null }[]>`
    select c.relname as name,
      (select attname from pg_attribute a where a.attrelid = c.oid and attname = 'tenant_id') as owner
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`;
  const minus = leftOut.map((column) => ` - '${column}'`).join("");
  return tables
    .map(({ name, owner }) => {
      const tenant = owner ?? (name === "tenants" ? "id" : "'-'");
      const row = `md5((to_jsonb(t)${minus})::text)`;
      return `select '${name} ' || ${tenant} as place, md5(string_agg(${row}, '' order by ${row})) as digest
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

import type { SqlQueries } from "./connect.ts";

type Privilege = "select" | "insert" | "update" | "delete";

const all: readonly Privilege[] = ["select", "insert", "update", "delete"];

/** What the application role may do with a table, where that is less than reading and writing its rows. */
const narrower: Readonly<Record<string, readonly Privilege[]>> = {
  // What happened stays as it was written, even for somebody who holds the server; its policies say which rows may go.
  audit_events: ["select", "insert", "delete"],
  change_feed: ["select", "insert"],
  history: ["select", "insert"],
  schema_migrations: ["select"],
};

/** What it may change in a table whose rows it may not: that a person is erased. */
const ERASABLE = { table: "audit_events", columns: ["personal", "salt"] } as const;

interface Known {
  table: string;
  privilege: Privilege;
  granted: boolean;
}

/** Gives the application role exactly its privileges on every table of the owner; touches only what differs. */
export async function grantTables(sql: SqlQueries, role: string): Promise<void> {
  const known = await sql<Known[]>`
    select c.relname as table, p.privilege, has_table_privilege(${role}, c.oid, p.privilege) as granted
    from pg_class c, unnest(${sql.array([...all])}::text[]) as p (privilege)
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    order by 1, 2`;
  for (const { table, privilege, granted } of known) {
    const wanted = (narrower[table] ?? all).includes(privilege);
    if (wanted === granted) continue;
    if (wanted) await sql`grant ${sql.unsafe(privilege)} on ${sql(table)} to ${sql(role)}`;
    else await sql`revoke ${sql.unsafe(privilege)} on ${sql(table)} from ${sql(role)}`;
  }
  const [{ lacking } = { lacking: false }] = await sql<{ lacking: boolean }[]>`
    select not bool_and(has_column_privilege(${role}, ${ERASABLE.table}::regclass, c, 'update')) as lacking
    from unnest(${sql.array([...ERASABLE.columns])}::text[]) as c`;
  if (lacking)
    await sql`grant update (${sql.unsafe(ERASABLE.columns.join(", "))}) on ${sql(ERASABLE.table)} to ${sql(role)}`;
}

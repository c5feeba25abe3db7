import type { SqlQueries } from "./connect.ts";

type Privilege = "select" | "insert" | "update" | "delete";

const all: readonly Privilege[] = ["select", "insert", "update", "delete"];

/** What the application role may do with a table, where that is less than reading and writing its rows. */
const narrower: Readonly<Record<string, readonly Privilege[]>> = {
  // What happened stays as it was written, even for somebody who holds the server.
  audit_events: ["select", "insert"],
  change_feed: ["select", "insert"],
  history: ["select", "insert"],
  schema_migrations: ["select"],
};

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
}

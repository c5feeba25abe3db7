import type { Answer } from "../support/http.ts";
import type { Rows } from "./rows.ts";

/** An answer without what differs between any two calls: correlation ids, and the id that was asked for. */
export function masked({ status, headers, body }: Answer, asked: string): object {
  const { date: _date, "content-length": _length, "x-correlation-id": _id, ...kept } = headers;
  const text = body
    .replaceAll(JSON.stringify(asked).slice(1, -1), "<asked>")
    .replaceAll(/req_[0-9A-Za-z]{22}/g, "req_");
  return { status, headers: kept, body: text };
}

/**
 * Everything in the database that has an id and lies outside a tenant.
 *
 * @param narrowedTo a client: what lies outside the workspaces that its assignments name is outside too, itself excepted
 */
export async function idsOutside(
  rows: Rows,
  tenantId: string,
  narrowedTo: string | undefined,
): Promise<ReadonlySet<string>> {
  const tables = await rows.select<{ name: string; in_workspace: boolean }>(
    `select c.relname as name, exists (select from pg_attribute w where w.attrelid = c.oid and w.attname = 'workspace_id')
        as in_workspace
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'id'
        join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id'
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'history'`,
  );
  const reached = `select target_workspace_id from assignments where client_id = '${narrowedTo}'`;
  const text = tables.map(({ name, in_workspace }) => {
    const home = in_workspace ? "workspace_id" : name === "workspaces" ? "id" : "null";
    const elsewhere = narrowedTo === undefined ? "" : `or ${home} not in (${reached})`;
    return `select id from ${name} where tenant_id <> '${tenantId}' ${elsewhere}`;
  });
  const found = await rows.select<{ id: string }>(
    `${text.join(" union ")} union select id from tenants where id <> '${tenantId}'`,
  );
  return new Set(found.map(({ id }) => id).filter((id) => id !== narrowedTo));
}

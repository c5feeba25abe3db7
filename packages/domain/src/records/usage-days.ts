import type { Database, Sql } from "@mintmark/db";
import type { TokenRow } from "../token-log/token-row.ts";

const DAY_MS = 86_400_000;
const dayOf = (at: Date | string): string => new Date(at).toISOString().slice(0, 10);

/**
 * Makes the daily counters anew from the hourly ones, which are exact, from the day before `since` on. Run twice it
 * changes nothing; so a server may die in the middle of it.
 *
 * @param since everything up to then was summed before
 */
export async function sumUsageDays({ sql }: Pick<Database, "sql">, since: Date): Promise<void> {
  const from = dayOf(new Date(since.getTime() - DAY_MS));
  await sql`
    insert into usage_days
      (tenant_id, workspace_id, day, client_id, credential_id, resource, scope, issued, refused)
    select tenant_id, workspace_id, (hour at time zone 'UTC')::date, client_id, credential_id, resource, scope,
      sum(issued), sum(refused)
    from usage_hours where hour >= ${from}::timestamp at time zone 'UTC' group by 1, 2, 3, 4, 5, 6, 7
    ${grown(sql)}`;
}

/** The same for what is in rows that come later than the day after their own: `sumUsageDays` looks back no further. */
export async function sumLateDays({ sql }: Pick<Database, "sql">, rows: readonly TokenRow[], now: Date): Promise<void> {
  const yesterday = dayOf(new Date(now.getTime() - DAY_MS));
  const late = rows.filter(({ at }) => dayOf(at) < yesterday);
  if (late.length === 0) return;
  const keys = late.map(({ tenantId, workspaceId, at, client, credentialId, resource, scope }) => ({
    tenantId,
    workspaceId,
    day: dayOf(at),
    client: client ?? "",
    credentialId: credentialId ?? "",
    resource: resource ?? "",
    scope: scope ?? "",
  }));
  await sql`
    with late as materialized (
      select distinct * from json_to_recordset(${JSON.stringify(keys)}::text::json) as l ("tenantId" text,
        "workspaceId" text, day date, client text, "credentialId" text, resource text, scope text))
    insert into usage_days
      (tenant_id, workspace_id, day, client_id, credential_id, resource, scope, issued, refused)
    select h.tenant_id, h.workspace_id, l.day, h.client_id, h.credential_id, h.resource, h.scope,
      sum(h.issued), sum(h.refused)
    from late l cross join generate_series(0, 23) as hour_of_day
    join usage_hours h on h.tenant_id = l."tenantId" and h.workspace_id = l."workspaceId"
      and h.hour = (l.day + make_interval(hours => hour_of_day)) at time zone 'UTC'
      and h.client_id = l.client and h.credential_id = l."credentialId"
      and h.resource = l.resource and h.scope = l.scope
    group by 1, 2, 3, 4, 5, 6, 7
    ${grown(sql)}`;
}

/**
 * Counters only grow: of two servers that sum at once the one that saw more is right, and of a day whose first hours were
 * deleted already nothing is taken away.
 */
const grown = (sql: Sql) => sql`
  on conflict (tenant_id, workspace_id, day, client_id, credential_id, resource, scope)
    do update set issued = greatest(usage_days.issued, excluded.issued),
      refused = greatest(usage_days.refused, excluded.refused)
    where usage_days.issued < excluded.issued or usage_days.refused < excluded.refused`;

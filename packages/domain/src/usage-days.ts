import type { Database } from "@mintmark/db";

/**
 * Makes the daily counters of yesterday and today anew from the hourly ones, which are exact. Run twice it changes
 * nothing; so a server may die in the middle of it.
 */
export async function sumUsageDays({ sql }: Pick<Database, "sql">, now: Date): Promise<void> {
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - 1));
  await sql`
    insert into usage_days
      (tenant_id, workspace_id, day, client_id, credential_id, resource, scope, issued, refused)
    select tenant_id, workspace_id, (hour at time zone 'UTC')::date, client_id, credential_id, resource, scope,
      sum(issued), sum(refused)
    from usage_hours where hour >= ${from} group by 1, 2, 3, 4, 5, 6, 7
    on conflict (tenant_id, workspace_id, day, client_id, credential_id, resource, scope)
      do update set issued = excluded.issued, refused = excluded.refused
      where (usage_days.issued, usage_days.refused) <> (excluded.issued, excluded.refused)`;
}

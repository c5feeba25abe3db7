import type { Database } from "@mintmark/db";
import type { TokenRow } from "./token-row.ts";

/** Rows sent in one statement at most. */
export const BATCH_ROWS = 1000;

/**
 * Writes rows in one statement, with the hourly counters of those that were not there before: so a batch that is sent
 * again, because nobody knows whether it was committed, is counted once. Resolves when it is durable.
 */
export async function writeTokenRows({ sql }: Pick<Database, "sql">, rows: readonly TokenRow[]): Promise<void> {
  const column = <N extends keyof TokenRow>(name: N) => rows.map((row) => row[name]) as (string | null)[];
  await sql`
    with fresh as (
      insert into token_log (day, jti, tenant_id, workspace_id, at, outcome, correlation_id, client, client_id,
        credential_id, method, resource, scope, kid, expires_at, reason, evidence, count, address, agent, feed_number)
      select (g.at at time zone 'UTC')::date, g.jti, g.tenant_id, g.workspace_id, g.at, g.outcome, g.correlation_id,
        g.client, g.client_id, g.credential_id, g.method, g.resource, g.scope, g.kid, g.expires_at, g.reason,
        g.evidence::jsonb, g.count, g.address, g.agent, g.feed_number
      from unnest(
        ${column("jti")}::text[], ${column("tenantId")}::text[], ${column("workspaceId")}::text[],
        ${column("at")}::text[]::timestamptz[], ${column("outcome")}::text[], ${column("correlationId")}::text[],
        ${column("client")}::text[], ${column("clientId")}::text[], ${column("credentialId")}::text[],
        ${column("method")}::text[], ${column("resource")}::text[], ${column("scope")}::text[],
        ${column("kid")}::text[], ${column("expiresAt")}::text[]::timestamptz[], ${column("reason")}::text[],
        ${column("evidence")}::text[], ${column("count")}::int[], ${column("address")}::text[],
        ${column("agent")}::text[], ${column("feedNumber")}::bigint[]
      ) as g (jti, tenant_id, workspace_id, at, outcome, correlation_id, client, client_id, credential_id, method,
        resource, scope, kid, expires_at, reason, evidence, count, address, agent, feed_number)
      on conflict (day, jti) do nothing
      returning tenant_id, workspace_id, at, outcome, client, credential_id, resource, scope, count)
    insert into usage_hours
      (tenant_id, workspace_id, hour, client_id, credential_id, resource, scope, issued, refused)
    select tenant_id, workspace_id, date_trunc('hour', at, 'UTC'), coalesce(client, ''), coalesce(credential_id, ''),
      coalesce(resource, ''), coalesce(scope, ''), coalesce(sum(count) filter (where outcome = 'issued'), 0),
      coalesce(sum(count) filter (where outcome = 'refused'), 0)
    from fresh group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7
    on conflict (tenant_id, workspace_id, hour, client_id, credential_id, resource, scope)
      do update set issued = usage_hours.issued + excluded.issued, refused = usage_hours.refused + excluded.refused`;
}

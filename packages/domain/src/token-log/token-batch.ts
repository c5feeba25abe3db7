import type { Database } from "@mintmark/db";
import type { TokenRow } from "./token-row.ts";

/** Rows sent in one statement at most. */
export const BATCH_ROWS = 1000;

/**
 * Writes rows in one statement, with the hourly counters of those that were not there before: so a batch that is sent
 * again, because nobody knows whether it was committed, is counted once. Resolves when it is durable.
 */
export async function writeTokenRows({ sql }: Pick<Database, "sql">, rows: readonly TokenRow[]): Promise<void> {
  // One parameter: twenty arrays cost the server three times as much.
  await sql`
    with fresh as (
      insert into token_log (day, jti, tenant_id, workspace_id, at, outcome, correlation_id, client, client_id,
        credential_id, method, resource, scope, kid, expires_at, reason, evidence, count, address, agent, feed_number)
      select (g.at at time zone 'UTC')::date, g.jti, g."tenantId", g."workspaceId", g.at, g.outcome, g."correlationId",
        g.client, g."clientId", g."credentialId", g.method, g.resource, g.scope, g.kid, g."expiresAt", g.reason,
        g.evidence::jsonb, g.count, g.address, g.agent, g."feedNumber"
      from json_to_recordset(${JSON.stringify(rows)}::text::json) as g (
        jti text, "tenantId" text, "workspaceId" text, at timestamptz, outcome text, "correlationId" text, client text,
        "clientId" text, "credentialId" text, method text, resource text, scope text, kid text, "expiresAt" timestamptz,
        reason text, evidence text, count int, address text, agent text, "feedNumber" bigint)
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

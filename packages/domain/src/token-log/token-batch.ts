import type { Database } from "@mintmark/db";
import type { TokenRow } from "./token-row.ts";

/** Rows sent in one statement at most. */
export const BATCH_ROWS = 1000;

/** The rows as a table. One parameter: twenty arrays cost the server three times as much. */
const GIVEN = `
  json_to_recordset($1::text::json) as g (
    jti text, "tenantId" text, "workspaceId" text, at timestamptz, outcome text, "correlationId" text, client text,
    "clientId" text, "credentialId" text, method text, resource text, scope text, kid text, "expiresAt" timestamptz,
    reason text, evidence text, count int, address text, agent text, "feedNumber" bigint, replays json)`;

/** Writes what is chosen from `g`, and the hourly counters of what was not there before. */
const written = (chosen: string): string => `
  fresh as (
    insert into token_log (day, jti, tenant_id, workspace_id, at, outcome, correlation_id, client, client_id,
      credential_id, method, resource, scope, kid, expires_at, reason, evidence, count, address, agent, feed_number)
    select (g.at at time zone 'UTC')::date, g.jti, g."tenantId", g."workspaceId", g.at, g.outcome, g."correlationId",
      g.client, g."clientId", g."credentialId", g.method, g.resource, g.scope, g.kid, g."expiresAt", g.reason,
      g.evidence::jsonb, g.count, g.address, g.agent, g."feedNumber"
    from ${chosen}
    on conflict (day, jti) do nothing
    returning tenant_id, workspace_id, at, outcome, client, credential_id, resource, scope, count),
  counted as (
    insert into usage_hours
      (tenant_id, workspace_id, hour, client_id, credential_id, resource, scope, issued, refused)
    select tenant_id, workspace_id, date_trunc('hour', at, 'UTC'), coalesce(client, ''), coalesce(credential_id, ''),
      coalesce(resource, ''), coalesce(scope, ''), coalesce(sum(count) filter (where outcome = 'issued'), 0),
      coalesce(sum(count) filter (where outcome = 'refused'), 0)
    from fresh group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7
    on conflict (tenant_id, workspace_id, hour, client_id, credential_id, resource, scope)
      do update set issued = usage_hours.issued + excluded.issued, refused = usage_hours.refused + excluded.refused)`;

const WRITE = `with ${written(GIVEN)} select`;

/**
 * The same where rows rest on what may be used once: such a row is written only where all of it came with this row first,
 * or did before. Taken in one order, so that two servers do not wait for each other.
 */
const WRITE_ONCE = `
  with given as materialized (select * from ${GIVEN}),
  wanted as materialized (
    select g."tenantId", g."workspaceId", r.id, g.jti, r."expiresAt"
    from given g cross join lateral json_to_recordset(g.replays) as r (id text, "expiresAt" timestamptz)),
  taken as (
    insert into replay_ids (tenant_id, workspace_id, replay_id, token_jti, expires_at)
    select * from wanted order by 1, 2, 3
    on conflict (tenant_id, workspace_id, replay_id) do nothing
    returning replay_id, token_jti),
  own as (
    select replay_id, token_jti from taken
    union all select r.replay_id, r.token_jti from replay_ids r join wanted w on r.tenant_id = w."tenantId"
      and r.workspace_id = w."workspaceId" and r.replay_id = w.id and r.token_jti = w.jti),
  used as (
    select w.jti, w.id from wanted w
    where not exists (select from own o where o.replay_id = w.id and o.token_jti = w.jti)),
  ${written("given g where g.jti not in (select jti from used)")}
  select jti, min(id) as id from used group by jti`;

/** By `jti`: tokens that were not written, each with something it rests on that has become another token. */
export type Replayed = ReadonlyMap<string, string>;
const NONE: Replayed = new Map();

/**
 * Writes rows in one statement, with the hourly counters of those that were not there before: so a batch that is sent
 * again, because nobody knows whether it was committed, is counted once. Resolves when it is durable.
 */
export async function writeTokenRows({ sql }: Pick<Database, "sql">, rows: readonly TokenRow[]): Promise<Replayed> {
  const isOnce = rows.some(({ replays }) => replays !== undefined);
  const replayed = await sql.unsafe<{ jti: string; id: string }[]>(
    isOnce ? WRITE_ONCE : WRITE,
    [JSON.stringify(rows)],
    PREPARED,
  );
  return isOnce ? new Map(replayed.map(({ jti, id }) => [jti, id])) : NONE;
}

/** A text that never changes is put together once, and planned once by the database. */
const PREPARED = { prepare: true };

import type { Database, Sql } from "@mintmark/db";
import { defaultSettings } from "../settings/settings.ts";

/** Rows deleted by one statement: locks stay short, and the log of the database small. */
const BATCH = 5000;
/** Milliseconds for one kind in one go: the rest waits for the next minute. */
const SPAN_MS = 10_000;

/** How long what is no setting is kept, in days. Said in SECURITY.md. */
const DAYS = {
  usageHours: 90,
  usageDays: 400,
  latencies: 2,
  jwksFetches: 90,
  tokenUses: 90,
  replicas: 1,
  statusNumbers: 2,
  notices: 90,
  invitations: 30,
};

type Removal = () => PromiseLike<{ readonly count: number }>;

/** Deletes what has had its time by its own word, a batch at a time. @returns how many rows */
export async function deleteExpired({ sql }: Pick<Database, "sql">, now: Date): Promise<number> {
  return inBatches(
    () => expiredTokenLog(sql, now),
    () => sql`delete from revoked_tokens where (tenant_id, workspace_id, jti) in (
      select tenant_id, workspace_id, jti from revoked_tokens where expires_at < ${now} limit ${BATCH})`,
    () => sql`delete from replay_ids where (tenant_id, workspace_id, replay_id) in (
      select tenant_id, workspace_id, replay_id from replay_ids where expires_at < ${now} limit ${BATCH})`,
    () => sql`delete from idempotency where (tenant_id, principal, mutation, client_mutation_id) in (
      select tenant_id, principal, mutation, client_mutation_id from idempotency
      where expires_at < ${now} limit ${BATCH})`,
    () => sql`delete from sso_attempts where ctid in (
      select ctid from sso_attempts where expires_at < ${now} limit ${BATCH})`,
    () => sql`delete from log_exports where (tenant_id, id) in (
      select tenant_id, id from log_exports where expires_at < ${now} limit ${BATCH})`,
    () => sql`delete from import_rows where (tenant_id, import_id, line) in (
      select r.tenant_id, r.import_id, r.line from imports i
      join import_rows r on r.tenant_id = i.tenant_id and r.import_id = i.id
      where i.expires_at < ${now} limit ${BATCH})`,
    // With what is left of its report, where the minute was over.
    () => sql`delete from imports i where i.expires_at < ${now} and not exists (
      select from import_rows r where r.tenant_id = i.tenant_id and r.import_id = i.id)`,
  );
}

/** Deletes what is merely old. It is looked for row by row, so once an hour. @returns how many rows */
export async function deleteOld({ sql }: Pick<Database, "sql">, now: Date): Promise<number> {
  const before = (days: number) => new Date(now.getTime() - days * 86_400_000);
  return inBatches(
    () => sql`delete from usage_hours where ctid in (
      select ctid from usage_hours where hour < ${before(DAYS.usageHours)} limit ${BATCH})`,
    () => sql`delete from usage_days where ctid in (
      select ctid from usage_days where day < ${before(DAYS.usageDays)}::date limit ${BATCH})`,
    () => sql`delete from workspace_latencies where ctid in (
      select ctid from workspace_latencies where minute < ${before(DAYS.latencies)} limit ${BATCH})`,
    () => sql`delete from jwks_fetches where ctid in (
      select ctid from jwks_fetches where last_at < ${before(DAYS.jwksFetches)} limit ${BATCH})`,
    () => sql`delete from token_uses where ctid in (
      select ctid from token_uses where last_at < ${before(DAYS.tokenUses)} limit ${BATCH})`,
    () => endNumbers(sql, now),
    () => sql`delete from status_numbers where (tenant_id, client_id, cut_offs) in (
      select tenant_id, client_id, cut_offs from status_numbers where ended_at < ${before(DAYS.statusNumbers)} limit ${BATCH})`,
    // None of before is written again: its step is longer ago than anybody looks back.
    () => sql`delete from notices where (tenant_id, id) in (
      select tenant_id, id from notices where created_at < ${before(DAYS.notices)} limit ${BATCH})`,
    // An address that somebody was invited at serves nothing once the link is closed.
    () => sql`delete from invitations where (tenant_id, id) in (
      select tenant_id, id from invitations where expires_at < ${before(DAYS.invitations)} limit ${BATCH})`,
    () => sql`delete from replicas where beat_at < ${before(DAYS.replicas)}`,
  );
}

/** Notes which numbers no new token will carry: a token of before lives a day at most, and then its number may be drawn anew. */
const endNumbers = (sql: Sql, now: Date) => sql`
  update status_numbers set ended_at = ${now} where (tenant_id, client_id, cut_offs) in (
    select n.tenant_id, n.client_id, n.cut_offs from status_numbers n
    left join clients c on c.tenant_id = n.tenant_id and c.id = n.client_id and c.cut_offs = n.cut_offs
    where n.ended_at is null and c.id is null limit ${BATCH})`;

/** Each workspace's token log has its own time: the shortest that installation, tenant and workspace say. */
const expiredTokenLog = (sql: Sql, now: Date) => sql`
  delete from token_log where (day, jti) in (
    select l.day, l.jti from workspaces w
    join tenants t on t.id = w.tenant_id
    cross join installation i
    cross join lateral (
      select day, jti from token_log
      where tenant_id = w.tenant_id and workspace_id = w.id
        and at < ${now}::timestamptz - make_interval(days => coalesce(least(
          (w.settings ->> 'tokenLogRetention')::int, (t.settings ->> 'tokenLogRetention')::int,
          (i.settings ->> 'tokenLogRetention')::int), ${defaultSettings.tokenLogRetention}))
      order by at limit ${BATCH}) l
    limit ${BATCH})`;

async function inBatches(...removals: readonly Removal[]): Promise<number> {
  let deleted = 0;
  for (const remove of removals) {
    const end = Date.now() + SPAN_MS;
    for (let count = BATCH; count >= BATCH && Date.now() < end; deleted += count) ({ count } = await remove());
  }
  return deleted;
}

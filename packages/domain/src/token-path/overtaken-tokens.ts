import type { Database, Sql } from "@mintmark/db";
import type { Revocation } from "@mintmark/token-issuer";
import { shardOf } from "../change/change-feed.ts";
import type { TokenRow } from "../token-log/token-row.ts";
import type { FeedRow } from "./feed-cursor.ts";
import { writeRevocations } from "./revoked-tokens.ts";

/** The cut-off of a client or of a whole workspace, as the feed tells it. */
export interface CutOff {
  readonly tenantId: string;
  readonly workspaceId: string;
  /** The client's internal id; null: every client's. */
  readonly client: string | null;
  readonly notBefore: Date;
  /** Its number in the feed. Whoever issued at a lower one had not heard of it. */
  readonly number: number;
}

/** The cut-offs that a change set. */
export const cutOffsOf = ({ tenantId, number, touched }: FeedRow): readonly CutOff[] =>
  touched.flatMap(({ kind, id, workspaceId, notBefore }) => {
    if (workspaceId === undefined || notBefore === undefined) return [];
    const client = kind === "client" ? id : null;
    return [{ tenantId, workspaceId, client, notBefore: new Date(notBefore), number }];
  });

interface OvertakenRow {
  readonly tenant_id: string;
  readonly workspace_id: string;
  readonly jti: string;
  readonly client_id: string;
  readonly expires_at: Date;
}

/** Tokens taken back in one transaction. */
const AT_ONCE = 500;

/**
 * Takes back, one by one, the tokens that were issued after its cut-off by a server that had not heard of it:
 * their `iat` does not tell them from those of afterwards.
 */
export async function revokeOvertaken(database: Database, cutOff: CutOff, now: Date): Promise<void> {
  const { tenantId, workspaceId, client, notBefore, number } = cutOff;
  const rows = await database.sql<OvertakenRow[]>`
    select tenant_id, workspace_id, jti, client_id, expires_at from token_log
    where tenant_id = ${tenantId} and workspace_id = ${workspaceId} and at >= ${notBefore}
      and ${client === null ? database.sql`true` : database.sql`client = ${client}`}
      and outcome = 'issued' and feed_number < ${number} and expires_at > ${now}`;
  await revokeAll(database, rows, now);
}

/** The same for rows that come late, from a disk: whichever cut-off they were overtaken by meanwhile. */
export async function revokeOvertakenRows(database: Database, rows: readonly TokenRow[], now: Date): Promise<void> {
  const living = rows.filter(({ expiresAt }) => expiresAt !== null && new Date(expiresAt) > now);
  if (living.length > 0) await revokeAll(database, await overtaken(database.sql, living), now);
}

const overtaken = (sql: Sql, rows: readonly TokenRow[]) => sql<OvertakenRow[]>`
  with late as materialized (
    select * from json_to_recordset(${JSON.stringify(
      rows.map((row) => ({ ...row, evidence: null, shard: shardOf(row.tenantId) })),
    )}::text::json) as l (shard int, "tenantId" text, "workspaceId" text, jti text, client text, "clientId" text,
      at timestamptz, "expiresAt" timestamptz, "feedNumber" bigint)),
  since as (select shard, min("feedNumber") as number from late group by shard)
  select distinct l."tenantId" as tenant_id, l."workspaceId" as workspace_id, l.jti, l."clientId" as client_id,
    l."expiresAt" as expires_at
  from since s join change_feed c on c.shard = s.shard and c.number > s.number
  cross join lateral jsonb_to_recordset(c.touched) as t (kind text, id text, "notBefore" timestamptz)
  join late l on l."tenantId" = c.tenant_id and t.id = case t.kind when 'client' then l.client else l."workspaceId" end
    and l."feedNumber" < c.number and l.at >= t."notBefore"
  where t."notBefore" is not null`;

async function revokeAll(database: Database, rows: readonly OvertakenRow[], now: Date): Promise<void> {
  const places = Map.groupBy(rows, (row) => `${row.tenant_id} ${row.workspace_id}`);
  for (const [first, ...others] of places.values()) {
    if (!first) continue;
    const revocations = [first, ...others].map(
      (row): Revocation => ({ jti: row.jti, clientId: row.client_id, expiresAt: row.expires_at }),
    );
    const place = { tenantId: first.tenant_id, workspaceId: first.workspace_id };
    for (let at = 0; at < revocations.length; at += AT_ONCE)
      await writeRevocations(database, place, revocations.slice(at, at + AT_ONCE), now);
  }
}

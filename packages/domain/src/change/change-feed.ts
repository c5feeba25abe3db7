import { createHash, randomBytes } from "node:crypto";
import type { Transaction } from "@mintmark/db";
import { changeFeed, feedShards, history } from "@mintmark/db/schema";
import { eq, inArray, sql } from "drizzle-orm";
import type { TouchedName } from "../token-path/feed-cursor.ts";

/** A thing that a change made, altered or removed, as history keeps it. */
export interface Touched {
  readonly kind: string;
  readonly id: string;
  readonly workspaceId: string | null;
  /** The internal id of the client that it belongs to alone: servers drop their copy of that client, and no other. */
  readonly clientId?: string | undefined;
  /** The member whose power it is part of: servers drop their copies of the clients that this power bounds. */
  readonly memberId?: string | undefined;
  /** The cut-off of a client or workspace that the change set. */
  readonly notBefore?: Date;
  /** The end of a token that the change took back. */
  readonly until?: Date;
  /** The whole thing afterwards, digests left out; `null` once it is gone. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

/** Which of the sixteen counters numbers a tenant's changes. */
export const shardOf = (tenantId: string): number => (createHash("sha256").update(tenantId).digest()[0] ?? 0) & 15;

/** What every server listens to; a notification only wakes its next look at the feed. */
export const FEED_CHANNEL = "mintmark_feed";

/**
 * The last statements of every change: lock the tenant's counter, number the change, write its feed row and the
 * history of what it touched. Number order is commit order because the lock is held until the commit.
 *
 * @returns the feed number
 */
export async function appendToFeed(
  tx: Transaction,
  tenantId: string,
  workspaceId: string | null,
  touched: readonly Touched[],
  at: Date,
): Promise<number> {
  const names = touched.map(
    ({ kind, id, workspaceId, clientId, memberId, notBefore, until, body }): TouchedName => ({
      kind,
      id,
      ...(workspaceId !== null && { workspaceId }),
      ...(clientId !== undefined && { clientId }),
      ...(memberId !== undefined && { memberId }),
      ...(notBefore !== undefined && { notBefore: notBefore.toISOString() }),
      ...(until !== undefined && { until: until.toISOString() }),
      ...(body === null && { gone: true }),
    }),
  );
  const feedNumber = await announce(tx, tenantId, workspaceId, names, at);
  await writeHistory(tx, { tenantId, shard: shardOf(tenantId), feedNumber, at }, touched);
  return feedNumber;
}

/**
 * Numbers a change and tells every server what it touched; without history, for what is no configuration.
 *
 * @returns the feed number
 */
export async function announce(
  tx: Transaction,
  tenantId: string,
  workspaceId: string | null,
  touched: readonly TouchedName[],
  at: Date,
): Promise<number> {
  const shard = shardOf(tenantId);
  const mark = randomBytes(9).toString("base64url");
  const [row] = await tx
    .update(feedShards)
    .set({ number: sql`${feedShards.number} + 1`, mark })
    .where(eq(feedShards.shard, shard))
    .returning({ number: feedShards.number });
  if (!row) throw new Error(`feed shard ${shard} is missing: run migrate`);
  await tx.insert(changeFeed).values({ shard, number: row.number, mark, tenantId, workspaceId, touched, at });
  await tx.execute(sql`select pg_notify(${FEED_CHANNEL}, '')`);
  return row.number;
}

/**
 * One more version of each thing, in one statement: this runs while the tenant's counter is locked. All of them are one
 * parameter, because a part of an import touches thousands.
 */
async function writeHistory(
  tx: Transaction,
  row: { readonly tenantId: string; readonly shard: number; readonly feedNumber: number; readonly at: Date },
  touched: readonly Touched[],
): Promise<void> {
  // A thing named twice has one version, its last.
  const things = new Map(touched.map((thing) => [`${thing.kind} ${thing.id}`, thing]));
  if (things.size === 0) return;
  const rows = [...things.values()].map(({ kind, id, workspaceId, body }) => ({
    kind,
    id,
    workspace: workspaceId,
    body,
  }));
  await tx.execute(sql`
    insert into ${history} (tenant_id, shard, feed_number, at, kind, id, workspace_id, body, version)
    select ${row.tenantId}, ${row.shard}::int, ${row.feedNumber}::bigint, ${row.at.toISOString()}::timestamptz,
      t.kind, t.id, t.workspace, t.body, (select coalesce(max(h.version), 0) + 1 from ${history} h
        where h.tenant_id = ${row.tenantId} and h.kind = t.kind and h.id = t.id)
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as t (kind text, id text, workspace text, body jsonb)`);
}

/** Locks the counters of several tenants in one order, so that changes that visit another tenant cannot deadlock. */
export async function lockShards(tx: Transaction, tenantIds: readonly string[]): Promise<void> {
  const shards = [...new Set(tenantIds.map(shardOf))].sort((a, b) => a - b);
  await tx.select().from(feedShards).where(inArray(feedShards.shard, shards)).orderBy(feedShards.shard).for("update");
}

import { auditEvents, history } from "@mintmark/db/schema";
import { and, eq, gte, isNotNull, sql } from "drizzle-orm";
import { type Actor, readerOf } from "./actor.ts";
import { type AuditEntry, auditEntriesWhere } from "./audit-log.ts";
import { shardOf } from "./change-feed.ts";

const HOUR_MS = 3600_000;
const MOST = 100;

/**
 * The acts of the last hour that left a version of something in the workspace's history, newest first; empty where its
 * audit log may not be seen.
 */
export async function listConfigurationChanges(actor: Actor, workspaceId: string): Promise<readonly AuditEntry[]> {
  const { tx, tenantId, now } = readerOf(actor);
  const ofThisAct = and(
    eq(history.tenantId, auditEvents.tenantId),
    eq(history.shard, shardOf(tenantId)),
    eq(history.feedNumber, auditEvents.feedNumber),
  );
  const versions = tx.select({ one: sql`1` }).from(history).where(ofThisAct);
  const changed = and(
    gte(auditEvents.at, new Date(now.getTime() - HOUR_MS)),
    isNotNull(auditEvents.feedNumber),
    sql`exists ${versions}`,
  );
  return auditEntriesWhere(actor, workspaceId, changed, MOST);
}

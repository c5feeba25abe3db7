import type { Sql, Transaction } from "@mintmark/db";
import { tenants, workspaces } from "@mintmark/db/schema";
import { and, asc, eq, isNull, lt, sql } from "drizzle-orm";
import { lockShards } from "../change/change-feed.ts";
import type { Installation } from "../change/handle.ts";
import { recordByServer } from "../change/server-act.ts";
import { childrenFirst } from "./children-first.ts";
import { tenantSlugDigest } from "./slug.ts";
import { rootTenant } from "./tenant.ts";
import { graceStart } from "./tenant-row.ts";

/** Rows deleted by one statement: locks stay short, and the log of the database small. */
const BATCH = 5000;
/** Milliseconds in one go: the rest waits for the next minute. */
const SPAN_MS = 10_000;

/**
 * What stays of an erased tenant: its emptied workspaces, which its audit log hangs on, and the records of what was done,
 * which the server's role could not delete if it wanted to.
 */
const kept: ReadonlySet<string> = new Set(["workspaces", "audit_events", "audit_heads", "history", "change_feed"]);

/**
 * Erases what belonged to tenants whose grace is over, a batch at a time.
 *
 * @param complain told of a tenant that could not be erased now; the others do not wait for it
 * @returns how many rows
 */
export async function eraseDeletedTenants(
  installation: Installation,
  complain: (error: unknown) => void,
): Promise<number> {
  const { database, now } = installation;
  const isDue = and(lt(tenants.deletedAt, graceStart(now())), isNull(tenants.erasedAt));
  const due = await database
    .select({ id: tenants.id, status: tenants.status })
    .from(tenants)
    .where(isDue)
    .orderBy(asc(tenants.deletedAt));
  const end = Date.now() + SPAN_MS;
  let erased = 0;
  for (const { id, status } of due) {
    if (Date.now() > end) break;
    try {
      if (status !== "deleted" && !(await entomb(installation, id))) continue;
      const { rows, isDone } = await eraseRows(installation, id, end);
      erased += rows;
      if (isDone) await database.update(tenants).set({ erasedAt: now() }).where(eq(tenants.id, id));
    } catch (error) {
      complain(error);
    }
  }
  return erased;
}

/**
 * From here on the tenant is nowhere: its issuers are not there, nobody can restore it, its names are gone.
 *
 * @returns false where it was restored meanwhile
 */
async function entomb(installation: Installation, tenantId: string): Promise<boolean> {
  const root = await rootTenant(installation);
  if (!root) throw new Error("there is no root tenant");
  return installation.database.transaction(async (tx) => {
    const isDue = and(
      eq(tenants.id, tenantId),
      eq(tenants.status, "suspended"),
      lt(tenants.deletedAt, graceStart(installation.now())),
    );
    const [row] = await tx.select().from(tenants).where(isDue).for("no key update");
    if (!row) return false;
    await forgetNames(tx, tenantId, tenantSlugDigest(installation.keyring, row.slug));
    await lockShards(tx, [root.id]);
    // An act for the whole installation: its own log is closed.
    await recordByServer(tx, installation, {
      tenantId: root.id,
      workspaceId: null,
      touched: [{ kind: "tenant", id: tenantId, workspaceId: null, body: null }],
      event: { type: "tenant.erased", tenantId },
    });
    return true;
  });
}

/** An id is no slug: it has a character that none may have. */
async function forgetNames(tx: Transaction, tenantId: string, slugDigest: Buffer): Promise<void> {
  await tx
    .update(tenants)
    .set({ status: "deleted", slug: tenantId, slugDigest, name: "", settings: {}, limits: {}, restoresTo: null })
    .where(eq(tenants.id, tenantId));
  await tx
    .update(workspaces)
    .set({ status: "deleted", slug: sql`${workspaces.id}`, issuer: sql`${workspaces.id}`, name: "", settings: {} })
    .where(eq(workspaces.tenantId, tenantId));
}

/** Deletes rows of a tenant until none is left, or the time is over. */
async function eraseRows(
  { database: { sql: db } }: Installation,
  tenantId: string,
  end: number,
): Promise<{ readonly rows: number; readonly isDone: boolean }> {
  // By the database's own word, so that no table is forgotten that was added later.
  const tables = await db<{ name: string; parents: string[] }[]>`
    select c.relname as name, coalesce(array_agg(p.relname) filter (where p.relname is not null), '{}') as parents
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
    left join pg_constraint k on k.conrelid = c.oid and k.contype = 'f'
    left join pg_class p on p.oid = k.confrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' group by c.relname`;
  let rows = 0;
  for (const table of childrenFirst(tables).filter((name) => !kept.has(name))) {
    for (let count = BATCH; count >= BATCH; rows += count) {
      if (Date.now() > end) return { rows, isDone: false };
      ({ count } = await (peopleIn.has(table) ? peopleOf(db, table, tenantId) : rowsOf(db, table, tenantId)));
    }
  }
  return { rows, isDone: true };
}

const rowsOf = (db: Sql, table: string, tenantId: string) => db`
  delete from ${db(table)} where ctid in (select ctid from ${db(table)} where tenant_id = ${tenantId} limit ${BATCH})`;

/** Who belongs to no other tenant goes with the membership, or with what a provider said of them, account and all. */
const peopleIn: ReadonlySet<string> = new Set(["members", "sso_identities"]);

const peopleOf = (db: Sql, table: string, tenantId: string) =>
  db.begin(async (tx) => {
    const gone = await tx<{ user_id: string }[]>`
      delete from ${db(table)} where ctid in (select ctid from ${db(table)} where tenant_id = ${tenantId} limit ${BATCH})
      returning user_id`;
    const people = gone.map((member) => member.user_id);
    // Whoever joins another tenant now waits for this lock, or is seen by the next statement.
    await tx`select from users where id = any(${people}) order by id for update`;
    await tx`delete from users u where id = any(${people}) and not exists (select from members m where m.user_id = u.id)`;
    return { count: gone.length };
  });

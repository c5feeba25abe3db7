import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, type Database, errorCode, isDatabaseUnavailable, violatedConstraint } from "./connect.ts";
import { type Embedded, startEmbedded } from "./embedded.ts";
import { isSchemaCurrent, migrate, roleOf } from "./migrate.ts";

let folder: string;
let embedded: Embedded;
let application: Database;
let owner: Database;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mintmark-migrate-"));
  chmodSync(folder, 0o755);
  embedded = await startEmbedded({ dataDir: join(folder, "data"), command: "serve" });
  application = connect(embedded.appUrl);
  owner = connect(embedded.ownerUrl);
}, 60_000);

afterAll(async () => {
  await application?.close();
  await owner?.close();
  await embedded?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const refused = (statement: string) =>
  application.sql.unsafe(statement).then(
    () => "accepted",
    (error: unknown) => errorCode(error),
  );

test("an empty database is out of date; of three that migrate at once one does the work", async () => {
  expect(await isSchemaCurrent(embedded.appUrl)).toBe(false);
  const applied = await Promise.all([1, 2, 3].map(() => migrate(embedded.ownerUrl, roleOf(embedded.appUrl))));
  expect(applied.filter((count) => count > 0)).toHaveLength(1);
  expect(await isSchemaCurrent(embedded.appUrl)).toBe(true);
  expect(await migrate(embedded.ownerUrl, roleOf(embedded.appUrl))).toBe(0);
});

test("the application role owns nothing and cannot make or rewrite what must stay", async () => {
  for (const statement of [
    "create table t (a int)",
    "create temporary table t (a int)",
    "create schema s",
    "create role r",
    "create database d",
    "drop table tenants",
    "truncate token_log",
    "alter table tenants add column c int",
    "update audit_events set actor = 'cli'",
    "update history set version = 1",
    "update change_feed set mark = null",
    "delete from schema_migrations",
    "set role mintmark_owner",
  ]) {
    expect(`${statement}: ${await refused(statement)}`).toBe(`${statement}: 42501`);
  }
  expect(await application.sql`select relname from pg_class where relowner = current_user::regrole`).toHaveLength(0);
});

test("a privilege given by hand is taken back by the next migration", async () => {
  await owner.sql`grant delete on history to mintmark_app`;
  await migrate(embedded.ownerUrl, "mintmark_app");
  expect(await refused("delete from history")).toBe("42501");
});

test("[A10] the application role takes a personal part out of the audit log, and what is 30 days old; nothing else", async () => {
  await owner.sql`insert into tenants (id, slug, name, status) values ('ten_1', 'acme', 'Acme', 'active')`;
  await owner.sql`insert into workspaces (tenant_id, id, slug, name, kind, status, issuer)
    values ('ten_1', 'wsp_1', 'pay', 'Pay', 'custom', 'active', 'https://auth.example/t/acme/pay')`;
  for (const [sequence, days] of [
    [1, 31],
    [2, 29],
  ] as const)
    await application.sql`insert into audit_events (tenant_id, workspace_id, sequence, id, at, type, outcome, actor,
        correlation_id, body, personal, salt, commitment, previous_hash, hash)
      values ('ten_1', 'wsp_1', ${sequence}, ${`evt_${sequence}`}, now() - make_interval(days => ${days}), 'client.created',
        'done', 'mem_1', 'req_1', '{}', '{"address": "192.0.2.1"}', '\\x00', '\\x00', '\\x00', '\\x00')`;
  expect(await refused(`update audit_events set personal = '{"address": "192.0.2.2"}'`)).toBe("42501");
  expect(await refused("update audit_events set personal = null, salt = null, type = 'other'")).toBe("42501");
  expect(await refused("update audit_events set personal = null, salt = null")).toBe("accepted");
  expect(await refused("delete from audit_events")).toBe("accepted");
  expect(await owner.sql`select id, personal from audit_events`).toEqual([{ id: "evt_2", personal: null }]);
});

test("a role that owns the tables, or that does not exist, is refused as application role", async () => {
  await expect(migrate(embedded.ownerUrl, roleOf(embedded.ownerUrl))).rejects.toThrow(
    /is that of MIGRATE_DATABASE_URL too/,
  );
  await expect(migrate(embedded.ownerUrl, "nobody_here")).rejects.toThrow(/does not exist. Create it/);
});

test("a migration that was changed after it ran is refused", async () => {
  const [before] = await owner.sql<{ hash: string }[]>`select hash from schema_migrations limit 1`;
  await owner.sql`update schema_migrations set hash = 'other'`;
  await expect(migrate(embedded.ownerUrl, "mintmark_app")).rejects.toThrow(/was changed afterwards/);
  await owner.sql`update schema_migrations set hash = ${before?.hash ?? ""}`;
});

test("raw SQL reads and writes instants as Date and counters as number", async () => {
  const then = new Date("2026-02-03T04:05:06.789Z");
  const [row] =
    await application.sql`select ${then}::timestamptz as at, 9007199254740991::int8 as count, ${5}::int8 as five`;
  expect(row).toEqual({ at: then, count: Number.MAX_SAFE_INTEGER, five: 5 });
});

test("a refused row tells its constraint, through drizzle as well", async () => {
  const row = "insert into feed_shards select * from feed_shards where false";
  await application.sql.unsafe(row);
  const error = await owner.sql`insert into schema_migrations select * from schema_migrations`.catch((e: unknown) => e);
  expect([errorCode(error), violatedConstraint(error)]).toEqual(["23505", "schema_migrations_pkey"]);
  const wrapped = await application.execute("select * from nothing_here").catch((e: unknown) => e);
  expect(errorCode(wrapped)).toBe("42P01");
  expect(isDatabaseUnavailable(wrapped)).toBe(false);
});

test("a database that is not there, or gives up, is unavailable", async () => {
  const away = connect("postgres://a:b@127.0.0.1:1/c");
  expect(isDatabaseUnavailable(await away.sql`select 1`.catch((e: unknown) => e))).toBe(true);
  await away.close();
  const slow = connect(embedded.appUrl, { statementTimeout: 50 });
  expect(isDatabaseUnavailable(await slow.sql`select pg_sleep(5)`.catch((e: unknown) => e))).toBe(true);
  await slow.close();
});

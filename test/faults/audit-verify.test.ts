import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AuditRow, hashOf } from "../admin/audit-chain.ts";
import { eventually } from "../support/http.ts";
import { builtMain } from "../support/server.ts";
import { type StoryWorkspace, useWorld } from "../support/world.ts";

const world = useWorld();
let sql: postgres.Sql;
let workspace: StoryWorkspace;
let place: string;
/** The workspace's chain, oldest first. */
let ids: string[];

beforeAll(async () => {
  sql = postgres(world.server.database.ownerUrl, { max: 1 });
  const tenant = await world.tenant().ready();
  workspace = await world.tenant(tenant).workspace().resource("orders", ["read"]).ready();
  for (const name of ["one", "two", "three"]) await workspace.addClient({ name });
  place = `${tenant.slug}/${workspace.slug}`;
  ids = (
    await sql<{ id: string }[]>`select id from audit_events where workspace_id = ${workspace.id} order by sequence`
  ).map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(8);
});
afterAll(() => sql?.end());

interface Ended {
  readonly code: number;
  readonly said: string;
}

/** Runs a command of the installation beside the running server. */
const mintmark = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...world.server.env, PUBLIC_URL: world.origin };
    execFile(process.execPath, [builtMain, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
    );
  });

const fileOf = (name: string, text: string): string => {
  const path = join(world.server.env["DATA_DIR"] ?? "", name);
  writeFileSync(path, text);
  return path;
};

/** What verifying says while the database is as `change` left it; then all is as before. */
async function saidAfter(change: (tx: postgres.Sql) => Promise<unknown>, ...args: readonly string[]): Promise<Ended> {
  await sql.unsafe("create table kept_events as table audit_events; create table kept_heads as table audit_heads");
  try {
    await change(sql);
    return await mintmark("audit", "verify", ...args);
  } finally {
    await sql.unsafe(
      "truncate audit_events, audit_heads; insert into audit_heads table kept_heads; insert into audit_events table kept_events",
    );
    await sql.unsafe("drop table kept_events, kept_heads");
  }
}

const idAt = (sequence: number): string => ids[sequence - 1] ?? "";

describe("[A10] incident 19: an audit log that was changed in the database", () => {
  test("as it was written → it says so; again beside a checkpoint, and beside the server's own log", async () => {
    const plain = await mintmark("audit", "verify");
    expect(plain).toEqual({
      code: 0,
      said: expect.stringMatching(/All \d+ entries of \d+ workspaces are as they were written\./),
    });
    const checkpoints = await mintmark("audit", "checkpoint");
    expect(checkpoints.said).toContain(place);
    const beside = await mintmark("audit", "verify", "--checkpoints", fileOf("checkpoints", checkpoints.said));
    expect(beside.said).toMatch(/as \d+ checkpoints saw them/);
    expect(beside.code).toBe(0);
    // The server has written some at its start.
    const logged = await mintmark("audit", "verify", "--checkpoints", fileOf("log", world.server.log()));
    expect(logged.said).toMatch(/as \d+ checkpoints saw them/);
  });

  test.each<[string, (tx: postgres.Sql) => Promise<unknown>, () => string]>([
    [
      "altered",
      (tx) => tx`update audit_events set actor = 'mem_somebody' where id = ${idAt(3)}`,
      () => `entry 3 (${idAt(3)}) is not what was written`,
    ],
    ["deleted", (tx) => tx`delete from audit_events where id = ${idAt(3)}`, () => "entry 3 is missing."],
    [
      "exchanged with another",
      (tx) =>
        tx.unsafe(`update audit_events set sequence = -sequence where id in ('${idAt(3)}', '${idAt(4)}');
          update audit_events set sequence = 7 + sequence where id in ('${idAt(3)}', '${idAt(4)}')`),
      () => `entry 3 (${idAt(4)}) is not what was written`,
    ],
    [
      "the newest deleted",
      (tx) => tx`delete from audit_events where workspace_id = ${workspace.id} and sequence > 5`,
      () => "from entry 6 on the end was cut off.",
    ],
    [
      "added before the first",
      (tx) =>
        tx.unsafe(`insert into audit_events select (jsonb_populate_record(e, '{"sequence": 0, "id": "evt_added"}')).*
          from audit_events e where id = '${idAt(1)}'`),
      () => "entry 0 (evt_added) was added",
    ],
    [
      "given another address, and its salt taken away",
      (tx) => tx`update audit_events set personal = '{"address": "192.0.2.1", "agent": null}', salt = null
        where id = ${idAt(3)}`,
      () => `entry 3 (${idAt(3)}) has another address or program`,
    ],
    [
      "relabelled",
      (tx) => tx`update audit_events set type = 'client.disabled' where id = ${idAt(4)}`,
      () => `entry 4 (${idAt(4)}) is not what was written`,
    ],
  ])("a row %s → it is named, and the exit code is 1", async (_, change, named) => {
    const { code, said } = await saidAfter(change);
    expect(said).toContain(`${place}: ${named()}`);
    expect(said).toContain("The audit log was changed in 1 of ");
    expect(code).toBe(1);
  });

  test("the newest deleted and the head set back → only a checkpoint shows it", async () => {
    const checkpoints = fileOf("before", (await mintmark("audit", "checkpoint")).said);
    const cut = async (tx: postgres.Sql) => {
      await tx`delete from audit_events where workspace_id = ${workspace.id} and sequence > 5`;
      await tx`update audit_heads h set sequence = 5, hash = e.hash from audit_events e
        where h.workspace_id = ${workspace.id} and e.workspace_id = h.workspace_id and e.sequence = 5`;
    };
    expect((await saidAfter(cut)).code).toBe(0);
    const { code, said } = await saidAfter(cut, "--checkpoints", checkpoints);
    expect(said).toContain(`${place}: from entry 6 on the end was cut off.`);
    expect(code).toBe(1);
  });

  test.each<[string, (line: string) => string, RegExp]>([
    [
      "whose checkpoint was changed",
      (line) => line.replace(/"sequence":\d+/, '"sequence":1'),
      /line 1 of .* not signed by this installation, or were changed/,
    ],
    ["without any", () => "nothing\n{}\nnull\n", /There is no checkpoint in/],
  ])("a file %s → refused with what to do", async (_, change, why) => {
    const lines = (await mintmark("audit", "checkpoint")).said.split("\n").filter((line) => line.includes(place));
    const { code, said } = await mintmark(
      "audit",
      "verify",
      "--checkpoints",
      fileOf("odd", lines.map(change).join("\n")),
    );
    expect(said).toMatch(why);
    expect(code).toBe(1);
  });

  test("a file that is not there → refused with what to do", async () => {
    const { code, said } = await mintmark("audit", "verify", "--checkpoints", "/no/such/file");
    expect(said).toContain("cannot be read (ENOENT)");
    expect(code).toBe(1);
  });
});

describe("[A10] a chain that its workspace's auditRetention cut", () => {
  /** Seals the chain as if its first rows had been written so many days ago. */
  async function age(upTo: number, days: number): Promise<void> {
    const rows = await sql<
      AuditRow[]
    >`select * from audit_events where workspace_id = ${workspace.id} order by sequence`;
    let previous: Buffer = Buffer.alloc(32);
    for (const row of rows) {
      const at = Number(row.sequence) > upTo ? row.at : new Date(row.at.getTime() - days * 86_400_000);
      const hash = Buffer.from(hashOf({ ...row, at }, previous), "hex");
      await sql`update audit_events set at = ${at}, previous_hash = ${previous}, hash = ${hash} where id = ${row.id}`;
      previous = hash;
    }
    await sql`update audit_heads set hash = ${previous} where workspace_id = ${workspace.id}`;
  }
  const numbers = async () =>
    (
      await sql<
        { n: number }[]
      >`select sequence::int as n from audit_events where workspace_id = ${workspace.id} order by 1`
    ).map(({ n }) => n);
  /** What says that the chain was cut. */
  const setCut = (tx: postgres.Sql, cut: postgres.JSONValue) =>
    tx`update audit_heads set cut = ${tx.json(cut)} where workspace_id = ${workspace.id}`;
  const cutNow = async (): Promise<Record<string, string | number>> =>
    (await sql`select cut from audit_heads where workspace_id = ${workspace.id}`)[0]?.["cut"];

  beforeAll(async () => {
    await age(5, 40);
    await workspace.admin.must(
      "updateWorkspaceSettings",
      { workspaceId: workspace.id, auditRetention: 30 },
      "__typename",
    );
    await world.server.stop();
    await world.server.restart();
    expect((await eventually(numbers, (left) => left[0] === 6, 20))[0]).toBe(6);
  });

  test("→ what had its time is gone, the rest verifies, and the signed cut stands in the server's log", async () => {
    expect((await mintmark("audit", "verify")).said).toMatch(/All \d+ entries of \d+ workspaces are as they were/);
    const log = world.server.log();
    expect(log).toMatch(new RegExp(`"place":"${place}","sequence":5,.*"cut":\\{"lastAt":"[^"]+","days":30\\}`));
    const beside = fileOf(
      "cut-log",
      log
        .split("\n")
        .filter((line) => line.includes('"cut"'))
        .join("\n"),
    );
    expect((await mintmark("audit", "verify", "--checkpoints", beside)).said).toMatch(/as 1 checkpoints saw them/);
  });

  test.each<[string, (tx: postgres.Sql) => Promise<unknown>, () => string]>([
    [
      "a row after it altered",
      (tx) => tx`update audit_events set actor = 'mem_somebody' where id = ${idAt(7)}`,
      () => `entry 7 (${idAt(7)}) is not what was written`,
    ],
    [
      "the first one left deleted",
      (tx) => tx`delete from audit_events where id = ${idAt(6)}`,
      () => "entry 6 is missing.",
    ],
    ["its record taken away", (tx) => setCut(tx, null), () => "entry 1 is missing."],
    [
      "more deleted, and the record moved to there",
      async (tx) => {
        await tx`delete from audit_events where id = ${idAt(6)}`;
        await setCut(tx, { ...(await cutNow()), sequence: 6 });
      },
      () => "that its retention cut it up to entry 6 was not signed by this installation",
    ],
    [
      "more deleted, behind a checkpoint that only saw it",
      async (tx) => {
        const lines = (await mintmark("audit", "checkpoint")).said.split("\n");
        const seen = JSON.parse(lines.find((line) => line.includes(`"${place}"`)) ?? "");
        await workspace.addClient({ name: "later" });
        await tx`delete from audit_events where workspace_id = ${workspace.id} and sequence <= ${seen.sequence}`;
        await setCut(tx, seen);
      },
      () => "that its retention cut it up to entry ",
    ],
  ])("%s → it is named, and the exit code is 1", async (_, change, named) => {
    const { code, said } = await saidAfter(change);
    expect(said).toContain(`${place}: ${named()}`);
    expect(code).toBe(1);
  });
});

import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type Database } from "@mintmark/db";
import { type Embedded, startEmbedded } from "@mintmark/db/embedded";
import { migrate, roleOf } from "@mintmark/db/migrate";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { writeTokenRows } from "./token-batch.ts";
import type { TokenRow } from "./token-row.ts";

let folder: string;
let embedded: Embedded;
let database: Database;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mintmark-token-batch-"));
  chmodSync(folder, 0o755);
  embedded = await startEmbedded({ dataDir: join(folder, "data"), command: "serve" });
  await migrate(embedded.ownerUrl, roleOf(embedded.appUrl));
  database = connect(embedded.appUrl);
}, 60_000);
afterAll(async () => {
  await database?.close();
  await embedded?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  for (const table of ["token_log", "usage_hours", "replay_ids"])
    await database.sql`delete from ${database.sql(table)}`;
});

const row = (jti: string, change: Partial<TokenRow> = {}): TokenRow => ({
  jti,
  tenantId: "ten_a",
  workspaceId: "wsp_a",
  at: "2027-01-01T00:10:00.000Z",
  outcome: "issued",
  correlationId: "req_a",
  client: "cli_a",
  clientId: "cli_a",
  credentialId: "sec_a",
  method: "client_secret_basic",
  resource: "https://api.example.com/",
  scope: "read",
  kid: "k",
  expiresAt: "2027-01-01T00:25:00.000Z",
  reason: null,
  evidence: null,
  count: 1,
  address: "192.0.2.1",
  agent: null,
  feedNumber: 7,
  ...change,
});
/** A row that rests on those ids, each a letter. */
const once = (jti: string, ids: string, change: Partial<TokenRow> = {}) =>
  row(jti, { replays: [...ids].map((id) => ({ id, expiresAt: "2027-01-01T00:15:00.000Z" })), ...change });
const none = new Map();

const jtis = async () => (await database.sql`select jti from token_log order by jti`).map(({ jti }) => jti);
const issued = async () => (await database.sql`select sum(issued)::int as issued from usage_hours`)[0]?.["issued"];

test("a batch that is sent again, in whole or in part, is kept and counted once", async () => {
  await writeTokenRows(database, [row("a"), row("b")]);
  await writeTokenRows(database, [row("b"), row("c", { at: "2027-01-01T01:00:00.000Z" })]);
  expect([await jtis(), await issued()]).toEqual([["a", "b", "c"], 3]);
});

test("what may be used once becomes one token, also within a batch, and only in its own workspace", async () => {
  expect(await writeTokenRows(database, [once("a", "x"), row("b")])).toEqual(none);
  expect(await writeTokenRows(database, [once("c", "x"), once("d", "y"), row("e")])).toEqual(new Map([["c", "x"]]));
  expect((await writeTokenRows(database, [once("f", "z"), once("g", "z")])).size).toBe(1);
  expect(await writeTokenRows(database, [once("h", "x", { workspaceId: "wsp_b" })])).toEqual(none);
  expect(await jtis()).toEqual(["a", "b", "d", "e", expect.stringMatching(/[fg]/), "h"]);
  expect(await issued()).toBe(6);
});

test("a batch that is sent again knows what it used itself", async () => {
  const batch = [once("a", "x"), row("b")];
  await writeTokenRows(database, batch);
  expect(await writeTokenRows(database, batch)).toEqual(none);
  expect([await jtis(), await issued()]).toEqual([["a", "b"], 2]);
});

test("what rests on two things becomes a token where both are new, and says which was not", async () => {
  expect(await writeTokenRows(database, [once("a", "xp"), once("b", "yp"), row("c")])).toEqual(new Map([["b", "p"]]));
  expect(await writeTokenRows(database, [once("d", "xq")])).toEqual(new Map([["d", "x"]]));
  expect(await writeTokenRows(database, [once("a", "xp"), once("e", "zr")])).toEqual(none);
  expect([await jtis(), await issued()]).toEqual([["a", "c", "e"], 3]);
});

test("of two batches at once that use the same, one gets the token", async () => {
  const all = await Promise.all(["a", "b", "c", "d"].map((jti) => writeTokenRows(database, [once(jti, "x")])));
  expect(all.filter(({ size }) => size === 0)).toHaveLength(1);
  expect([(await jtis()).length, await issued()]).toEqual([1, 1]);
});

test("batches at once that use the same two, in whatever order, do not wait for each other in a circle", async () => {
  const batches = Array.from({ length: 8 }, (_, at) => [once(`${at}`, at % 2 ? "xp" : "px"), once(`${at}b`, "qy")]);
  await Promise.all(batches.map((batch) => writeTokenRows(database, batch)));
  expect([(await jtis()).length, await issued()]).toEqual([2, 2]);
});

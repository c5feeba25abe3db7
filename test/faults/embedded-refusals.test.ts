import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Ended, type Installation, newInstallation } from "../support/installation.ts";
import { askToken } from "../support/token.ts";

let installation: Installation;

beforeEach(async () => {
  installation = await newInstallation();
});

afterEach(() => installation.destroy());

/** A refused start: a failing status, a sentence, no stack, and no database left running. */
function expectRefused({ code, output }: Ended, sentence: RegExp): void {
  expect(output).toMatch(sentence);
  expect(output).not.toMatch(/^\s+at .*\(?.*:\d+:\d+\)?$/m);
  expect(code).toBeGreaterThan(0);
}

test("a second server on one data folder is refused, and the first goes on", async () => {
  await installation.serve();
  expectRefused(
    await installation.run(["serve"], { PORT: String(installation.port + 1) }).ended,
    /is in use by `mintmark serve`/,
  );
  expect(await installation.isReady()).toBe(true);
});

test("a busy port is refused with what to do, and the database is ended again", async () => {
  const other = createServer().listen(installation.port, "127.0.0.1");
  try {
    expectRefused(
      await installation.run(["serve"]).ended,
      new RegExp(`${installation.port}.*in use|in use.*${installation.port}`, "i"),
    );
    expect(installation.databasePid()).toBeUndefined();
  } finally {
    other.close();
  }
});

test("another master key than the data was sealed with is refused; with the right one all is as before", async () => {
  const key = () => ({ MINTMARK_MASTER_KEY: randomBytes(32).toString("base64") });
  const right = key();
  const first = await installation.serve(right);
  const boot = installation.run(["bootstrap", "--json"], { ...right, LOG_LEVEL: "silent" });
  expect(await boot.ended).toMatchObject({ code: 0 });
  const client = JSON.parse(boot.output().slice(boot.output().indexOf("{")));
  first.child.kill("SIGTERM");
  await first.ended;

  expectRefused(await installation.run(["serve"], key()).ended, /MINTMARK_MASTER_KEY/);
  expect(installation.databasePid()).toBeUndefined();

  await installation.serve(right);
  expect((await askToken(client, { resource: client.resource })).status).toBe(200);
});

test("a data folder that another version of PostgreSQL made is refused with what to do, and left as it is", async () => {
  const older = "/usr/lib/postgresql/15/bin";
  const first = await installation.serve({ PG_BIN: older });
  expect(await installation.query("show server_version_num")).toEqual([expect.stringMatching(/^15/)]);
  first.child.kill("SIGTERM");
  await first.ended;

  expectRefused(
    await installation.run(["serve"]).ended,
    /was made by PostgreSQL 15, and this is PostgreSQL 18.*PG_BIN.*DATA_DIR/,
  );
  await installation.serve({ PG_BIN: older });
});

test("a data folder that cannot be made is refused with what to do", async () => {
  const file = join(installation.dataDir, "../a-file");
  writeFileSync(file, "");
  expectRefused(await installation.run(["serve"], { DATA_DIR: join(file, "data") }).ended, /DATA_DIR|data folder/);
});

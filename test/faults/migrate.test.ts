import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { createEmptyDatabase, type TestDatabase } from "../support/postgres.ts";
import { builtMain } from "../support/server.ts";

let folder: string;
let database: TestDatabase;
let port: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mintmark-migrate-"));
  port = await freePort();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  database = await createEmptyDatabase();
});

afterEach(() => database.drop());

interface Ended {
  readonly code: unknown;
  readonly output: string;
}

function run(command: string, env: Readonly<Record<string, string>>): Promise<Ended> {
  const all = { PORT: String(port), DATA_DIR: join(folder, "data"), ...env };
  return new Promise((resolve) => {
    execFile(process.execPath, [builtMain, command], { env: all }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, output: stdout + stderr }),
    );
  });
}

const roles = () => ({ DATABASE_URL: database.appUrl, MIGRATE_DATABASE_URL: database.ownerUrl });

test("serve on a database that nobody migrated → refused with the command to run; the database stays empty", async () => {
  const { code, output } = await run("serve", roles());
  expect(code).toBe(1);
  expect(output).toMatch(/does not have this version's schema yet.*Run `npx -y pnpm@12 mintmark migrate` first/);
  expect(output).not.toMatch(/^\s+at /m);
});

test("migrate three times at once → each succeeds, one did the work; bootstrap works then", async () => {
  const ended = await Promise.all([1, 2, 3].map(() => run("migrate", roles())));
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(ended.filter(({ output }) => output.includes("applied"))).toHaveLength(1);
  expect(await run("bootstrap", { DATABASE_URL: database.appUrl })).toMatchObject({ code: 0 });
});

test.each([
  ["without the owner's address", () => ({ DATABASE_URL: database.appUrl }), /MIGRATE_DATABASE_URL is not set/],
  [
    "with the owner as the server's role",
    () => ({ DATABASE_URL: database.ownerUrl, MIGRATE_DATABASE_URL: database.ownerUrl }),
    /"mintmark_owner" of DATABASE_URL is that of MIGRATE_DATABASE_URL too\. Name a role there that owns nothing/,
  ],
  [
    "with a role that does not exist",
    () => ({ ...roles(), DATABASE_URL: database.appUrl.replace("mintmark_app", "nobody_here") }),
    /"nobody_here" of DATABASE_URL does not exist\. Create it/,
  ],
  [
    "with the application role as the owner",
    () => ({ DATABASE_URL: database.appUrl, MIGRATE_DATABASE_URL: database.appUrl }),
    /"mintmark_app" of DATABASE_URL is that of MIGRATE_DATABASE_URL too/,
  ],
  [
    "at a port where no database listens",
    () => ({ ...roles(), MIGRATE_DATABASE_URL: "postgres://mintmark_owner:secret@127.0.0.1:1/mintmark" }),
    /mintmark at 127\.0\.0\.1:1 cannot be used as mintmark_owner \(ECONNREFUSED\).* of MIGRATE_DATABASE_URL\./,
  ],
])("migrate %s → refused with what to do, without a password", async (_, env, sentence) => {
  const { code, output } = await run("migrate", env());
  expect(code).toBe(1);
  expect(output).toMatch(sentence);
  expect(output).not.toMatch(/secret@|^\s+at /m);
});

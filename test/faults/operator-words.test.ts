import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { createDatabase, type TestDatabase } from "../support/postgres.ts";
import { builtMain } from "../support/server.ts";

let database: TestDatabase;
let folder: string;

beforeEach(async () => {
  database = await createDatabase();
  folder = mkdtempSync(join(tmpdir(), "mintmark-words-"));
});

afterEach(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command until it ends; a server is told to stop when it listens. */
async function run(command: string, env: Readonly<Record<string, string>>) {
  const all = { PORT: String(await freePort()), DATA_DIR: folder, DATABASE_URL: database.appUrl, ...env };
  const child = spawn(process.execPath, [builtMain, command], { env: all });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.includes("Mintmark listens")) child.kill("SIGTERM");
    });
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    child.once("close", (code) => resolve({ code, output }));
  });
}

const production = {
  PUBLIC_URL: "https://id.example.com",
  MINTMARK_MASTER_KEY: randomBytes(32).toString("base64"),
};

test("seed in production → refused before anything is made", async () => {
  const { code, output } = await run("seed", production);
  expect(output).toMatch(/in production, where a demo world .* has no business/);
  expect(code).toBe(1);
});

test.each([
  ["every address", "0.0.0.0", {}, true],
  ["this machine only", "127.0.0.1", {}, false],
  ["every address, in production", "0.0.0.0", production, false],
] as const)("serve on %s → warned where it is open without TLS", async (_, HOST, env, isWarned) => {
  const { code, output } = await run("serve", { HOST, ...env });
  expect(output.includes(`HOST is ${HOST}, so others on the network reach this server, without TLS`)).toBe(isWarned);
  expect(output).toMatch(/Open \S+\/console\/setup within 30 minutes\.\nSet-up code: \S+/);
  expect(code).toBe(0);
});

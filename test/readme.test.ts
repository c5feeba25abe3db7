import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "./support/free-port.ts";
import { createDatabase, type TestDatabase } from "./support/postgres.ts";
import { builtMain } from "./support/server.ts";

const run = promisify(execFile);
const clone = fileURLToPath(new URL("..", import.meta.url));

let database: TestDatabase;
let server: ChildProcess;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  database = await createDatabase();
  folder = await mkdtemp(join(tmpdir(), "mintmark-readme-"));
  env = {
    ...(process.env as Record<string, string>),
    PORT: String(await freePort()),
    DATA_DIR: folder,
    DATABASE_URL: database.appUrl,
    MINTMARK_MASTER_KEY: randomBytes(32).toString("base64"),
  };
  server = spawn(process.execPath, [builtMain, "serve"], { env, stdio: ["ignore", "pipe", "ignore"] });
  await new Promise<void>((resolve, reject) => {
    server.stdout?.on("data", (text) => String(text).includes("Mintmark listens on") && resolve());
    server.once("exit", () => reject(new Error("the server stopped before it listened")));
  });
});

afterAll(async () => {
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  await ended;
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

test("[C3] [A3] The README's story is pasted into a shell beside a fresh server → it prints what the README says", async () => {
  const readme = await readFile(join(clone, "README.md"), "utf8");
  const [, story = "", printed = ""] = /```bash\n([\s\S]*?)```\n\nIt prints:\n\n```\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(story).toContain("oauth2/token");
  const { stdout } = await run("bash", ["-c", story], { cwd: clone, env, timeout: 60_000 });
  expect(stdout).toBe(printed);
});

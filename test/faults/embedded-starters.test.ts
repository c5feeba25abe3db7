import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually, send } from "../support/http.ts";
import { type Installation, isAlive, newInstallation } from "../support/installation.ts";

const launcher = join(import.meta.dirname, "../../apps/server/launch.mjs");
let installation: Installation;
let started: number[];

beforeEach(async () => {
  installation = await newInstallation();
  started = [];
});

afterEach(async () => {
  for (const pid of started.filter(isAlive)) process.kill(pid, "SIGKILL");
  await installation.destroy();
});

/** Prints its number, starts itself with the next value of npm_lifecycle_event (`-`: as it is), at the end the server. */
const script = `
  echo $$
  if [ $# -eq 0 ]; then exec "$NODE" "$LAUNCHER" serve >&2; fi
  if [ "$1" != - ]; then export npm_lifecycle_event="$1"; fi
  shift
  sh -c "$SCRIPT" sh "$@" & wait`;

/** The chain of `npx pnpm start`, none of which passes a signal on: npx, its shell, pnpm, pnpm's shell and the server, below a caller. */
async function startChain() {
  const env = {
    PATH: process.env["PATH"] ?? "",
    PORT: String(installation.port),
    DATA_DIR: installation.dataDir,
    NODE: process.execPath,
    LAUNCHER: launcher,
    SCRIPT: script,
  };
  const levels = ["-", "npx", "npx", "start", "start"];
  const caller = spawn("/bin/sh", ["-c", script, "sh", ...levels], { env, stdio: ["ignore", "pipe", "ignore"] });
  let printed = "";
  caller.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  await eventually(installation.isReady, Boolean, 60);
  started = printed.trim().split("\n").map(Number);
  const [shell = 0, npx = 0, npxShell = 0, pnpm = 0, pnpmShell = 0, server = 0] = started;
  return { caller: shell, npx, "npx's shell": npxShell, pnpm, "pnpm's shell": pnpmShell, server };
}

test.each([
  ["npx", "SIGTERM"],
  ["npx", "SIGKILL"],
  ["npx's shell", "SIGKILL"],
  ["pnpm", "SIGKILL"],
] as const)("when %s gets %s and passes nothing on, server and database end", async (who, signal) => {
  const chain = await startChain();
  expect(isAlive(installation.databasePid() ?? 0)).toBe(true);
  process.kill(chain[who], signal);
  await eventually(
    async () => isAlive(chain.server),
    (alive) => !alive,
    20,
  );
  expect(installation.databasePid()).toBeUndefined();
  await expect(send(`${installation.origin}/livez`)).rejects.toThrow();
});

test("when whoever called npx ends, the server goes on", async () => {
  const chain = await startChain();
  process.kill(chain.caller, "SIGKILL");
  await pause(2_000);
  expect((await send(`${installation.origin}/readyz`)).status).toBe(200);
  process.kill(chain.server, "SIGTERM");
  await eventually(
    async () => isAlive(chain.server),
    (alive) => !alive,
    20,
  );
});

test("a data folder full of other things is refused with what to do, and left as it is", async () => {
  mkdirSync(join(installation.dataDir, "letters"), { recursive: true });
  writeFileSync(join(installation.dataDir, ".profile"), "");
  const { code, output } = await installation.run(["serve"]).ended;
  expect(output).toMatch(/DATA_DIR is .*holds other things.*letters.*Name an empty folder/);
  expect(output).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect(code).toBeGreaterThan(0);
  expect(readdirSync(installation.dataDir).sort()).toEqual([".profile", "letters"]);
});

test("an empty disk's own folder is no other thing, and what a killed first start left is Mintmark's", async () => {
  for (const name of ["lost+found", "postgres.partial"])
    mkdirSync(join(installation.dataDir, name), { recursive: true });
  writeFileSync(join(installation.dataDir, "notes"), "");
  const server = await installation.serve();
  server.child.kill("SIGTERM");
  expect(await server.ended).toMatchObject({ code: 0 });
});

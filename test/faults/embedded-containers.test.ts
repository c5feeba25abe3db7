import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "../support/http.ts";
import { type Ended, type Installation, newInstallation } from "../support/installation.ts";
import { askToken } from "../support/token.ts";

const launcher = join(import.meta.dirname, "../../apps/server/launch.mjs");
let installation: Installation;
let kill: (() => Promise<unknown>)[];

beforeEach(async () => {
  installation = await newInstallation();
  kill = [];
});

afterEach(async () => {
  for (const end of kill) await end();
  await installation.destroy();
});

/**
 * Runs a command as another container on the same volume would: with process numbers and shared memory of its own.
 * Only root may (as CI is).
 */
function inContainer(command: string, port: number) {
  const env = { PATH: process.env["PATH"] ?? "", PORT: String(port), DATA_DIR: installation.dataDir };
  const own = ["--pid", "--fork", "--kill-child", "--mount-proc", "--ipc"];
  const child = spawn("/usr/bin/unshare", [...own, process.execPath, launcher, command], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (code) => resolve({ code: code ?? undefined, output }));
  });
  const end = () => {
    child.kill("SIGKILL");
    return ended;
  };
  kill.push(end);
  return { ended, end };
}

const locks = () => readdirSync(installation.dataDir).filter((name) => name.startsWith("lock."));

test("a second server in another container is refused, and so are commands; the first goes on", async () => {
  await installation.serve();
  const client = await installation.bootstrap();
  const [database, held] = [installation.databasePid(), locks()];
  for (const command of ["serve", "bootstrap"]) {
    const { code, output } = await inContainer(command, installation.port + 1).ended;
    expect(output).toMatch(/is in use by `mintmark serve` in another container or on another machine/);
    expect(code).toBeGreaterThan(0);
  }
  expect([installation.databasePid(), locks()]).toEqual([database, held]);
  expect((await askToken(client, { resource: client.resource })).status).toBe(200);
});

test("after a container was killed the next server starts by itself, with what was committed", async () => {
  const killed = inContainer("serve", installation.port);
  await eventually(installation.isReady, Boolean, 60);
  const { code } = await inContainer("serve", installation.port + 1).ended;
  expect(code).toBeGreaterThan(0);
  await killed.end();
  await installation.serve();
  const client = await installation.bootstrap();
  expect((await askToken(client, { resource: client.resource })).status).toBe(200);
  expect(locks()).toHaveLength(1);
});

test("a server that stood still while another one took over ends its database and itself", async () => {
  const first = await installation.serve();
  first.child.kill("SIGSTOP");
  const second = inContainer("serve", installation.port + 1);
  // A watcher's own file comes and goes beside the holder's: taken over is when the holder's is gone.
  const ofFirst = `lock.${first.child.pid}.`;
  await eventually(
    async () => locks(),
    (held) => held.length === 1 && held.every((name) => !name.startsWith(ofFirst)),
    60,
  );
  first.child.kill("SIGCONT");
  const { code, output } = await first.ended;
  expect(output).toMatch(/another one took over the data folder/);
  expect(code).toBeGreaterThan(0);
  await second.end();
}, 180_000);

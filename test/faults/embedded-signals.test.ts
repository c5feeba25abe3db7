import { spawn } from "node:child_process";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually, send } from "../support/http.ts";
import { type Installation, isAlive, newInstallation } from "../support/installation.ts";
import { askToken, basic } from "../support/token.ts";

let installation: Installation;

beforeEach(async () => {
  installation = await newInstallation();
});

afterEach(() => installation.destroy());

const launcher = join(import.meta.dirname, "../../apps/server/launch.mjs");

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends server and database with status 0, and the data is kept",
  async (signal) => {
    const first = await installation.serve();
    const client = await installation.bootstrap();
    const database = installation.databasePid() ?? 0;
    expect(isAlive(database)).toBe(true);

    first.child.kill(signal);
    expect(await first.ended).toMatchObject({ code: 0 });
    expect(isAlive(database)).toBe(false);

    await installation.serve();
    expect((await askToken(client, { resource: client.resource })).status).toBe(200);
  },
);

test("a request under way when the signal comes is answered before the server ends", async () => {
  const server = await installation.serve();
  const client = await installation.bootstrap();
  const [name, value] = basic(client);
  const headers = { [name]: value, "Content-Type": "application/x-www-form-urlencoded" };
  const outgoing = request(client.tokenEndpoint, { method: "POST", headers });
  const status = new Promise((resolve, reject) => {
    outgoing.once("response", (answer) => resolve(answer.resume().statusCode)).once("error", reject);
  });
  outgoing.write("grant_type=client_credentials&");
  await pause(500);
  server.child.kill("SIGTERM");
  await pause(500);
  outgoing.end(`resource=${encodeURIComponent(client.resource)}`);
  expect(await status).toBe(200);
  expect(await server.ended).toMatchObject({ code: 0 });
  expect(installation.databasePid()).toBeUndefined();
});

test("a second SIGINT while it stops does no harm", async () => {
  const server = await installation.serve();
  server.child.kill("SIGINT");
  server.child.kill("SIGINT");
  expect(await server.ended).toMatchObject({ code: 0 });
  expect(installation.databasePid()).toBeUndefined();
});

/** Starts `serve` below a shell, as npm and pnpm do; then the shell vanishes, or the terminal hangs up on the server. */
async function serveAndLoseParent(
  extra: Readonly<Record<string, string>>,
  how: "vanishes" | "hangs up" = "vanishes",
): Promise<number> {
  const env = {
    PATH: process.env["PATH"] ?? "",
    PORT: String(installation.port),
    DATA_DIR: installation.dataDir,
    ...extra,
  };
  const command = `"${process.execPath}" "${launcher}" serve >&2 & echo $!; wait`;
  const shell = spawn("/bin/sh", ["-c", command], { env, stdio: ["ignore", "pipe", "ignore"] });
  const pid = await new Promise<number>((resolve) => shell.stdout.once("data", (text) => resolve(Number(text))));
  await eventually(installation.isReady, Boolean, 60);
  if (how === "vanishes") shell.kill("SIGKILL");
  else process.kill(pid, "SIGHUP");
  return pid;
}

test.each(["vanishes", "hangs up"] as const)(
  "when pnpm started it and the terminal %s, the server ends its database and itself",
  async (how) => {
    const pid = await serveAndLoseParent({ npm_lifecycle_event: "start" }, how);
    await eventually(
      async () => isAlive(pid),
      (alive) => !alive,
      30,
    );
    expect(installation.databasePid()).toBeUndefined();
  },
);

test("without pnpm the server outlives its parent, as under nohup", async () => {
  const pid = await serveAndLoseParent({});
  await pause(3000);
  expect((await send(`${installation.origin}/livez`)).status).toBe(200);
  process.kill(pid, "SIGTERM");
  await eventually(
    async () => isAlive(pid),
    (alive) => !alive,
    30,
  );
  expect(installation.databasePid()).toBeUndefined();
});

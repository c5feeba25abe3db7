import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { eventually, send } from "../support/http.ts";
import { builtMain } from "../support/server.ts";
import { askToken, fetchToken } from "../support/token.ts";
import { useWorld } from "../support/world.ts";

const world = useWorld({ WORKERS: "2" });

/** The processes below the server, by number: its workers. */
function workers(): number[] {
  const port = `PORT=${new URL(world.origin).port}`;
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes.map(Number).filter((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      return environment.includes(port) && environment.some((entry) => entry.startsWith("NODE_UNIQUE_ID="));
    } catch {
      return false;
    }
  });
}

/** The values of a series, by worker. */
const valuesOf = (metrics: string, series: string) =>
  [...metrics.matchAll(new RegExp(`^${series}worker="(\\d)"\\} (\\d+)$`, "gm"))]
    .map(([, worker, value]) => [worker, Number(value)])
    .sort();

const issued = (metrics: string) =>
  valuesOf(metrics, 'mintmark_token_decisions_total\\{outcome="issued",reason="",').reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  );

test("WORKERS=2 → two processes answer on one port, and what one of them was told the other knows", async () => {
  expect(workers().length).toBe(2);
  const client = await world.tenant().workspace().resource("orders", ["read"]).client();
  // Each call is a connection of its own, and goes to the next worker.
  for (let call = 0; call < 8; call++) expect((await askToken(client)).status).toBe(200);
});

test("metrics → those of all workers, whichever answers", async () => {
  const client = await world.tenant().workspace().resource("orders", ["read"]).client();
  const before = issued((await send(`${world.origin}/metrics`)).body);
  for (let call = 0; call < 6; call++) await fetchToken(client);
  for (let call = 0; call < 2; call++) expect(issued((await send(`${world.origin}/metrics`)).body)).toBe(before + 6);
  const { body } = await send(`${world.origin}/metrics`);
  // A gauge says what each of them sees: it is not added up.
  expect(valuesOf(body, "mintmark_database_up\\{")).toEqual([
    ["1", 1],
    ["2", 1],
  ]);
});

test("a worker that dies → is replaced, and callers hardly notice", async () => {
  const client = await world.tenant().workspace().resource("orders", ["read"]).client();
  await fetchToken(client);
  const before = workers();
  process.kill(before[0] ?? 0, "SIGKILL");
  const after = await eventually(
    async () => workers(),
    (now) => now.length === 2 && !now.includes(before[0] ?? 0),
    20,
  );
  expect(after).toContain(before[1]);
  const status = async () => (await askToken(client).catch(() => undefined))?.status;
  await eventually(status, (found) => found === 200, 20);
  // Its figures begin anew under its number; a scrape meanwhile waits for nobody.
  const numbers = async () => valuesOf((await send(`${world.origin}/metrics`)).body, "mintmark_database_up\\{");
  await eventually(numbers, (found) => found.length === 2 && found[1]?.[0] === "2", 20);
});

test("a port that is taken → one sentence, and nothing to report", async () => {
  const second = spawnSync(process.execPath, [builtMain, "serve"], { env: world.server.env, encoding: "utf8" });
  expect(second.status).toBe(1);
  expect(second.stderr).toMatch(/^Port \d+ is in use by another program\./m);
  expect(second.stderr).not.toMatch(/unforeseen|replaced/);
});

test("SIGTERM → all of them finish, and the exit code is 0", async () => {
  const left = workers();
  expect(await world.server.stop()).toBe(0);
  expect(workers().filter((pid) => left.includes(pid))).toEqual([]);
  await world.server.restart();
});

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { eventually, send } from "../support/http.ts";
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

const issued = (metrics: string) =>
  Number(/^mintmark_token_decisions_total\{outcome="issued",reason=""\} (\d+)$/m.exec(metrics)?.[1] ?? 0);

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
});

test("SIGTERM → all of them finish, and the exit code is 0", async () => {
  const left = workers();
  expect(await world.server.stop()).toBe(0);
  expect(workers().filter((pid) => left.includes(pid))).toEqual([]);
  await world.server.restart();
});

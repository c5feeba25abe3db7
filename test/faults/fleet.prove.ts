import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { load } from "../bench/load.ts";
import { cpuSeconds } from "../bench/processes.ts";
import { startReplica, type TestServer } from "../support/server.ts";
import { basic, type Credentials } from "../support/token.ts";
import { useWorld } from "../support/world.ts";
import { askEach, copyClient } from "./many-clients.ts";

const world = useWorld({ LOG_LEVEL: "info", TRUSTED_PROXIES: "127.0.0.1,::1" });
const say = (words: string) => process.stdout.write(`${words}\n`);

const FEW = 1000;
const MANY = 100_000;
const ROUNDS = 5;
const SECONDS = 4;

/** The process of a server: the one whose environment has its port. */
function pidOf({ env }: Pick<TestServer, "env">): number {
  const pid = readdirSync("/proc").find((name) => {
    try {
      return (
        /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, "utf8").split("\0").includes(`PORT=${env["PORT"]}`)
      );
    } catch {
      return false;
    }
  });
  if (pid === undefined) throw new Error("a server has no process");
  return Number(pid);
}

/** Asks for each client until it got a token: a server that starts loads so many at once, and so many a second then. */
async function untilServed(clients: readonly Credentials[]): Promise<number> {
  const began = performance.now();
  for (let left = clients; left.length > 0; ) {
    const some = left.slice(0, 2000);
    const served = new Set<Credentials>();
    const { statuses } = await askEach(some, 100, (client, status) => status === 200 && served.add(client));
    expect([...statuses.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    left = [...left.slice(some.length), ...some.filter((client) => !served.has(client))];
    // As the `Retry-After` of the refused ones says.
    if (served.size < some.length) await pause(2000);
  }
  return (performance.now() - began) / 1000;
}

/** Tokens of some servers at once, and what their processes took for it. */
async function measure(servers: readonly Pick<TestServer, "origin" | "env">[], clients: readonly Credentials[]) {
  const pids = servers.map(pidOf);
  const requests = clients.map((client) => ({
    path: new URL(client.tokenEndpoint).pathname,
    authorization: basic(client)[1],
    contentType: "application/x-www-form-urlencoded",
    body: "grant_type=client_credentials",
  }));
  const before = cpuSeconds(pids);
  const loads = await Promise.all(
    servers.map(({ origin }) =>
      load({
        origin,
        requests,
        expected: "access_token",
        connections: 32,
        seconds: SECONDS,
        processors: "0,1",
      }),
    ),
  );
  const cpu = cpuSeconds(pids) - before;
  const sum = (pick: (one: (typeof loads)[number]) => number) => loads.reduce((total, one) => total + pick(one), 0);
  expect(sum(({ refused, failed, broken }) => refused + failed + broken)).toBe(0);
  const tokens = sum(({ requests: sent }) => sent);
  return { perCpuSecond: tokens / cpu, perSecond: tokens / Math.max(...loads.map((one) => one.microseconds / 1e6)) };
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const shown = (values: readonly number[]) =>
  `${median(values).toFixed(3)} (${Math.min(...values).toFixed(3)}-${Math.max(...values).toFixed(3)})`;

test("[A15] a hundred thousand clients in one workspace, and a second server", async () => {
  const client = await world.tenant().workspace().resource("orders", ["read"]).client();
  const clients = await copyClient(world, client, MANY);
  const few = clients.slice(0, FEW);
  const [second, large] = [await startReplica(world.server), await startReplica(world.server)];
  try {
    const at = (origin: string, some: readonly Credentials[]) =>
      some.map((one) => ({ ...one, tokenEndpoint: one.tokenEndpoint.replace(world.origin, origin) }));
    for (const origin of [world.origin, second.origin]) await askEach(at(origin, few), 50);
    const seconds = await untilServed(at(large.origin, clients));
    say(`A server that starts with nothing in memory has served each of ${MANY} clients after ${seconds.toFixed(0)} s`);
    const growth: number[] = [];
    const beside: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const one = await measure([world.server], few);
      const two = await measure([world.server, second], few);
      const many = await measure([large], clients);
      growth.push(one.perCpuSecond / many.perCpuSecond);
      beside.push(two.perCpuSecond / one.perCpuSecond);
      say(
        `Round ${round + 1}, tokens per CPU-second of the servers: ${Math.round(one.perCpuSecond)} by one with ${FEW} clients, ` +
          `${Math.round(two.perCpuSecond)} by two, ${Math.round(many.perCpuSecond)} by one with ${MANY}; by the clock ` +
          `${Math.round(one.perSecond)}, ${Math.round(two.perSecond)}, ${Math.round(many.perSecond)} a second`,
      );
    }
    say(`Cost of a token with ${MANY} clients ÷ with ${FEW}: ${shown(growth)}`);
    say(`Tokens per CPU-second by two servers ÷ by one: ${shown(beside)}`);
    expect(median(growth)).toBeLessThan(1.1);
    expect(median(beside)).toBeGreaterThan(0.9);
  } finally {
    await second.destroy();
    await large.destroy();
  }
});

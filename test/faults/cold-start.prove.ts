import { expect, test } from "vitest";
import { useWorld } from "../support/world.ts";
import { askEach, askFromThread, copyClient, countStatements, rank, spread, strangers, told } from "./many-clients.ts";

const world = useWorld({ LOG_LEVEL: "info", TRUSTED_PROXIES: "127.0.0.1,::1" });
const say = (words: string) => process.stdout.write(`${words}\n`);
const CLIENTS = 10_000;
const FLOOD_SECONDS = 20;

interface Came {
  readonly statuses: ReadonlyMap<number, number>;
  readonly times: Iterable<number>;
  readonly seconds: number;
}
const words = ({ statuses, times, seconds }: Came) => `${told(statuses)} in ${seconds.toFixed(1)} s; ${spread(times)}`;

test("a cold start with ten thousand clients at once", async () => {
  const client = await world.tenant().workspace().resource("orders", ["read"]).client();
  const clients = await copyClient(world, client, CLIENTS);
  for (const connections of [200, 1000, 10_000]) {
    await world.server.stop();
    await world.server.restart();
    const cold = await countStatements(world.server.database, () => askFromThread(clients, connections));
    const warm = await askFromThread(clients, connections);
    say(
      `Cold start, ${CLIENTS} clients from ${connections} connections: ${words(cold.result)}; ${cold.clients.calls} queries for clients`,
    );
    say(`The same when they are in memory: ${words(warm)}`);
    expect([...cold.result.statuses]).toEqual([[200, CLIENTS]]);
    expect(cold.clients.calls).toBeLessThan(CLIENTS);
    // A connection for each client takes longer on two cores, which the load and the database share: it is only told.
    if (connections < CLIENTS) expect(rank(cold.result.times, 0.99)).toBeLessThan(2000);
  }
});

test("clients that are not there, from everywhere, at full speed", async () => {
  const client = await world.tenant().workspace().resource("orders", ["read"]).client();
  await askEach([client], 1);
  const end = performance.now() + FLOOD_SECONDS * 1000;
  const isOver = () => performance.now() > end;
  const known = function* () {
    while (!isOver()) yield client;
  };
  const { result, clients, looks, all } = await countStatements(world.server.database, () =>
    Promise.all([askEach(strangers(client.tokenEndpoint, isOver), 100), askEach(known(), 1)]),
  );
  const [refused, served] = result;
  say(
    `Strangers from as many addresses: ${words(refused)}; a known client meanwhile: ${words(served)}; ` +
      `${clients.calls} queries for clients, ${looks.calls} looks at the feed, ${all.calls} statements in all, ` +
      `${(all.spent / 10 / FLOOD_SECONDS).toFixed(1)} % of the time`,
  );
  expect([...refused.statuses.keys()].filter((status) => status !== 401 && status !== 503)).toEqual([]);
  expect([...served.statuses.keys()]).toEqual([200]);
  expect(all.calls).toBeLessThan(refused.times.length / 3);
});

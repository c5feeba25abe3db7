import { expect, test } from "vitest";
import { useWorld } from "../support/world.ts";
import { askEach, askFromThread, copyClient, countStatements, strangers } from "./many-clients.ts";

const world = useWorld({ LOG_LEVEL: "info", TRUSTED_PROXIES: "127.0.0.1,::1" });
const CLIENTS = 1000;

test("a start with nothing in memory and a thousand clients at once → all are served, by far fewer queries than clients", async () => {
  const client = await world.tenant().workspace().resource("orders", ["read"]).client();
  const clients = await copyClient(world, client, CLIENTS);
  await world.server.stop();
  await world.server.restart();
  const all = () => askFromThread(clients, 200);
  const { result, clients: queries } = await countStatements(world.server.database, all);
  expect(result.statuses).toEqual(new Map([[200, CLIENTS]]));
  expect(queries.calls).toBeGreaterThan(0);
  expect(queries.calls).toBeLessThan(CLIENTS / 4);
  // Now they are known.
  const again = await countStatements(world.server.database, all);
  expect(again.clients.calls).toBe(0);
});

test("clients that are not there, at full speed → the database is asked little, and others get their tokens", async () => {
  const client = await world.tenant().workspace().resource("orders", ["read"]).client();
  expect((await askEach([client], 1)).statuses).toEqual(new Map([[200, 1]]));
  const end = performance.now() + 4000;
  const isOver = () => performance.now() > end;
  const flood = () => askEach(strangers(client.tokenEndpoint, isOver), 100);
  const known = function* () {
    while (!isOver()) yield client;
  };
  const { result, all } = await countStatements(world.server.database, () =>
    Promise.all([flood(), askEach(known(), 1)]),
  );
  const [refused, served] = result;
  expect([...refused.statuses.keys()]).toEqual([401]);
  expect([...served.statuses.keys()]).toEqual([200]);
  // Many in one query.
  expect(refused.times.length).toBeGreaterThan(300);
  expect(all.calls).toBeLessThan(refused.times.length / 3);
});

import { setTimeout as pause } from "node:timers/promises";
import { expect, inject, test } from "vitest";
import { eventually, send } from "../support/http.ts";
import { administer, setDatabaseAway } from "../support/postgres.ts";
import { askToken, type Credentials, fetchToken } from "../support/token.ts";
import { createSecret } from "../support/world.ts";
import { changeAround, useBalancedWorld, writeAtOnce } from "./balanced.ts";

const balancedWorld = useBalancedWorld();
const { everywhere, balanced, workspace } = balancedWorld;

test("[A8] three servers behind a load balancer → what was just made is never refused, what was taken back is refused by all", async () => {
  const { refused, taken } = await changeAround(balancedWorld, await workspace(), 4);
  expect(refused).toEqual([]);
  expect(taken.size).toBe(4);
  // Ten times the bound: how soon exactly is measured by `pnpm prove freshness`.
  for (const [what, times] of taken) expect([what, Math.max(...times) < 2500]).toEqual([what, true]);
});

test("[A8] the same when no notification gets through", async () => {
  balancedWorld.link.cut("listen");
  try {
    const { refused, taken } = await changeAround(balancedWorld, await workspace(), 1);
    expect(refused).toEqual([]);
    for (const [what, times] of taken) expect([what, Math.max(...times) < 5000]).toEqual([what, true]);
  } finally {
    balancedWorld.link.mend();
  }
});

test("sixteen writers with delays and roll-backs → no change is missed by any server", async () => {
  const { made, rolledBack, wrong, gaps } = await writeAtOnce(balancedWorld, 4);
  expect({ wrong, gaps }).toEqual({ wrong: [], gaps: 0 });
  expect(made).toBeGreaterThanOrEqual(16);
  expect(rolledBack).toBeGreaterThanOrEqual(16);
});

test("a database restored from a copy → every server forgets what came after it", async () => {
  const { database } = balancedWorld.world.server;
  const name = new URL(database.appUrl).pathname.slice(1);
  const place = await workspace();
  const before = await place.addClient();
  const all = (client: Credentials) => Promise.all(everywhere(client).map(async (one) => (await askToken(one)).status));
  expect(await all(before)).toEqual([200, 200, 200]);
  await setDatabaseAway(database, true);
  await administer(inject("postgresUrl"), `create database ${name}_copy template ${name} owner mintmark_owner`);
  await setDatabaseAway(database, false);
  const isBack = (status: number) => status === 401;
  const stranger = { ...before, clientId: "stranger" };
  for (const one of everywhere(stranger)) await eventually(async () => (await askToken(one)).status, isBack, 10);

  const { value: clientSecret } = await createSecret(place, before.id);
  const rotated = { ...before, clientSecret };
  const after = await place.addClient();
  await place.admin.must("revokeClientSecret", { id: before.secretId }, "clientSecret { id }");
  expect([await all(rotated), await all(after)]).toEqual([
    [200, 200, 200],
    [200, 200, 200],
  ]);

  await setDatabaseAway(database, true);
  await administer(
    inject("postgresUrl"),
    `alter database ${name} rename to ${name}_lost`,
    `alter database ${name}_copy rename to ${name}`,
    `drop database ${name}_lost`,
  );
  for (const one of everywhere(after)) await eventually(async () => (await askToken(one)).status, isBack, 10);
  expect(await all(rotated)).toEqual([401, 401, 401]);
  // Its first secret is the living one again.
  expect(await all(before)).toEqual([200, 200, 200]);
  await place.addClient().then((next) => fetchToken(balanced(next)));
});

test("past the time that a workspace allows without news → 503 by each server that hears none, and tokens again when it does", async () => {
  const place = await workspace();
  const client = await place.addClient();
  const { id } = place;
  await administer(
    balancedWorld.world.server.database.ownerUrl,
    `update workspaces set settings = '{"maxStale": 3}' where id = '${id}'`,
  );
  await place.addClient();
  const all = () => Promise.all(everywhere(client).map(async (one) => (await askToken(one)).status));
  expect(await all()).toEqual([200, 200, 200]);
  balancedWorld.link.cut("feed_shards");
  await pause(500);
  expect(await all()).toEqual([200, 200, 200]);
  await eventually(all, (statuses) => statuses.join() === "200,503,503", 10);
  // Others may allow it longer.
  for (const { origin } of balancedWorld.others) expect((await send(`${origin}/readyz`)).status).toBe(200);
  balancedWorld.link.mend();
  await eventually(all, (statuses) => statuses.join() === "200,200,200", 5);
});

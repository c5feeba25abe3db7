import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { EventStream } from "../support/events.ts";
import { eventually } from "../support/http.ts";
import { followLog, idsToldBy, toldBy } from "../support/log-tail.ts";
import { inDatabase } from "../support/member.ts";
import { startReplica, type TestReplica } from "../support/server.ts";
import { askToken, bearer, type Credentials, fetchToken } from "../support/token.ts";
import { type StoryClient, type StoryTenant, useWorld } from "../support/world.ts";

const world = useWorld();
let other: TestReplica;
let tenant: StoryTenant;
let client: StoryClient;
let token: string;

beforeAll(async () => {
  other = await startReplica(world.server);
  tenant = await world.tenant().ready();
  client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
  token = await fetchToken(tenant.adminClient, { resource: tenant.adminClient.resource });
}, 120_000);
afterAll(() => other?.destroy());

const there = <T extends Credentials>(one: T): T => ({
  ...one,
  tokenEndpoint: one.tokenEndpoint.replace(world.origin, other.origin),
});
async function follow(origin: string, log: "auditTail" | "tokenLogTail", after?: string): Promise<EventStream> {
  const stream = await followLog(`${origin}/graphql`, log, client.workspace.id, [bearer(token)], { after });
  onTestFinished(() => stream.close());
  await eventually(
    async () => toldBy(stream).length,
    (events) => events > 0,
  );
  return stream;
}

/** Follows until stopped, each time at the other server, over connections that are cut every now and then. */
function followAcrossCuts(log: "auditTail" | "tokenLogTail"): () => Promise<readonly string[]> {
  const ids: string[] = [];
  let isOver = false;
  const running = (async () => {
    let after: string | undefined;
    for (let turn = 0; !isOver || turn === 0; turn++) {
      const stream = await follow(turn % 2 === 0 ? world.origin : other.origin, log, after);
      await pause(500 + Math.random() * 2000);
      stream.close();
      // What is told while it is cut was not heard: the last whole event counts.
      after = toldBy(stream).at(-1)?.cursor;
      ids.push(...idsToldBy(stream));
      expect(toldBy(stream).every(({ isWhole }) => isWhole)).toBe(true);
    }
    const stream = await follow(world.origin, log, after);
    await pause(4000);
    return [...ids, ...idsToldBy(stream)];
  })();
  return () => {
    isOver = true;
    return running;
  };
}

/** Decisions of a server that commits them when it gets to it, in any order; resolves with their ids. */
const slowWriter = (name: string, count: number): Promise<string[]> =>
  inDatabase(world.server, async (sql) => {
    const ids: string[] = [];
    for (let one = 0; one < count; one++) {
      const id = `${name}-${one}`;
      ids.push(id);
      const row = {
        ...{ day: new Date().toISOString().slice(0, 10), jti: id, at: new Date(), outcome: "issued", feed_number: 1 },
        ...{ tenant_id: tenant.id, workspace_id: client.workspace.id, correlation_id: id, address: "10.0.0.1" },
      };
      await sql.begin(async (tx) => {
        await tx`insert into token_log ${tx(row)}`;
        await pause(Math.random() * 1500);
      });
    }
    return ids;
  });

test("[A10] decisions of two servers and of writers who commit late and out of order, heard across cuts at either server → each exactly once", async () => {
  const stop = [followAcrossCuts("tokenLogTail"), followAcrossCuts("tokenLogTail")];
  const steady = await follow(other.origin, "tokenLogTail");
  const writing = Array.from({ length: 4 }, (_, at) => slowWriter(`writer-${at}`, 8));
  for (let one = 0; one < 12; one++) {
    await Promise.all([fetchToken(client), fetchToken(there(client)), askToken(there(client), { scope: "none" })]);
    await pause(Math.random() * 600);
  }
  await Promise.all(writing);
  const heard = await Promise.all(stop.map((one) => one()));
  // Read last: a refusal is written a moment after its answer.
  const inLog = await inDatabase(
    world.server,
    (sql) => sql<{ jti: string }[]>`select jti from token_log where workspace_id = ${client.workspace.id}`,
  );
  const all = inLog.map(({ jti }) => jti).sort();
  expect(all.length).toBeGreaterThan(60);
  for (const ids of heard) expect([...ids].sort()).toEqual(all);
  expect([...idsToldBy(steady)].sort()).toEqual(all);
}, 120_000);

test("[A10] acts at one server → the audit log's tail at the other tells each exactly once and in order, across cuts", async () => {
  const stop = followAcrossCuts("auditTail");
  const steady = await follow(other.origin, "auditTail");
  await pause(1000);
  const acts = Array.from({ length: 25 }, (_, at) => async () => {
    await pause(Math.random() * 4000);
    await client.workspace.admin.must("updateClient", { id: client.id, name: `name ${at}` }, "__typename");
  });
  await Promise.all(acts.map((act) => act()));
  const inLog = await inDatabase(
    world.server,
    (sql) => sql<{ id: string }[]>`select id from audit_events where workspace_id = ${client.workspace.id}
      and type = 'client.updated' order by sequence`,
  );
  const all = inLog.map(({ id }) => id);
  expect(all).toHaveLength(25);
  const ofUpdates = (ids: readonly string[]) => ids.filter((id) => all.includes(id));
  expect(ofUpdates(await stop())).toEqual(all);
  expect(ofUpdates(idsToldBy(steady))).toEqual(all);
}, 120_000);

test("a cursor of a database that had come further → begins now, and says that the log is to be read anew", async () => {
  const ahead = Buffer.from(JSON.stringify(["9000000000:9000000000:"])).toString("base64url");
  const stream = await follow(world.origin, "tokenLogTail", ahead);
  expect(toldBy(stream)[0]).toMatchObject({ entries: [], isWhole: false });
  await fetchToken(client);
  await eventually(
    async () => idsToldBy(stream).length,
    (count) => count === 1,
  );
});

import { setTimeout as pause } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from "vitest";
import type { EventStream } from "../support/events.ts";
import { eventually } from "../support/http.ts";
import { openLink, type PostgresLink } from "../support/postgres-link.ts";
import { pulsesOf, sumsOf, watchPulse } from "../support/pulse.ts";
import { startReplica, type TestReplica } from "../support/server.ts";
import { askToken, bearer, type Credentials, fetchToken } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";

// Three processes: one server of two workers, and another one beside it.
const world = useWorld({ WORKERS: "2" });
let link: PostgresLink;
let other: TestReplica;
let token: string;
let client: StoryClient;

beforeAll(async () => {
  const { server } = world;
  link = await openLink(server.database.appUrl);
  other = await startReplica(server, { DATABASE_URL: link.through(server.database.appUrl), WORKERS: "1" });
  const tenant = await world.tenant().ready();
  client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
  token = await fetchToken(tenant.adminClient, { resource: tenant.adminClient.resource });
}, 120_000);
afterAll(async () => {
  await other?.destroy();
  await link?.close();
});

const there = <T extends Credentials>(one: T): T => ({
  ...one,
  tokenEndpoint: one.tokenEndpoint.replace(world.origin, other.origin),
});
async function watchAt(origin: string, id = client.workspace.id): Promise<EventStream> {
  const stream = await watchPulse(`${origin}/graphql`, id, [bearer(token)]);
  onTestFinished(() => stream.close());
  return stream;
}
const told = (stream: EventStream, pulses: number, seconds = 10) =>
  eventually(
    async () => pulsesOf(stream).length,
    (count) => count >= pulses,
    seconds,
  );

test("three processes → each tells what all of them did", async () => {
  const streams = await Promise.all([watchAt(world.origin), watchAt(other.origin)]);
  // Until every process knows that somebody watches.
  await Promise.all(streams.map((stream) => told(stream, 5)));
  for (let count = 0; count < 6; count++) await fetchToken(client);
  for (let count = 0; count < 5; count++) await fetchToken(there(client));
  for (const secret of ["mms_a", "mms_b"]) await askToken({ ...client, clientSecret: secret });
  await askToken(there({ ...client, clientSecret: "mms_c" }));
  for (const stream of streams)
    await eventually(
      async () => sumsOf(stream),
      ({ issued, refused }) => issued >= 11 && refused >= 3,
      15,
    );
  await Promise.all(streams.map((stream) => told(stream, pulsesOf(stream).length + 3)));
  for (const stream of streams) expect(sumsOf(stream)).toEqual({ issued: 11, refused: 3 });
});

test("while nobody listens nothing is asked for it; while many do, one question a second for all of them", async () => {
  const name = new URL(world.server.database.appUrl).pathname.slice(1);
  const sql = postgres(inject("postgresUrl"), { max: 1, onnotice: () => undefined });
  onTestFinished(() => sql.end());
  /** What was sent in so many seconds beside heartbeats, records, notices that are due and housekeeping; by statement. */
  const asked = async (seconds: number) => {
    await sql`select pg_stat_statements_reset(0, (select oid from pg_database where datname = ${name}), 0)`;
    await pause(seconds * 1000);
    const rows = await sql<{ calls: number; query: string }[]>`
      select s.calls::int as calls, s.query from pg_stat_statements s
      join pg_database d on d.oid = s.dbid and d.datname = ${name}`;
    return rows.filter(
      ({ query }) => !/replicas|latencies|leases|notice_deliveries|^\s*(delete|begin|commit|with moved)/i.test(query),
    );
  };
  await pause(2500);
  expect(await asked(3)).toEqual([]);
  const streams = await Promise.all(Array.from({ length: 8 }, () => watchAt(other.origin)));
  await Promise.all(streams.map((stream) => told(stream, 3)));
  const listened = await asked(5);
  // Machines have no session; they are judged again every fifteen seconds, each with a handful of questions.
  const calls = listened.reduce((sum, { calls: count }) => sum + count, 0);
  expect(calls).toBeLessThan(8 * 8);
});

test("the database away → nothing is told; back → it goes on by itself", async () => {
  const stream = await watchAt(other.origin);
  await told(stream, 2);
  link.cut("replicas");
  await pause(1500);
  const before = pulsesOf(stream).length;
  await pause(3000);
  expect(pulsesOf(stream).length).toBe(before);
  link.mend();
  await told(stream, before + 2, 20);
});

test("SIGTERM while somebody listens at each worker → every stream is completed, and the server ends at once", async () => {
  const streams = await Promise.all(Array.from({ length: 4 }, () => watchAt(world.origin)));
  await Promise.all(streams.map((stream) => told(stream, 2)));
  const began = performance.now();
  expect(await world.server.stop("SIGTERM")).toBe(0);
  expect(performance.now() - began).toBeLessThan(4_000);
  expect(await Promise.all(streams.map((stream) => stream.ended))).toEqual(streams.map(() => "complete"));
  // What was counted until then is written at the end.
  const [row] = await (async () => {
    const sql = postgres(world.server.database.ownerUrl, { max: 1 });
    try {
      return await sql<{ issued: number; refused: number }[]>`
        select sum(c.count)::int as issued,
          (select sum(refused)::int from workspace_latencies where workspace_id = ${client.workspace.id}) as refused
        from workspace_latencies l, unnest(l.counts) as c (count) where l.workspace_id = ${client.workspace.id}`;
    } finally {
      await sql.end();
    }
  })();
  expect(row).toEqual({ issued: 11, refused: 3 });
  await world.server.restart();
});

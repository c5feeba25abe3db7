import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { digester } from "../bench/seed.ts";
import { openLink, type PostgresLink } from "../support/postgres-link.ts";
import { startReplica, type TestReplica } from "../support/server.ts";
import { askToken, basic, type Credentials, fetchToken, post } from "../support/token.ts";
import { type StoryClient, type StoryWorkspace, useWorld } from "../support/world.ts";

const world = useWorld();
const say = (words: string) => process.stdout.write(`${words}\n`);
let link: PostgresLink;
let others: readonly TestReplica[] = [];

beforeAll(async () => {
  const url = world.server.database.appUrl;
  link = await openLink(url);
  const env = { DATABASE_URL: link.through(url), LOG_LEVEL: "warn" };
  others = [await startReplica(world.server, env), await startReplica(world.server, env)];
}, 120_000);
afterAll(async () => {
  for (const other of others) await other.destroy();
  await link?.close();
});

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const at = <T extends Credentials>(origin: string, client: T): T => ({
  ...client,
  tokenEndpoint: client.tokenEndpoint.replace(world.origin, origin),
});
const origins = () => [world.origin, ...others.map(({ origin }) => origin)];
let turn = 0;
/** Each request goes to the next server, as behind a load balancer. */
const next = <T extends Credentials>(client: T): T => at(origins()[turn++ % origins().length] ?? world.origin, client);
const introspect = async (client: Credentials, token: string): Promise<unknown> =>
  (await post(client.tokenEndpoint.replace(/token$/, "introspect"), { token }, [basic(client)])).json()["active"];
const rank = (values: readonly number[], share: number) =>
  Math.round(values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0);
const spread = (values: readonly number[]) =>
  `p50 ${rank(values, 0.5)} ms, p99 ${rank(values, 0.99)} ms, worst ${rank(values, 1)} ms`;

/** Milliseconds from the answer of a revocation until the other servers say that the token is dead. */
async function revocations(client: StoryClient, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round < count; round++) {
    const token = await fetchToken(client);
    for (const { origin } of others) await introspect(at(origin, client), token);
    await post(client.tokenEndpoint.replace(/token$/, "revoke"), { token }, [basic(client)]);
    const began = performance.now();
    const until = others.map(async ({ origin }) => {
      while ((await introspect(at(origin, client), token)) !== false) await pause(2);
      return performance.now() - began;
    });
    times.push(...(await Promise.all(until)));
    await pause(Math.random() * 50);
  }
  return times;
}

test("revoked tokens are dead at the other servers: at once when notified, within a second when not", async () => {
  const client = await world.tenant().workspace().resource("orders", ["read"]).client();
  const notified = await revocations(client, 60);
  say(`Revocation at two other servers, with NOTIFY: ${spread(notified)}`);
  // What listens is held back; what polls is not.
  link.cut("listen");
  await pause(100);
  const polled = await revocations(client, 30);
  link.mend();
  say(`Revocation at two other servers, NOTIFY cut silently: ${spread(polled)}`);
  expect(rank(notified, 0.5)).toBeLessThan(250);
  expect(rank(polled, 1)).toBeLessThan(3000);
});

test("sixteen writers: whatever they make is served by every server, and no change is missed", async () => {
  const tenants = await Promise.all(Array.from({ length: 8 }, () => world.tenant().ready()));
  const places = await Promise.all(
    tenants.map((tenant) => world.tenant(tenant).workspace().resource("orders", ["read"]).ready()),
  );
  const refused: string[] = [];
  let made = 0;
  const end = performance.now() + 20_000;
  const write = async (workspace: StoryWorkspace, which: number): Promise<void> => {
    while (performance.now() < end) {
      const client = await workspace.addClient();
      made++;
      const { status, body } = await askToken(next(client));
      if (status !== 200) refused.push(`${which}: ${status} ${body}`);
      // Changes that are rolled back.
      await workspace.admin.mutate("createClient", { workspaceId: workspace.id, name: "" }, "client { id }");
      if (made % 3 === 0) {
        await workspace.admin.must("disableClient", { id: client.id }, "client { id }");
        const disabledAt = performance.now();
        const both = await Promise.all(
          others.map(async ({ origin }) => {
            while ((await askToken(at(origin, client))).status === 200)
              if (performance.now() - disabledAt > 5000) return refused.push(`${client.id} still gets tokens`);
              else await pause(10);
            return 0;
          }),
        );
        expect(both).toHaveLength(2);
      }
      await pause(Math.random() * 30);
    }
  };
  await Promise.all(places.flatMap((place, which) => [write(place, which), write(place, which + 8)]));
  const sql = postgres(world.server.database.ownerUrl, { max: 1 });
  const gaps = await sql`
    select shard from change_feed group by shard having count(*) <> max(number) - min(number) + 1`;
  await sql.end();
  say(
    `Sixteen writers for 20 s: ${made} clients made, ${refused.length} refused or missed, ${gaps.length} gaps in the feed`,
  );
  expect(refused).toEqual([]);
  expect(gaps).toHaveLength(0);
});

test("a cold start with ten thousand clients at once: all are served", async () => {
  const [server] = others;
  if (!server) throw new Error("there is no other server");
  const client = await world.tenant().workspace().resource("orders", ["read"]).client();
  const sql = postgres(world.server.database.ownerUrl, { max: 1 });
  const copies = 10_000;
  const name = (n: number) => `cli_c${String(n).padStart(13, "0")}`;
  await sql`insert into clients select (jsonb_populate_record(null::clients, to_jsonb(c) || jsonb_build_object(
    'id', 'cli_c' || lpad(n::text, 13, '0'), 'client_id', 'cli_c' || lpad(n::text, 13, '0')))).*
    from clients c, generate_series(1, ${copies}) n where c.id = ${client.id}`;
  await sql`insert into client_grants select (jsonb_populate_record(null::client_grants, to_jsonb(g) || jsonb_build_object(
    'id', 'grt_c' || lpad(n::text, 13, '0'), 'client_id', 'cli_c' || lpad(n::text, 13, '0')))).*
    from client_grants g, generate_series(1, ${copies}) n where g.client_id = ${client.id}`;
  await sql`insert into client_grant_scopes select (jsonb_populate_record(null::client_grant_scopes, to_jsonb(x) ||
    jsonb_build_object('grant_id', 'grt_c' || lpad(n::text, 13, '0')))).*
    from client_grant_scopes x join client_grants g on g.tenant_id = x.tenant_id and g.id = x.grant_id,
    generate_series(1, ${copies}) n where g.client_id = ${client.id}`;
  const digest = await digester(sql, world.server.env["MINTMARK_MASTER_KEY"] ?? "");
  const secretOf = (clientId: string) => `${clientId} ${client.clientSecret}`;
  const digests = Array.from({ length: copies }, (_, at) => digest(secretOf(name(at + 1))));
  await sql`insert into client_secrets select (jsonb_populate_record(null::client_secrets, to_jsonb(s) || jsonb_build_object(
    'id', 'sec_c' || lpad(n::text, 13, '0'), 'client_id', 'cli_c' || lpad(n::text, 13, '0'), 'digest', '\\x' || d))).*
    from client_secrets s, unnest(${digests}::text[]) with ordinality as u (d, n) where s.id = ${client.secretId}`;
  await sql`analyze clients`;
  await sql`analyze client_secrets`;
  await server.stop();
  await server.restart();
  const times: number[] = [];
  const statuses = new Map<number, number>();
  const ask = async (clientId: string): Promise<void> => {
    const began = performance.now();
    const { status } = await askToken(at(server.origin, { ...client, clientId, clientSecret: secretOf(clientId) }));
    times.push(performance.now() - began);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  };
  const told = () => [...statuses].map(([status, count]) => `${count} × ${status}`).join(", ");
  let made = 0;
  const before = performance.now();
  await Promise.all(
    Array.from({ length: 200 }, async () => {
      while (made < copies) await ask(name(++made));
    }),
  );
  say(
    `Cold start, ${copies} clients from 200 connections in ${((performance.now() - before) / 1000).toFixed(1)} s: ` +
      `${told()}; ${spread(times)}`,
  );
  await sql.end();
  expect([...statuses.keys()]).toEqual([200]);
  expect(rank(times, 0.99)).toBeLessThan(4000);
});

import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, send } from "../support/http.ts";
import { openLink, type PostgresLink } from "../support/postgres-link.ts";
import { startReplica, type TestReplica } from "../support/server.ts";
import { askToken, basic, type Credentials, decodeJwt, fetchToken, post } from "../support/token.ts";
import { createSecret, type StoryClient, setGrant, useWorld } from "../support/world.ts";

const world = useWorld();
let link: PostgresLink;
let other: TestReplica;

beforeAll(async () => {
  const { server } = world;
  link = await openLink(server.database.appUrl);
  other = await startReplica(server, { DATABASE_URL: link.through(server.database.appUrl) });
}, 120_000);
afterAll(async () => {
  await other?.destroy();
  await link?.close();
});

/** The words of what follows the feed. */
const FEED = "feed_shards";

/** The same client at the other server: an issuer answers on every origin. */
const there = <T extends Credentials>(client: T): T => ({
  ...client,
  tokenEndpoint: client.tokenEndpoint.replace(world.origin, other.origin),
});
const introspect = async (client: Credentials, token: string): Promise<unknown> => {
  const url = client.tokenEndpoint.replace(/token$/, "introspect");
  return (await post(url, { token }, [basic(client)])).json()["active"];
};
const newClient = (): Promise<StoryClient> => world.tenant().workspace().resource("orders", ["read", "write"]).client();
async function asOwner(work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(world.server.database.ownerUrl, { max: 1 });
  await work(sql);
  await sql.end();
}
let strangers = 0;
/** Mends the link, and waits until the other server asks the database again. */
async function mend(client: Credentials): Promise<void> {
  link.mend();
  const stranger = () => askToken(there({ ...client, clientId: `stranger-${strangers++}` }));
  await eventually(
    async () => (await stranger()).status,
    (status) => status === 401,
    20,
  );
}
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("what was just made at one server is never refused at the other", async () => {
  const refused: string[] = [];
  const ask = async (what: string, client: Credentials, form: Record<string, string> = {}) => {
    const { status, body } = await askToken(there(client), form);
    if (status !== 200) refused.push(`${what}: ${status} ${body}`);
  };
  const first = await newClient();
  await ask("a client in a new tenant", first);
  const { workspace } = first;
  for (let round = 0; round < 5; round++) {
    const client = await workspace.addClient({ grants: { orders: ["read"] } });
    await ask("a client", client);
    const { value } = await createSecret(workspace, client.id);
    await ask("a secret", { ...client, clientSecret: value });
    await setGrant(workspace, client.id, "orders", ["read", "write"]);
    await ask("a grant", client, { scope: "write" });
    await workspace.addResource(`stock-${round}`, ["count"]);
    await setGrant(workspace, client.id, `stock-${round}`, ["count"]);
    await ask("an API", client, { resource: workspace.resource(`stock-${round}`).identifier });
  }
  expect(refused).toEqual([]);
});

test("[A8] what is taken back at one server is refused at the other", async () => {
  const client = await newClient();
  const { admin } = client.workspace;
  const status = async () => (await askToken(there(client))).status;
  const token = await fetchToken(there(client));
  expect(await introspect(there(client), token)).toBe(true);
  await post(client.tokenEndpoint.replace(/token$/, "revoke"), { token }, [basic(client)]);
  await eventually(
    () => introspect(there(client), token),
    (active) => active === false,
  );
  await admin.must("disableClient", { id: client.id }, "client { id }");
  await eventually(status, (answer) => answer === 401);
  await admin.must("enableClient", { id: client.id }, "client { id }");
  // Refusals are judged at what is certain: nobody has to wait.
  expect(await status()).toBe(200);
  await admin.must("revokeClientSecret", { id: client.secretId }, "clientSecret { id }");
  await eventually(status, (answer) => answer === 401);
});

test("a server that does not hear of changes says 503 to whom it does not know, and grants go on", async () => {
  const client = await newClient();
  await fetchToken(there(client));
  link.cut(FEED);
  try {
    const stranger = { ...client, clientId: "cli_00000000000000" };
    const answers = await Promise.all([client, stranger].map((one) => askToken(there(one))));
    expect(answers.map(({ status }) => status)).toEqual([200, 503]);
    expect(Number(answers[1]?.headers["retry-after"])).toBeGreaterThan(0);
  } finally {
    await mend(client);
  }
});

/** A token of the other server, issued after a cut-off that this server set and that one cannot have heard of. */
async function overtakenToken(client: StoryClient, ...cutWords: readonly string[]): Promise<string> {
  await fetchToken(there(client));
  link.cut(...cutWords);
  const { admin } = client.workspace;
  const { client: cut } = await admin.must("revokeClientTokens", { id: client.id }, "client { tokensNotBefore }");
  const notBefore = Date.parse((cut as { tokensNotBefore: string }).tokensNotBefore);
  await pause(notBefore - Date.now() + 100);
  const token = await fetchToken(there(client));
  expect(Number(decodeJwt(token).claims["iat"]) * 1000).toBeGreaterThanOrEqual(notBefore);
  return token;
}

test("[A8] a token issued after a cut-off by a server that was cut off from the database ends when its record comes", async () => {
  const client = await newClient();
  const token = await overtakenToken(client);
  // Here it looks like one of afterwards.
  expect(await introspect(client, token)).toBe(true);
  await mend(client);
  await eventually(
    () => introspect(client, token),
    (active) => active === false,
    20,
  );
  await eventually(
    () => introspect(there(client), token),
    (active) => active === false,
  );
  const later = await fetchToken(there(client));
  expect([await introspect(client, later), await introspect(there(client), later)]).toEqual([true, true]);
});

test("[A8] a token issued after a cut-off by a server that only did not hear of it ends when it hears", async () => {
  const client = await newClient();
  const token = await overtakenToken(client, FEED);
  expect(await introspect(client, token)).toBe(true);
  await mend(client);
  await eventually(
    () => introspect(client, token),
    (active) => active === false,
    20,
  );
  const later = await fetchToken(there(client));
  expect(await introspect(client, later)).toBe(true);
});

test("another database under the servers: everything is read anew", async () => {
  const client = await newClient();
  expect((await askToken(there(client))).status).toBe(200);
  // As after a restore: what is in the database is not what the feed led to.
  await asOwner(async (sql) => {
    await sql`update clients set status = 'disabled' where id = ${client.id}`;
    expect((await askToken(there(client))).status).toBe(200);
    await sql`update change_feed c set mark = 'restored' from feed_shards s where s.shard = c.shard and s.number = c.number`;
    await sql`update feed_shards set mark = 'restored'`;
  });
  await eventually(
    async () => (await askToken(there(client))).status,
    (status) => status === 401,
  );
  await newClient().then((next) => fetchToken(there(next)));
});

test("a server that has not heard of changes for longer than its workspace allows says 503, until it hears again", async () => {
  const client = await newClient();
  await asOwner((sql) => sql`update workspaces set settings = '{"maxStale": 3}' where id = ${client.workspace.id}`);
  await client.workspace.addClient();
  await fetchToken(there(client));
  link.cut(FEED);
  const status = async () => (await askToken(there(client))).status;
  expect(await status()).toBe(200);
  await eventually(status, (answer) => answer === 503);
  expect((await send(`${other.origin}/readyz`)).status).toBe(200);
  link.mend();
  await eventually(status, (answer) => answer === 200, 5);
});

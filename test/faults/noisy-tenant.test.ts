import { setTimeout as pause } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "../support/http.ts";
import { askToken } from "../support/token.ts";
import { freshSlug, type StoryClient, type StoryTenant, type StoryWorkspace, useWorld } from "../support/world.ts";

const world = useWorld();
let sql: postgres.Sql;
let noisy: StoryWorkspace;
let quiet: StoryTenant;
let client: StoryClient;

/** Which of the counters numbers a tenant's changes. */
async function counterOf({ id }: StoryTenant): Promise<number> {
  const [row] = await sql<{ shard: number }[]>`select shard from change_feed where tenant_id = ${id} limit 1`;
  return row?.shard ?? -1;
}

beforeAll(async () => {
  sql = postgres(world.server.database.ownerUrl, { max: 1, onnotice: () => undefined });
  const tenant = await world.tenant().ready();
  noisy = await world.tenant(tenant).workspace().ready();
  do quiet = await world.tenant().ready();
  while ((await counterOf(quiet)) === (await counterOf(tenant)));
  client = await world.tenant(quiet).workspace().resource("orders", ["read"]).client();
}, 120_000);

afterAll(() => sql?.end());

/** Runs with the counter of the noisy tenant locked, so that each of its changes waits with all that it holds. */
async function whileChangesWait(run: () => Promise<void>): Promise<void> {
  const [row] = await sql<{ shard: number }[]>`
    select shard from change_feed where workspace_id = ${noisy.id} limit 1`;
  await sql.begin(async (tx) => {
    await tx`select 1 from feed_shards where shard = ${row?.shard ?? -1} for update`;
    await run();
  });
}

test("while forty changes of one tenant wait, others get tokens, read and change, and the forty are done in the end", async () => {
  let waiting: Promise<unknown[]> = Promise.resolve([]);
  await whileChangesWait(async () => {
    waiting = Promise.all(
      Array.from({ length: 40 }, () =>
        noisy.admin.must("createClient", { workspaceId: noisy.id, name: freshSlug("client") }, "client { id }"),
      ),
    );
    waiting.catch(() => undefined);
    await pause(500);
    const began = performance.now();
    expect((await askToken(client)).status).toBe(200);
    expect((await send(`${world.origin}/readyz`)).status).toBe(200);
    expect(await quiet.admin.run("{ tenant { id } }")).toEqual({ tenant: { id: quiet.id } });
    const slug = freshSlug("workspace");
    await quiet.admin.must("createWorkspace", { slug, name: slug }, "workspace { id }");
    expect(performance.now() - began).toBeLessThan(3_000);
  });
  expect(await waiting).toHaveLength(40);
});

test("while thirty reads of the audit log hang, others get tokens and the server is ready", async () => {
  const document = `{ node(id: "${noisy.id}") { ... on Workspace { auditEntries { nodes { id } } } } }`;
  let reads: Promise<unknown[]> = Promise.resolve([]);
  await sql.begin(async (tx) => {
    await tx`lock table audit_events in access exclusive mode`;
    reads = Promise.all(Array.from({ length: 30 }, () => noisy.admin.run(document)));
    reads.catch(() => undefined);
    await pause(500);
    expect((await askToken(client)).status).toBe(200);
    expect((await send(`${world.origin}/readyz`)).status).toBe(200);
  });
  expect(await reads).toHaveLength(30);
});

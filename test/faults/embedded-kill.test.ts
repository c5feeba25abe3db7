import { afterEach, beforeEach, expect, test } from "vitest";
import { graphqlAs } from "../support/graphql.ts";
import { eventually } from "../support/http.ts";
import { type Installation, isAlive, newInstallation } from "../support/installation.ts";
import type { Bootstrapped } from "../support/server.ts";
import { askToken, decodeJwt } from "../support/token.ts";

let installation: Installation;

beforeEach(async () => {
  installation = await newInstallation();
});

afterEach(() => installation.destroy());

/** What the server said yes to. */
interface Acknowledged {
  readonly tenants: string[];
  readonly tokens: string[];
}

/** Creates tenants and fetches tokens, four of each at a time, until requests fail. */
function load(client: Bootstrapped): Acknowledged & { ended: Promise<unknown> } {
  const operator = graphqlAs(client.graphql, client.system);
  const tenants: string[] = [];
  const tokens: string[] = [];
  const changes = async (worker: number) => {
    for (let number = 0; ; number++) {
      const slug = `t${worker}-${number}`;
      await operator.must("createTenant", { slug, name: slug }, "tenant { id }");
      tenants.push(slug);
    }
  };
  const issues = async () => {
    for (;;) {
      const answer = await askToken(client, { resource: client.resource });
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`);
      tokens.push(String(decodeJwt(String(answer.json()["access_token"])).claims["jti"]));
    }
  };
  const workers = [0, 1, 2, 3].flatMap((worker) => [changes(worker), issues()]);
  return { tenants, tokens, ended: Promise.allSettled(workers) };
}

const missingFrom = (known: readonly unknown[], expected: readonly string[]) => {
  const set = new Set(known);
  return expected.filter((one) => !set.has(one));
};

async function expectNothingLost({ tenants, tokens }: Acknowledged): Promise<void> {
  expect(missingFrom(await installation.query("select slug from tenants"), tenants)).toEqual([]);
  expect(missingFrom(await installation.query("select jti from token_log"), tokens)).toEqual([]);
}

const enough = ({ tenants, tokens }: Acknowledged) => tenants.length >= 15 && tokens.length >= 30;

test("kill -9 of the server: the next one goes on with its database, and nothing acknowledged is lost", async () => {
  const first = await installation.serve();
  const client = await installation.bootstrap();
  const database = installation.databasePid() ?? 0;
  const done = load(client);
  await eventually(async () => enough(done), Boolean, 60);
  first.child.kill("SIGKILL");
  await Promise.all([first.ended, done.ended]);
  expect(isAlive(database)).toBe(true);

  const next = await installation.serve();
  expect(installation.databasePid()).toBe(database);
  await expectNothingLost(done);
  expect((await askToken(client, { resource: client.resource })).status).toBe(200);

  // The one that goes on with it also ends it.
  next.child.kill("SIGTERM");
  expect(await next.ended).toMatchObject({ code: 0 });
  expect(isAlive(database)).toBe(false);
});

test("kill -9 of server and database: the next start recovers, and nothing acknowledged is lost", async () => {
  const first = await installation.serve();
  const client = await installation.bootstrap();
  const done = load(client);
  await eventually(async () => enough(done), Boolean, 60);
  const database = installation.databasePid() ?? 0;
  first.child.kill("SIGKILL");
  process.kill(database, "SIGKILL");
  await Promise.all([first.ended, done.ended]);

  await installation.serve();
  expect(installation.databasePid()).not.toBe(database);
  await expectNothingLost(done);
  expect((await askToken(client, { resource: client.resource })).status).toBe(200);
});

test("kill -9 of the database alone: 503 at worst, never another refusal, and it comes back by itself", async () => {
  await installation.serve();
  const client = await installation.bootstrap();
  const operator = graphqlAs(client.graphql, client.system);
  await operator.must("createTenant", { slug: "before", name: "before" }, "tenant { id }");
  const statuses = new Set<number>();
  const ask = async () => {
    const { status } = await askToken(client, { resource: client.resource });
    statuses.add(status);
    return status;
  };
  process.kill(installation.databasePid() ?? 0, "SIGKILL");
  await eventually(
    async () => [await ask(), await installation.isReady()].join(" "),
    (now) => now === "200 true",
    60,
  );
  expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  // Each connection that went with the database may cost one more 503.
  await eventually(
    () =>
      operator.must("createTenant", { slug: "after", name: "after" }, "tenant { id }").then(String, () => undefined),
    (done) => done !== undefined,
    30,
  );
  const slugs = await eventually(
    () => installation.query("select slug from tenants").catch(() => undefined),
    (rows) => rows !== undefined,
    30,
  );
  expect(missingFrom(slugs ?? [], ["before", "after"])).toEqual([]);
});

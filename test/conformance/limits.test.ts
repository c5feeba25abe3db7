import postgres from "postgres";
import { beforeAll, describe, expect, test } from "vitest";
import { type Answer, eventually } from "../support/http.ts";
import { setDatabaseAway } from "../support/postgres.ts";
import { askToken, basic, type Credentials, post } from "../support/token.ts";
import { createSecret, type StoryClient, type StoryWorkspace, useWorld } from "../support/world.ts";
import { differences, expectRefusal, expectToken } from "./answers.ts";

// The tests stand in for callers at many addresses.
const world = useWorld({ TRUSTED_PROXIES: "127.0.0.1" });

const story = () => world.tenant().workspace().resource("orders", ["read"]);

/** A token request from that address. */
const askFrom = (address: string, { tokenEndpoint, ...credentials }: Credentials): Promise<Answer> =>
  post(tokenEndpoint, { grant_type: "client_credentials" }, [basic(credentials), ["X-Forwarded-For", address]]);

/** The answers to so many calls, ten at once. */
async function many(count: number, call: (index: number) => Promise<Answer>): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let from = 0; from < count; from += 10)
    answers.push(
      ...(await Promise.all(Array.from({ length: Math.min(10, count - from) }, (_, at) => call(from + at)))),
    );
  return answers;
}

function statuses(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** RFC 6585 §4, in the shape of RFC 6749 §5.2. */
function expectTooMany(answer: Answer, mostSeconds: number): void {
  expectRefusal(answer, 429, "temporarily_unavailable");
  const seconds = Number(answer.headers["retry-after"]);
  expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= mostSeconds).toBe(true);
}

/** So many failures were answered as such, perhaps some more as time went by, and the others 429. */
function expectUsedUp(answers: readonly Answer[], budget: number): void {
  const { 401: failed = 0, 429: tooMany = 0 } = statuses(answers);
  expect([failed >= budget, tooMany > 0, failed + tooMany]).toEqual([true, true, answers.length]);
}

const set = (workspace: StoryWorkspace, settings: Readonly<Record<string, number | null>>) =>
  workspace.admin.must("updateWorkspaceSettings", { workspaceId: workspace.id, ...settings }, "workspace { id }");

test("incident 16: behind a trusted proxy the rightmost address that it did not vouch for counts, whatever stands before it", async () => {
  const client = await story().client();
  const recorded = async (forwarded: string) => {
    expectToken(await askFrom(forwarded, client));
    const document = `query ($id: ID!) { node(id: $id) { ... on Workspace { tokenLog(first: 1) { nodes { address } } } } }`;
    const { node } = (await client.workspace.admin.run(document, { id: client.workspace.id })) as {
      node: { tokenLog: { nodes: { address: string }[] } };
    };
    return node.tokenLog.nodes[0]?.address;
  };
  expect(await recorded("198.51.100.1, 203.0.113.9")).toBe("203.0.113.9");
  expect(await recorded("198.51.100.1, 203.0.113.9, 127.0.0.1")).toBe("203.0.113.9");
  expect(await recorded("203.0.113.9, not an address")).toBe("127.0.0.1");
});

describe("a limit of token requests", () => {
  test("that a client reached → 429 with Retry-After; another client goes on; raised → effective within a second", async () => {
    const workspace = await story().ready();
    const [busy, other] = [await workspace.addClient(), await workspace.addClient()];
    const input = { clientId: busy.id, clientTokenLimit: 3 };
    await workspace.admin.must("updateClientSettings", input, "client { id }");
    const answers = await many(6, () => askToken(busy));
    expect(statuses(answers)).toEqual({ 200: 3, 429: 3 });
    for (const answer of answers.filter(({ status }) => status === 429)) expectTooMany(answer, 20);
    expect(statuses(await many(10, () => askToken(other)))).toEqual({ 200: 10 });
    await workspace.admin.must("updateClientSettings", { ...input, clientTokenLimit: 6000 }, "client { id }");
    await eventually(
      async () => (await askToken(busy)).status,
      (status) => status === 200,
      1,
    );
  });

  test("that a workspace reached → 429 for its clients; another workspace goes on; strangers do not use it up", async () => {
    const workspace = await story().ready();
    const [one, two] = [await workspace.addClient(), await workspace.addClient()];
    const elsewhere = await story().client();
    await set(workspace, { workspaceTokenLimit: 4 });
    const strangers = await many(20, () => askToken({ ...one, clientSecret: "mms_wrong" }));
    expect(statuses(strangers)).toEqual({ 401: 20 });
    expect(statuses(await many(4, () => askToken(one)))).toEqual({ 200: 4 });
    expectTooMany(await askToken(one), 15);
    expectTooMany(await askToken(two), 15);
    expectToken(await askToken(elsewhere));
  });

  test("set at several levels → the least counts, and the answer says which level it comes from", async () => {
    const workspace = await story().ready();
    const client = await workspace.addClient();
    await set(workspace, { clientTokenLimit: 2 });
    const input = { clientId: client.id, clientTokenLimit: 50 };
    await workspace.admin.must("updateClientSettings", input, "client { id }");
    expect(statuses(await many(5, () => askToken(client)))).toEqual({ 200: 2, 429: 3 });
    const { node } = await workspace.admin.run(
      `{ node(id: "${client.id}") { ... on Client { settings { clientTokenLimit { value level } } } } }`,
    );
    expect(node).toEqual({ settings: { clientTokenLimit: { value: 2, level: "WORKSPACE" } } });
  });

  test("below one or no whole number → refused, nothing set", async () => {
    const workspace = await story().ready();
    for (const clientTokenLimit of [0, -1, 10_000_001]) {
      const { userErrors } = await workspace.admin.mutate(
        "updateWorkspaceSettings",
        { workspaceId: workspace.id, clientTokenLimit },
        "workspace { id }",
      );
      expect(userErrors).toMatchObject([{ code: "INVALID_INPUT", path: ["clientTokenLimit"] }]);
    }
  });
});

describe("failed authentications in number", () => {
  let client: StoryClient;
  beforeAll(async () => {
    client = await story().client();
    expectToken(await askToken(client));
  });
  const wrong = (of: StoryClient = client): Credentials => ({ ...of, clientSecret: "mms_wrong" });

  test("from one address → 429, alike for a known and an unknown id; the right secret from there → 200; from elsewhere nothing changed", async () => {
    const [known, unknown] = [wrong(), { ...wrong(), clientId: "cli_nobody" }];
    const last: Answer[] = [];
    for (const credentials of [known, unknown]) {
      expectUsedUp(await many(60, () => askFrom("192.0.2.1", credentials)), 30);
      last.push(await askFrom("192.0.2.1", credentials));
    }
    for (const answer of last) expectTooMany(answer, 2);
    expect(differences(last[0] as Answer, last[1] as Answer)).toEqual([]);
    // The stranger with the client's id neither stops nor slows it, at the same address or at its own.
    for (const address of ["192.0.2.1", "192.0.2.2"])
      expect(statuses(await many(20, () => askFrom(address, client)))).toEqual({ 200: 20 });
    expect((await askFrom("192.0.2.2", known)).status).toBe(401);
  });

  test("from one IPv6 network, whichever of its addresses → 429", async () => {
    expectUsedUp(await many(60, (at) => askFrom(`2001:db8:1:2::${at}`, wrong())), 30);
    expect((await askFrom("2001:db8:1:3::1", wrong())).status).toBe(401);
  });

  test("with ever other ids → 429 after as many; a client at that address goes on", async () => {
    expectUsedUp(await many(400, (at) => askFrom("192.0.2.3", { ...client, clientId: `cli_guess${at}` })), 300);
    expectToken(await askFrom("192.0.2.3", client));
  });

  test("while the database is away → 429 from memory for whom there are too many, 503 for whom it would be asked", async () => {
    const [known, unknown] = [wrong(), { ...wrong(), clientId: "cli_nobody" }];
    for (const credentials of [known, unknown])
      expectUsedUp(await many(60, () => askFrom("192.0.2.5", credentials)), 30);
    const from = async (address: string) =>
      Promise.all([known, unknown, client].map(async (credentials) => (await askFrom(address, credentials)).status));
    await setDatabaseAway(world.server.database, true);
    expect(await from("192.0.2.5")).toEqual([429, 429, 200]);
    expect(await from("192.0.2.6")).toEqual([503, 503, 200]);
    await setDatabaseAway(world.server.database, false);
    await eventually(
      async () => (await askFrom("192.0.2.6", known)).status,
      (status) => status === 401,
      5,
    );
  });

  test("a secret that was just made → 200 at once, for whoever has not used up the budget", async () => {
    const fresh = await createSecret(client.workspace, client.id);
    expectToken(await askFrom("192.0.2.4", { ...client, clientSecret: fresh.value }));
  });
});

test("a flood of 429 → counted under the correlation ids that were answered, not stored one by one", async () => {
  const workspace = await story().ready();
  const client = await workspace.addClient();
  await set(workspace, { clientTokenLimit: 1 });
  const refused = (await many(101, () => askToken(client))).filter(({ status }) => status === 429);
  expect(refused).toHaveLength(100);
  await world.server.stop();
  const sql = postgres(world.server.database.ownerUrl, { max: 1 });
  const rows = await sql<{ correlation_id: string; count: number; evidence: unknown }[]>`
    select correlation_id, count, evidence from token_log
    where workspace_id = ${workspace.id} and reason = 'client_limit_reached'`;
  await sql.end();
  expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(100);
  // A minute may have turned meanwhile.
  expect(rows.length).toBeLessThanOrEqual(22);
  expect(rows[0]?.evidence).toMatchObject({ endpoint: "token", limit: 1 });
  const ids = new Set(rows.map((row) => row.correlation_id));
  for (const answer of refused) expect(ids).toContain(answer.json()["correlation_id"]);
});

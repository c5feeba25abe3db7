import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiKey, newApiToken, turnOn } from "../support/api-token.ts";
import { postGraphQL } from "../support/graphql.ts";
import { send } from "../support/http.ts";
import { startReplica, type TestReplica } from "../support/server.ts";
import { askToken, bearer, type Credentials, fetchToken } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";
import { expectRefusal, expectToken } from "./answers.ts";

// What ends by time alone must end at a server that heard of no change.
const world = useWorld();
let replica: TestReplica;
let client: StoryClient;
beforeAll(async () => {
  replica = await startReplica(world.server);
  client = await world.tenant().workspace().resource("orders", ["read", "write"]).client();
  await turnOn(client.workspace);
}, 120_000);
afterAll(() => replica?.destroy());

const servers = () => [world.origin, replica.origin];
const at = (origin: string): Credentials => ({
  ...client,
  tokenEndpoint: client.tokenEndpoint.replace(world.origin, origin),
});
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

interface Grant {
  readonly id: string;
  readonly expiresAt: string | null;
}

/** Sets what the client may do with orders; answers with the grant, or with why it was refused. */
async function grant(input: {
  readonly expiresAt?: string | null;
  readonly expectedExpiresAt?: string | null;
  readonly scopes?: readonly string[];
}) {
  const all = { clientId: client.id, resourceId: client.workspace.resource("orders").id, scopes: ["read"], ...input };
  const { clientGrant } = await client.workspace.admin.must("setClientGrant", all, "clientGrant { id expiresAt }");
  return clientGrant as Grant;
}

/** How many clients the resource and its scope are said to have, and what the client's list counts. */
async function counted() {
  const { node } = (await client.workspace.admin.run(
    `query ($id: ID!) { node(id: $id) { ... on Resource { clientCount grants(first: 5) { nodes { id } } scopes { name clientCount } } } }`,
    { id: client.workspace.resource("orders").id },
  )) as {
    node: {
      clientCount: number;
      grants: { nodes: object[] };
      scopes: { name: string; clientCount: number }[];
    };
  };
  return [node.clientCount, node.grants.nodes.length, node.scopes.find(({ name }) => name === "read")?.clientCount];
}

test("a grant for a time → tokens until its end, from then on none, at every server and for API tokens too; a new end opens it again", async () => {
  const token = await newApiToken(client);
  const verify = (origin: string) =>
    send(
      `${client.workspace.issuer.replace(world.origin, origin)}/oauth2/verify?${new URLSearchParams({ resource: client.workspace.resource("orders").identifier, scope: "read" })}`,
      {
        headers: [apiKey(token.value)],
      },
    );
  const end = inSeconds(6);
  expect(await grant({ expiresAt: end })).toMatchObject({ expiresAt: end });
  for (const origin of servers()) {
    expectToken(await askToken(at(origin), { scope: "read" }));
    expect((await verify(origin)).status).toBe(200);
  }
  expect(await counted()).toEqual([1, 1, 1]);
  await pause(Date.parse(end) - Date.now() + 10);
  for (const origin of servers()) {
    expectRefusal(await askToken(at(origin), { scope: "read" }), 400, "invalid_scope");
    // At an API where it may do nothing, it is none of its tokens.
    expect((await verify(origin)).status).toBe(401);
  }
  expect(await counted()).toEqual([0, 0, 0]);
  // Who sends the same scopes again and again does not undo it unseen.
  await expect(grant({})).rejects.toThrow(/INVALID_INPUT.*expiresAt/);
  expect(await grant({ expiresAt: null })).toMatchObject({ expiresAt: null });
  for (const origin of servers()) expectToken(await askToken(at(origin), { scope: "read" }));
});

test("a grant set anew → its end stays where none is given, and goes with null; one in the past is refused", async () => {
  const end = inSeconds(3600);
  const { id } = await grant({ expiresAt: end });
  expect(await grant({ scopes: ["read", "write"] })).toEqual({ id, expiresAt: end });
  expect(await grant({ expiresAt: null })).toEqual({ id, expiresAt: null });
  await expect(grant({ expiresAt: end, expectedExpiresAt: end })).rejects.toThrow(/CHANGED_MEANWHILE/);
  expect(await grant({ expiresAt: end, expectedExpiresAt: null })).toEqual({ id, expiresAt: end });
  await expect(grant({ expiresAt: null, expectedExpiresAt: null })).rejects.toThrow(/CHANGED_MEANWHILE.*its end/);
  // What held nothing meanwhile holds without an end again.
  await grant({ scopes: [] });
  expect(await grant({})).toEqual({ id, expiresAt: null });
  await expect(grant({ expiresAt: inSeconds(-1) })).rejects.toThrow(/INVALID_INPUT.*expiresAt/);
});

test("[S13] a grant of the Admin API for a time → its tokens open nothing after the end, however long they live", async () => {
  const tenant = await world.tenant().ready();
  const admin = tenant.admin;
  const { admin: workspace } = (await admin.run(
    `{ admin: workspace(slug: "admin") { id resources(first: 1) { nodes { id } } } }`,
  )) as { admin: { id: string; resources: { nodes: { id: string }[] } } };
  const made = await admin.must(
    "createClient",
    { workspaceId: workspace.id, name: "for a time" },
    "client { id clientId }",
  );
  const { id, clientId } = made["client"] as { id: string; clientId: string };
  const { secret } = await admin.must("createClientSecret", { clientId: id }, "secret");
  const end = inSeconds(3);
  await admin.must(
    "setClientGrant",
    { clientId: id, resourceId: workspace.resources.nodes[0]?.id, scopes: ["workspace:read"], expiresAt: end },
    "clientGrant { id }",
  );
  const token = await fetchToken({ ...tenant.adminClient, clientId, clientSecret: String(secret) });
  const reads = async () =>
    (await postGraphQL(world.graphqlUrl, { query: `{ workspace(slug: "admin") { id } }` }, [bearer(token)])).json();
  expect(await reads()).toMatchObject({ data: { workspace: { id: workspace.id } } });
  await pause(Date.parse(end) - Date.now() + 10);
  expect(JSON.stringify(await reads())).toMatch(/FORBIDDEN|"workspace":null/);
});

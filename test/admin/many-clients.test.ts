import { beforeAll, expect, test } from "vitest";
import { ended, ndjsonOf, newImport, reportOf, sealingPair, sendFile } from "../support/imports.ts";
import { askToken } from "../support/token.ts";
import { type StoryClient, type StoryTenant, type StoryWorkspace, useWorld } from "../support/world.ts";
import { type Caller, callerOf, type OwnWorkspace, ownWorkspace } from "./callers.ts";
import { fresh } from "./place.ts";

const world = useWorld();
let tenant: StoryTenant;
let workspace: StoryWorkspace;
let admin: OwnWorkspace;
let owner: Caller;

beforeAll(async () => {
  tenant = await world.tenant().ready();
  workspace = await world.tenant(tenant).workspace().resource("orders", ["orders:read"]).ready();
  admin = await ownWorkspace(tenant, "admin");
  owner = await callerOf(world, tenant.adminClient);
}, 120_000);

type Act = "disableClients" | "enableClients" | "deleteClients";

const act = (name: Act, ids: readonly string[], workspaceId = workspace.id) =>
  owner.graphql.mutate(name, { workspaceId, ids }, "workspace { id }");

async function statusOf(ids: readonly string[]): Promise<(string | undefined)[]> {
  const document = `{ ${ids.map((id, at) => `c${at}: node(id: "${id}") { ... on Client { status } }`).join(" ")} }`;
  const found = (await owner.graphql.run(document)) as Record<string, { status: string } | null>;
  return ids.map((_, at) => found[`c${at}`]?.status);
}

const idsOf = (clients: readonly StoryClient[]) => clients.map(({ id }) => id);

test("[A9] several at once are disabled, enabled, deleted → each of them, in one act that the audit log names", async () => {
  const clients = [await workspace.addClient(), await workspace.addClient(), await workspace.addClient()];
  const ids = idsOf(clients);
  const statuses = async () => Promise.all(clients.map(async (client) => (await askToken(client)).status));
  expect(await statuses()).toEqual([200, 200, 200]);
  expect((await act("disableClients", ids)).userErrors).toEqual([]);
  expect([await statusOf(ids), await statuses()]).toEqual([ids.map(() => "DISABLED"), [401, 401, 401]]);
  expect((await act("enableClients", ids)).userErrors).toEqual([]);
  expect([await statusOf(ids), await statuses()]).toEqual([ids.map(() => "ACTIVE"), [200, 200, 200]]);
  expect((await act("deleteClients", ids)).userErrors).toEqual([]);
  expect([await statusOf(ids), await statuses()]).toEqual([ids.map(() => undefined), [401, 401, 401]]);
  const document = `query ($id: ID!) { node(id: $id) { ... on Workspace { auditEntries(first: 3) { nodes { type body changes { kind id } } } } } }`;
  const { node } = (await owner.graphql.run(document, { id: workspace.id })) as {
    node: {
      auditEntries: {
        nodes: { type: string; body: { clientIds: string[] }; changes: { kind: string; id: string }[] }[];
      };
    };
  };
  const entries = node.auditEntries.nodes;
  expect(entries.map(({ type }) => type)).toEqual(["clients.deleted", "clients.enabled", "clients.disabled"]);
  for (const { body, changes } of entries) {
    expect(body.clientIds).toEqual(ids);
    expect(changes.map(({ id }) => id).sort()).toEqual(ids.toSorted());
  }
});

test("[A9] some that cannot be → each with its reason at its id, and none is changed", async () => {
  const there = await workspace.addClient();
  const elsewhere = await (await world.tenant(tenant).workspace().ready()).addClient();
  const foreign = await (await world.tenant().workspace().ready()).addClient();
  for (const name of ["disableClients", "deleteClients"] as const) {
    const { userErrors } = await act(name, [foreign.id, there.id, elsewhere.id]);
    expect(userErrors.map(({ code, path }) => [code, path])).toEqual([
      ["NOT_FOUND", ["ids", "0"]],
      ["NOT_FOUND", ["ids", "2"]],
    ]);
  }
  expect(await statusOf([there.id, elsewhere.id])).toEqual(["ACTIVE", "ACTIVE"]);
});

test("[C5] the last owner among them → stays, and so do the others", async () => {
  const other = await admin.place.client();
  const [last] = (await ownersOfTenant()) as [string];
  const { userErrors } = await act("deleteClients", [other, last], admin.place.workspaceId);
  expect(userErrors.map(({ code, path }) => [code, path])).toEqual([["LAST_OWNER", ["ids", "1"]]]);
  expect(await statusOf([other, last])).toEqual(["ACTIVE", "ACTIVE"]);
});

async function ownersOfTenant(): Promise<string[]> {
  const { viewer } = (await owner.graphql.run("{ viewer { client { id } } }")) as {
    viewer: { client: { id: string } };
  };
  return [viewer.client.id];
}

test.each([
  ["none", 0, "at least one"],
  ["201", 201, "At most 200"],
])("%s of them → refused", async (_, count, said) => {
  const ids = Array.from({ length: count }, (_, at) => `cli_${String(at).padStart(14, "0")}`);
  const { userErrors } = await act("disableClients", ids);
  expect(userErrors).toEqual([
    expect.objectContaining({ code: "INVALID_INPUT", path: ["ids"], message: expect.stringContaining(said) }),
  ]);
});

test("one twice → refused; 200 at once → done", async () => {
  const { id } = await workspace.addClient();
  expect((await act("disableClients", [id, id])).userErrors).toEqual([
    expect.objectContaining({ code: "INVALID_INPUT", message: "Name each client once." }),
  ]);
  const job = await newImport(owner, workspace.id, "NDJSON", sealingPair().publicJwk);
  await sendFile(world.origin, owner, job, ndjsonOf(Array.from({ length: 200 }, () => ({ name: fresh("many") }))));
  await ended(owner, job.id);
  const many = (await reportOf(world.origin, owner, job)).map((line) => line.id ?? "");
  expect(new Set(many).size).toBe(200);
  const began = performance.now();
  expect((await act("deleteClients", many)).userErrors).toEqual([]);
  process.stdout.write(`200 clients deleted in ${Math.round(performance.now() - began)} ms\n`);
  expect(await statusOf(many.slice(0, 20))).toEqual(Array(20).fill(undefined));
}, 60_000);

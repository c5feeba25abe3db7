import { beforeAll, expect, test } from "vitest";
import { type Answer, send } from "../support/http.ts";
import { inDatabase, signInOwner } from "../support/member.ts";
import { askToken, bearer, fetchToken } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";
import { type Caller, callerOf, newCaller, type OwnWorkspace, ownWorkspace } from "./callers.ts";
import { fresh } from "./place.ts";

const world = useWorld();
let admin: OwnWorkspace;
let owner: Caller;
let auditor: Caller;
let stranger: Caller;
let client: StoryClient;
const FORMULA = `=HYPERLINK("http://evil.example")`;

beforeAll(async () => {
  const tenant = await world.tenant().ready();
  client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
  admin = await ownWorkspace(tenant, "admin");
  owner = await callerOf(world, tenant.adminClient);
  auditor = await newCaller(world, admin, { role: "auditor" });
  stranger = await callerOf(world, (await world.tenant().ready()).adminClient);
}, 120_000);

interface Order {
  readonly id: string;
  readonly path: string;
  readonly total: number;
}

async function ask(by: Caller, input: object): Promise<Order> {
  const given = { workspaceId: client.workspace.id, log: "AUDIT", format: "NDJSON", ...input };
  const { logExport } = await by.graphql.must("createLogExport", given, "logExport { id path total }");
  return logExport as Order;
}

const fetched = ({ path }: Pick<Order, "path">, { token }: Pick<Caller, "token">): Promise<Answer> =>
  send(world.origin + path, { headers: [bearer(token)] });

const linesOf = ({ body }: Answer) =>
  body
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function stateOf(by: Caller, id: string) {
  const { node } = (await by.graphql.run(
    "query ($id: ID!) { node(id: $id) { ... on LogExport { state sent total } } }",
    {
      id,
    },
  )) as { node: unknown };
  return node;
}

test("[A10] the audit log of some hundred entries as NDJSON → each once, the newest first, and the job says how far it is", async () => {
  const name = fresh("renamed");
  for (let at = 0; at < 105; at++)
    await owner.graphql.must("updateClient", { id: client.id, name: `${name} ${at}` }, "client { id }");
  const order = await ask(owner, {});
  expect(await stateOf(owner, order.id)).toEqual({ state: "WAITING", sent: 0, total: order.total });
  // It is the log as it stood when it was asked for.
  await owner.graphql.must("updateClient", { id: client.id, name: "Later" }, "client { id }");
  const answer = await fetched(order, owner);
  expect(answer.status).toBe(200);
  expect(answer.headers["content-type"]).toContain("application/x-ndjson");
  expect(answer.headers["content-disposition"]).toMatch(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.ndjson"$/);
  expect(answer.headers["cache-control"]).toBe("no-store");
  const sequences = linesOf(answer).map(({ sequence }) => Number(sequence));
  expect(sequences).toEqual(Array.from({ length: order.total }, (_, at) => order.total - at));
  expect(await stateOf(owner, order.id)).toEqual({ state: "DONE", sent: order.total, total: order.total });
}, 120_000);

test("[A10] incident 18: a client named like a formula, exported as CSV → no cell of the file begins one", async () => {
  await owner.graphql.must("updateClient", { id: client.id, name: FORMULA }, "client { id }");
  const { body } = await fetched(await ask(owner, { format: "CSV", search: "HYPERLINK" }), owner);
  expect(body).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
  expect(body).not.toMatch(/(^|,)"?[=+\-@]/m);
  expect(body.split("\r\n")[0]).toContain('"at","type","outcome","actor"');
});

test("[A10] incident 18: a stranger asks for a token under names like formulas, and the token log is exported as CSV → no cell begins one", async () => {
  for (const clientId of [FORMULA, "@SUM(1)", "+1", "-1", "\t=1"]) await askToken({ ...client, clientId });
  const { body } = await fetched(await ask(owner, { log: "TOKENS", format: "CSV" }), owner);
  expect(body).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
  expect(body).not.toMatch(/(^|,)"?[=+\-@\t\r]/m);
});

test("[A10] narrowed by type → nothing else is in the file; as CEF each entry is one event", async () => {
  const order = await ask(owner, { format: "CEF", type: "client.created" });
  const { body } = await fetched(order, owner);
  const lines = body.trimEnd().split("\n");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(
    /^CEF:0\|Mintmark\|Mintmark\|[^|]+\|client\.created\|client\.created\|3\|rt=\d+ cat=client\.created outcome=done /,
  );
});

test("[A10] the token log → every decision with its reason, and never a token", async () => {
  const token = await fetchToken(client);
  await askToken(client, { scope: "orders:write" });
  const order = await ask(owner, { log: "TOKENS" });
  const read = async () => linesOf(await fetched(order, owner));
  const entries = await read();
  expect(entries.map(({ outcome, reason }) => [outcome, reason])).toContainEqual(["refused", "unknown_scope"]);
  expect(entries.map(({ outcome }) => outcome)).toContain("issued");
  expect(JSON.stringify(entries)).not.toContain(token);
});

test("an export of somebody else, of another tenant, or of nobody → the same 404; without a credential 401, by POST 405", async () => {
  const order = await ask(owner, {});
  const nobodys = { path: `${order.path.slice(0, -4)}zzzz` };
  for (const [what, by] of [
    [order, auditor],
    [order, stranger],
    [nobodys, owner],
  ] as const) {
    const answer = await fetched(what, by);
    expect(answer.status).toBe(404);
    expect(answer.body.replace(/req_\w+/, "")).toBe((await fetched(nobodys, stranger)).body.replace(/req_\w+/, ""));
  }
  expect(await stateOf(auditor, order.id)).toBeNull();
  expect((await send(world.origin + order.path)).status).toBe(401);
  expect((await send(world.origin + order.path, { method: "POST", headers: [bearer(owner.token)] })).status).toBe(405);
  expect((await send(`${world.origin}/exports/exp_1`, { headers: [bearer(owner.token)] })).status).toBe(404);
});

test("whoever may see the log exports it, and loses the file with the power; that it was exported is recorded", async () => {
  const order = await ask(auditor, {});
  expect((await fetched(order, auditor)).status).toBe(200);
  const said = linesOf(await fetched(await ask(owner, { type: "log.exported" }), owner));
  expect(said[0]).toMatchObject({ type: "log.exported", body: { log: "audit", format: "ndjson" } });
  const { workspace } = (await owner.graphql.run(
    '{ workspace(slug: "admin") { clients(first: 50) { nodes { clientId assignments { nodes { id } } } } } }',
  )) as { workspace: { clients: { nodes: { clientId: string; assignments: { nodes: { id: string }[] } }[] } } };
  const theirs = workspace.clients.nodes.find(({ clientId }) => clientId === auditor.clientId);
  for (const { id } of theirs?.assignments.nodes ?? [])
    await owner.graphql.must("deleteAssignment", { id }, "deletedAssignmentId");
  expect((await fetched(order, auditor)).status).toBe(404);
});

test("a day later it cannot be fetched any more", async () => {
  const order = await ask(owner, {});
  await inDatabase(world.server, (sql) => sql`update log_exports set expires_at = now() where id = ${order.id}`);
  expect((await fetched(order, owner)).status).toBe(404);
});

test("a person fetches with their session, and no other site makes them do it", async () => {
  const person = await signInOwner(world.server);
  const slug = world.server.bootstrapped.tenant;
  const { body } = await person.graphql(
    slug,
    `mutation { createLogExport(input: { workspaceId: "${await adminOf(person, slug)}", log: AUDIT, format: CSV }) {
      logExport { path } userErrors { message } } }`,
    {},
  );
  const { data } = JSON.parse(body) as { data: { createLogExport: { logExport: { path: string } } } };
  const address = `${world.origin}${data.createLogExport.logExport.path}?tenant=${slug}`;
  const cookie = person.cookie();
  expect((await send(address, { headers: [cookie, ["X-CSRF", "1"]] })).status).toBe(200);
  expect((await send(address, { headers: [cookie] })).status).toBe(403);
  const elsewhere: [string, string] = ["Sec-Fetch-Site", "cross-site"];
  expect((await send(address, { headers: [cookie, ["X-CSRF", "1"], elsewhere] })).status).toBe(403);
});

async function adminOf(person: Awaited<ReturnType<typeof signInOwner>>, slug: string): Promise<string> {
  const { body } = await person.graphql(slug, '{ workspace(slug: "admin") { id } }', {});
  return (JSON.parse(body) as { data: { workspace: { id: string } } }).data.workspace.id;
}

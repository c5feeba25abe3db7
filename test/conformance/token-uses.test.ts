import { randomBytes } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { newApiToken, turnOn } from "../support/api-token.ts";
import { eventually, send } from "../support/http.ts";
import { basic, bearer, decodeJwt, fetchToken, type Pairs, post } from "../support/token.ts";
import { addResourceServer, type StoryClient, type StoryWorkspace, useWorld } from "../support/world.ts";

const world = useWorld();
let workspace: StoryWorkspace;
let api: StoryClient;
let orders: string;
let stock: string;
beforeAll(async () => {
  const story = world.tenant().workspace().resource("orders", ["read", "write"]).resource("stock", ["read"]);
  workspace = await story.ready();
  [orders, stock] = [workspace.resource("orders").identifier, workspace.resource("stock").identifier];
  api = await workspace.addClient({ grants: {} });
  await addResourceServer(workspace, "orders", api.id);
  await addResourceServer(workspace, "stock", api.id);
});

interface Use {
  readonly resource: string;
  readonly checkedBy: string;
  readonly scope: string | null;
  readonly address: string;
  readonly reason: string | null;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly uses: number;
}

/** What is said of a client's uses, once there are so many kinds. */
const usesOf = ({ id }: StoryClient, count: number, { admin } = workspace): Promise<readonly Use[]> =>
  eventually(
    async () => {
      const document =
        "query ($id: ID!) { node(id: $id) { ... on Client { tokenUses { resource checkedBy scope address reason firstAt lastAt uses } } } }";
      const { node } = (await admin.run(document, { id })) as { node: { tokenUses: Use[] } };
      return node.tokenUses;
    },
    (uses) => uses.length >= count,
  );

const introspect = (caller: StoryClient, form: Readonly<Record<string, string>>) =>
  post(`${workspace.issuer}/oauth2/introspect`, form, [basic(caller)]);
const verify = (headers: Pairs, query: Readonly<Record<string, string>>) =>
  send(`${workspace.issuer}/oauth2/verify?${new URLSearchParams(query)}`, { headers });

test("[A16] an API introspects a token, again and again → one kind of use: when, from where, which API and scope, how often", async () => {
  const client = await workspace.addClient({ grants: { orders: ["read"] } });
  const token = await fetchToken(client);
  const before = Date.now() - 1000;
  for (let time = 0; time < 3; time++) await introspect(api, { token });
  const uses = await eventually(
    () => usesOf(client, 1),
    ([use]) => use?.uses === 3,
  );
  expect(uses).toEqual([
    {
      resource: orders,
      checkedBy: "INTROSPECTION",
      scope: "read",
      address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
      reason: null,
      firstAt: expect.any(String),
      lastAt: expect.any(String),
      uses: 3,
    },
  ]);
  expect(Date.parse(uses[0]?.firstAt ?? "")).toBeGreaterThan(before);
});

test("[A16] a proxy asks for a scope → that scope is what was used; one that is lacking → refused, with the reason", async () => {
  const client = await workspace.addClient({ grants: { orders: ["read", "write"], stock: ["read"] } });
  const token = await fetchToken(client, { resource: orders, scope: "read" });
  await verify([bearer(token)], { resource: orders, scope: "read" });
  await verify([bearer(token)], { resource: orders, scope: "write" });
  await verify([bearer(token)], { resource: stock });
  const uses = await usesOf(client, 3);
  expect(uses.map(({ resource, scope, reason }) => [resource, scope, reason])).toEqual(
    expect.arrayContaining([
      [orders, "read", null],
      [orders, null, "insufficient_scope"],
      [stock, null, "wrong_audience"],
    ]),
  );
  expect(new Set(uses.map(({ checkedBy }) => checkedBy))).toEqual(new Set(["FORWARD_AUTH"]));
  expect(uses.map((use) => use.uses)).toEqual([1, 1, 1]);
});

test("[A16] a revoked token is shown → its use is told with the reason, and not that of the client that revoked it", async () => {
  const client = await workspace.addClient({ grants: { orders: ["read"] } });
  const token = await fetchToken(client);
  await post(`${workspace.issuer}/oauth2/revoke`, { token }, [basic(client)]);
  expect((await introspect(client, { token })).body).toBe('{"active":false}');
  expect((await introspect(api, { token })).body).toBe('{"active":false}');
  const [use, ...more] = await usesOf(client, 1);
  expect([use?.resource, use?.reason, use?.uses, more]).toEqual([orders, "token_revoked", 1, []]);
});

test("[A16] an API token, by introspection and by a proxy → the same, with the API that was called", async () => {
  await turnOn(workspace);
  const client = await workspace.addClient({ grants: { orders: ["read"], stock: ["read"] } });
  const { value } = await newApiToken(client);
  await introspect(api, { token: value, resource: orders });
  await verify([["X-API-KEY", value]], { resource: stock, scope: "read" });
  const uses = await usesOf(client, 2);
  expect(uses.map(({ resource, checkedBy, scope }) => [resource, checkedBy, scope])).toEqual(
    expect.arrayContaining([
      [orders, "INTROSPECTION", "read"],
      [stock, "FORWARD_AUTH", "read"],
    ]),
  );
});

test("[A16] a token of kilobytes of scopes, and a hundred addresses of one that was stolen → what came last is told, for everybody", async () => {
  const scopes = Array.from({ length: 60 }, (_, at) => `s${at}-${randomBytes(60).toString("hex")}`);
  const wide = await world.tenant().workspace().resource("orders", scopes).ready();
  await turnOn(wide);
  const holder = await wide.addClient({ grants: { orders: scopes } });
  const { value } = await newApiToken(holder);
  const identifier = wide.resource("orders").identifier;
  const ask = (query: Readonly<Record<string, string>>) =>
    send(`${wide.issuer}/oauth2/verify?${new URLSearchParams(query)}`, { headers: [["X-API-KEY", value]] });
  for (const scope of scopes) await ask({ resource: identifier, scope });
  for (const scope of scopes) await ask({ resource: identifier, scope: `${scope} ${scopes[0]}` });
  expect((await ask({ resource: identifier })).status).toBe(200);
  const mine = await workspace.addClient({ grants: { orders: ["read"] } });
  await introspect(api, { token: await fetchToken(mine) });
  expect(await usesOf(mine, 1)).toHaveLength(1);
  const kept = await eventually(
    () => usesOf(holder, 100, wide),
    (uses) => uses.some(({ scope }) => scope?.endsWith(" …")),
  );
  expect(kept).toHaveLength(100);
  expect(kept[0]?.scope?.length).toBeLessThanOrEqual(500);
});

test("[A16] a text that this issuer never made, or another workspace's token → nobody's use", async () => {
  const client = await workspace.addClient({ grants: { orders: ["read"] } });
  const stranger = await world.tenant().workspace().resource("orders", ["read"]).client();
  const { jti } = decodeJwt(await fetchToken(client)).claims as { jti: string };
  const foreign = await fetchToken(stranger);
  for (const token of ["x", `${foreign.slice(0, -4)}AAAA`, foreign, jti]) {
    await introspect(api, { token });
    await verify([bearer(token)], { resource: orders });
  }
  await introspect(api, { token: await fetchToken(client) });
  expect((await usesOf(client, 1)).map(({ reason }) => reason)).toEqual([null]);
});

import { beforeAll, describe, expect, test } from "vitest";
import { send } from "../support/http.ts";
import { askToken, basic, bearer, decodeJwt, post } from "../support/token.ts";
import { addResourceServer, type StoryClient, useWorld } from "../support/world.ts";
import { expectRefusal, expectToken } from "./answers.ts";

const world = useWorld();
const orders = "https://api.example.com/orders";
let one: StoryClient;
let both: StoryClient;
beforeAll(async () => {
  const story = world
    .tenant()
    .workspace()
    .resource("orders", ["read", "write"], orders)
    .resource("stock", ["read"], "urn:example:stock?part=1");
  both = await story.client();
  one = await both.workspace.addClient({ grants: { orders: ["read"] } });
});

const audienceOf = (token: string) => decodeJwt(token).claims["aud"];

describe("resource (RFC 8707 §2)", () => {
  test.each(["resource", "audience"])("[A5] %s names a granted API → a token with that aud", async (name) => {
    const { access_token } = expectToken(await askToken(both, { [name]: orders }));
    expect(audienceOf(access_token)).toBe(orders);
    const stock = both.workspace.resource("stock").identifier;
    expect(audienceOf(expectToken(await askToken(both, { [name]: stock })).access_token)).toBe(stock);
  });

  test("[A5] omitted by a client with exactly one → that one", async () => {
    expect(audienceOf(expectToken(await askToken(one)).access_token)).toBe(orders);
  });

  test("[A5] omitted by a client with several → 400 invalid_target that says so", async () => {
    const members = expectRefusal(await askToken(both), 400, "invalid_target");
    expect(members["error_description"]).toMatch(/resource/i);
    expect(members["error_description"]).toMatch(/2|several|more than one/i);
  });

  test("omitted by a client with several, though only one fits the scope → 400 invalid_target", async () => {
    expectRefusal(await askToken(both, { scope: "write" }), 400, "invalid_target");
  });

  test("empty → as if it were omitted", async () => {
    expect(audienceOf(expectToken(await askToken(one, { resource: "", audience: "" })).access_token)).toBe(orders);
  });

  test("resource and audience alike → fine", async () => {
    expectToken(await askToken(both, { resource: orders, audience: orders }));
  });

  test("resource and audience differ → 400 invalid_request", async () => {
    const audience = both.workspace.resource("stock").identifier;
    expectRefusal(await askToken(both, { resource: orders, audience }), 400, "invalid_request");
  });

  test.each(["resource", "audience"])("%s given twice alike → fine, one aud", async (name) => {
    const form: [string, string][] = [
      ["grant_type", "client_credentials"],
      [name, orders],
      [name, orders],
    ];
    const { access_token } = expectToken(await post(both.tokenEndpoint, form, [basic(both)]));
    expect(audienceOf(access_token)).toBe(orders);
  });

  test.each([
    ["unknown", "https://api.example.com/nothing"],
    ["relative", "/orders"],
    ["a bare word", "orders"],
    ["with a fragment", `${orders}#part`],
    ["with an empty fragment", `${orders}#`],
    ["a slash more", `${orders}/`],
    ["another case of the path", "https://api.example.com/Orders"],
    ["another case of the host", "https://API.example.com/orders"],
    ["another scheme", "http://api.example.com/orders"],
    ["a default port", "https://api.example.com:443/orders"],
    ["a dot segment", "https://api.example.com/./orders"],
    ["an escape of the same letter", "https://api.example.com/%6frders"],
    ["a query", `${orders}?`],
    ["a space before", ` ${orders}`],
    ["two in one parameter", `${orders} urn:example:stock?part=1`],
  ])("[A5] %s → 400 invalid_target", async (_condition, resource) => {
    expectRefusal(await askToken(both, { resource }), 400, "invalid_target");
    expectRefusal(await askToken(both, { audience: resource }), 400, "invalid_target");
  });

  test("[A5] known but not granted to this client → 400 invalid_target", async () => {
    const resource = both.workspace.resource("stock").identifier;
    expectRefusal(await askToken(one, { resource }), 400, "invalid_target");
  });

  test("[A5] of another workspace → 400 invalid_target, told as an unknown one is", async () => {
    const foreign = await world.tenant().workspace().resource("far", ["read"], "https://far.example.com").ready();
    const resource = foreign.resource("far").identifier;
    const members = expectRefusal(await askToken(both, { resource }), 400, "invalid_target");
    const unknown = expectRefusal(await askToken(both, { resource: "https://no.example.com" }), 400, "invalid_target");
    const plain = (text: unknown) => String(text).replace(/https:\S+\.example\.com/, "");
    expect(plain(members["error_description"])).toBe(plain(unknown["error_description"]));
  });

  test("a scope of another resource → 400 invalid_scope: scopes are local to their resource", async () => {
    const resource = both.workspace.resource("stock").identifier;
    expectRefusal(await askToken(both, { resource, scope: "write" }), 400, "invalid_scope");
  });
});

describe("several resources in one request (RFC 8707 §2)", () => {
  const [eu, us, other] = ["https://eu.example.com", "https://us.example.com", "https://other.example.com"] as const;
  let client: StoryClient;
  const ask = (resources: readonly string[], scope?: string, name = "resource") =>
    post(
      client.tokenEndpoint,
      [
        ["grant_type", "client_credentials"],
        ...resources.map((resource) => [name, resource] as const),
        ...(scope === undefined ? [] : [["scope", scope] as const]),
      ],
      [basic(client)],
    );
  const check = (token: string, resource: string, scope: string) =>
    send(`${client.workspace.issuer}/oauth2/verify?${new URLSearchParams({ resource, scope })}`, {
      headers: [bearer(token)],
    });
  beforeAll(async () => {
    client = await world
      .tenant()
      .workspace()
      .resource("eu", ["read", "write"], eu)
      .resource("us", ["read", "write"], us)
      .resource("other", ["read", "close"], other)
      .client({ grants: { eu: ["read", "write"], us: ["read", "write"], other: ["read"] } });
  });

  test.each(["resource", "audience"])("[A5] %s twice, with equal scopes → one token with both in aud", async (name) => {
    const { access_token, scope } = expectToken(await ask([us, eu], undefined, name));
    expect(scope).toBe("read write");
    expect(audienceOf(access_token)).toEqual([us, eu]);
  });

  test("[A5] a scope that fits all three → the token is good at each, and nowhere else", async () => {
    const token = expectToken(await ask([eu, us, other], "read")).access_token;
    for (const resource of [eu, us, other]) expect((await check(token, resource, "read")).status).toBe(200);
    expect((await check(token, other, "close")).status).toBe(403);
    const pair = expectToken(await ask([eu, us], "read")).access_token;
    expect((await check(pair, other, "read")).status).toBe(401);
  });

  test("the resource server of any of them may introspect the token, and that of another one may not", async () => {
    const token = expectToken(await ask([eu, us])).access_token;
    const introspect = async (caller: StoryClient) =>
      (await post(`${client.workspace.issuer}/oauth2/introspect`, { token }, [basic(caller)])).json();
    for (const [name, active] of [
      ["eu", true],
      ["us", true],
      ["other", false],
    ] as const) {
      const server = await client.workspace.addClient({ grants: {} });
      await addResourceServer(client.workspace, name, server.id);
      const answer = await introspect(server);
      if (active) expect(answer).toMatchObject({ active, aud: [eu, us], scope: "read write" });
      else expect(answer).toEqual({ active });
    }
  });

  test("the token log names each of them", async () => {
    expectToken(await ask([eu, us]));
    const query =
      "query($slug: Slug!) { workspace(slug: $slug) { tokenLog(first: 1) { edges { node { resource } } } } }";
    const { workspace } = await client.workspace.admin.run(query, { slug: client.workspace.slug });
    expect(workspace).toEqual({ tokenLog: { edges: [{ node: { resource: `${eu} ${us}` } }] } });
  });

  test.each([
    ["without a scope, where those granted differ", [eu, other], undefined, "invalid_target"],
    ["incident 22: a scope that only the first has", [eu, other], "read write", "invalid_scope"],
    ["incident 22: a scope that the second has and is not granted", [us, other], "read close", "invalid_scope"],
    ["incident 22: a second one that is unknown", [eu, "https://us.example.com/"], "read", "invalid_target"],
    ["incident 22: a second one that is no URI", [eu, "us"], "read", "invalid_target"],
  ] as const)("%s → 400 %s %s %s", async (_condition, resources, scope, error) => {
    expectRefusal(await ask(resources, scope), 400, error);
    expectRefusal(await ask([...resources].reverse(), scope), 400, error);
  });

  test("resource names two and audience only one of them → 400 invalid_request", async () => {
    const form = [
      ["grant_type", "client_credentials"],
      ["resource", eu],
      ["resource", us],
      ["audience", eu],
    ] as const;
    expectRefusal(await post(client.tokenEndpoint, form, [basic(client)]), 400, "invalid_request");
  });
});

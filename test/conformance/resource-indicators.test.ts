import { beforeAll, describe, expect, test } from "vitest";
import { askToken, basic, decodeJwt, post } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";
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

import { beforeAll, describe, expect, test } from "vitest";
import { eventually, send } from "../support/http.ts";
import { bearer, fetchToken, type Pairs } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";
import { expectPrivate } from "./answers.ts";

const world = useWorld();
let client: StoryClient;
let orders: string;
let stock: string;
let token: string;
beforeAll(async () => {
  const story = world.tenant().workspace().resource("orders", ["read", "write"]).resource("stock", ["read"]);
  client = await story.client({ grants: { orders: ["read"] } });
  orders = client.workspace.resource("orders").identifier;
  stock = client.workspace.resource("stock").identifier;
  token = await fetchToken(client);
});

const verify = (headers: Pairs, query: Readonly<Record<string, string>> = { resource: orders }) =>
  send(`${client.workspace.issuer}/oauth2/verify?${new URLSearchParams(query)}`, { headers });

describe("forward-auth with an access token (RFC 6750, ours)", () => {
  test("[A7] a good token → 200, an empty body, and who it is in headers", async () => {
    const answer = await verify([bearer(token)]);
    expect([answer.status, answer.body]).toEqual([200, ""]);
    expectPrivate(answer);
    expect(answer.headers).toMatchObject({
      "x-mintmark-client": client.clientId,
      "x-mintmark-scope": "read",
      "x-mintmark-issuer": client.workspace.issuer,
    });
  });

  test("a scope that it has → 200", async () => {
    expect((await verify([bearer(token)], { resource: orders, scope: "read" })).status).toBe(200);
  });

  test("a scope that it lacks, alone or among others → 403 insufficient_scope that names the scope", async () => {
    for (const scope of ["write", "read write"]) {
      const answer = await verify([bearer(token)], { resource: orders, scope });
      expect(answer.status).toBe(403);
      expect(answer.headers["www-authenticate"]).toMatch(/^Bearer .*error="insufficient_scope"/);
      expect(answer.headers["www-authenticate"]).toContain(`scope="${scope}"`);
    }
  });

  test("[A7] a token for API A at API B → 401 invalid_token", async () => {
    const answer = await verify([bearer(token)], { resource: stock });
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toMatch(/error="invalid_token"/);
  });

  test("no credential → 401 with a challenge for each scheme that has a realm and no error", async () => {
    const answer = await verify([]);
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe(
      `Bearer realm="${client.workspace.issuer}", DPoP realm="${client.workspace.issuer}", algs="ES256 EdDSA Ed25519 PS256 RS256"`,
    );
  });

  test.each(["Token", "JWT", "Basic"])("the scheme %s → 401 that names Bearer", async (scheme) => {
    const answer = await verify([["Authorization", `${scheme} ${token}`]]);
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer /);
    expect(answer.body).toContain("Bearer");
  });

  test("an access token in X-API-KEY → 401 that names Bearer", async () => {
    const answer = await verify([["X-API-KEY", token]]);
    expect(answer.status).toBe(401);
    expect(answer.body).toContain("Bearer");
  });

  test("two Authorization headers, or X-API-KEY beside one → 400", async () => {
    expect((await verify([bearer(token), bearer(token)])).status).toBe(400);
    expect((await verify([bearer(token), ["X-API-KEY", "x"]])).status).toBe(400);
  });

  test("the token in the query → not read, and not in the log", async () => {
    const answer = await verify([], { resource: orders, access_token: token });
    expect(answer.status).toBe(401);
    const correlationId = String(answer.headers["x-correlation-id"]);
    await eventually(
      async () => world.server.log(),
      (log) => log.includes(correlationId),
    );
    expect(world.server.log()).not.toContain(token);
  });

  test("without a resource, or with an unknown one → 400: a proxy must say which API it guards", async () => {
    expect((await verify([bearer(token)], {})).status).toBe(400);
    expect((await verify([bearer(token)], { resource: "https://no.example.com" })).status).toBe(400);
  });

  test("[S12] a token of another workspace with an API of the same name → 401", async () => {
    const far = await world.tenant().workspace().resource("orders", ["read"]).client();
    expect((await verify([bearer(await fetchToken(far))])).status).toBe(401);
  });

  test("[A8] its client disabled → 401", async () => {
    const other = await client.workspace.addClient({ grants: { orders: ["read"] } });
    const good = await fetchToken(other);
    expect((await verify([bearer(good)])).status).toBe(200);
    await client.workspace.admin.must("disableClient", { id: other.id }, "client { id }");
    expect((await verify([bearer(good)])).status).toBe(401);
  });
});

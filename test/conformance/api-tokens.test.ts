import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiKey, newApiToken, tokenHeader, turnOn } from "../support/api-token.ts";
import { remember } from "../support/canaries.ts";
import { eventually, send } from "../support/http.ts";
import { startReplica, type TestReplica } from "../support/server.ts";
import { basic, bearer, decodeJwt, fetchToken, type Pairs, post } from "../support/token.ts";
import { addResourceServer, type StoryClient, type StoryWorkspace, setGrant, useWorld } from "../support/world.ts";

// What was done at one server must be seen at the other.
const world = useWorld();
let replica: TestReplica;
let workspace: StoryWorkspace;
let application: StoryClient;
let api: StoryClient;
let neighbour: StoryClient;
beforeAll(async () => {
  replica = await startReplica(world.server);
  const story = world.tenant().workspace().resource("orders", ["read", "write"]).resource("stock", ["read"]);
  application = await story.client({ grants: { orders: ["read"] } });
  workspace = application.workspace;
  await turnOn(workspace);
  api = await workspace.addClient({ grants: {} });
  neighbour = await workspace.addClient({ grants: { orders: ["read", "write"] } });
  await addResourceServer(workspace, "orders", api.id);
}, 120_000);
afterAll(() => replica?.destroy());

const INACTIVE = '{"active":false}';
const at = (origin: string, path: string) => `${workspace.issuer.replace(world.origin, origin)}/oauth2/${path}`;
const introspect = (caller: StoryClient, token: string, form: object = {}, origin = world.origin) =>
  post(at(origin, "introspect"), { token, ...form }, [basic(caller)]);
const bodyFor = async (caller: StoryClient, token: string) => (await introspect(caller, token)).body;
const isActive = async (caller: StoryClient, token: string, origin = world.origin) =>
  (await introspect(caller, token, {}, origin)).json()["active"];
const verify = (headers: Pairs, origin = world.origin) =>
  send(`${at(origin, "verify")}?${new URLSearchParams({ resource: workspace.resource("orders").identifier })}`, {
    headers,
  });
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

describe("an API token, introspected (RFC 7662)", () => {
  test("[T9] of a client that was deleted, and whose client_id another one has by now → it stays dead on every server", async () => {
    const clientId = `shop-${randomBytes(6).toString("hex")}`;
    const former = await workspace.addClient({ clientId, grants: { orders: ["read"] } });
    const { value } = await newApiToken(former);
    for (const origin of [world.origin, replica.origin]) expect(await isActive(api, value, origin)).toBe(true);
    await workspace.admin.must("deleteClient", { id: former.id }, "deletedClientId");
    await workspace.addClient({ clientId, grants: { orders: ["read", "write"] } });
    for (const origin of [world.origin, replica.origin])
      await eventually(
        () => isActive(api, value, origin),
        (active) => active === false,
      );
    expect((await verify([tokenHeader(value)])).status).toBe(401);
    expect((await verify([tokenHeader(value)], replica.origin)).status).toBe(401);
  });

  test("[T1] by the resource's server and by its own client → it acts for the application, with its scope there", async () => {
    const expiresAt = inSeconds(3600);
    const { id, value } = await newApiToken(application, { expiresAt });
    expect(value).toMatch(/^mmt_[0-9A-Za-z]{79}$/);
    for (const caller of [api, application])
      expect((await introspect(caller, value)).json()).toEqual({
        active: true,
        token_type: "Token",
        iss: workspace.issuer,
        sub: application.clientId,
        client_id: application.clientId,
        aud: workspace.resource("orders").identifier,
        scope: "read",
        iat: expect.any(Number),
        exp: Math.floor(Date.parse(expiresAt) / 1000),
        jti: id,
      });
  });

  test("one that never ends → no exp", async () => {
    const { value } = await newApiToken(application);
    expect((await introspect(api, value)).json()).not.toHaveProperty("exp");
  });

  test("by a client that is neither its own nor a server of its APIs → exactly inactive", async () => {
    const { value } = await newApiToken(application);
    expect(await bodyFor(neighbour, value)).toBe(INACTIVE);
  });

  test("[A7] a server of one API → hears nothing of what the token may do at another", async () => {
    const both = await workspace.addClient({ grants: { orders: ["read", "write"], stock: ["read"] } });
    const { value } = await newApiToken(both);
    expect((await introspect(api, value)).json()).toMatchObject({
      aud: workspace.resource("orders").identifier,
      scope: "read write",
    });
    const server = await workspace.addClient({ grants: {} });
    for (const name of ["orders", "stock"]) await addResourceServer(workspace, name, server.id);
    // At one of them alone may it write: a server of both must not take it for both.
    expect((await introspect(server, value)).json()).toMatchObject({ scope: "read" });
    const { identifier: resource } = workspace.resource("orders");
    expect((await introspect(server, value, { resource })).json()).toMatchObject({
      aud: resource,
      scope: "read write",
    });
  });

  test("[T14] the preset follows its application's grants; a narrowed token never widens", async () => {
    const client = await workspace.addClient({ grants: { orders: ["read"] } });
    const provider = await newApiToken(client);
    const chosen = [{ resourceId: workspace.resource("orders").id, scopes: ["read"] }];
    const narrowed = await newApiToken(client, { permissions: { chosen } });
    const scopes = async (origin = world.origin) =>
      Promise.all(
        [provider, narrowed].map(async ({ value }) => (await introspect(client, value, {}, origin)).json()["scope"]),
      );
    expect(await scopes()).toEqual(["read", "read"]);
    await setGrant(workspace, client.id, "orders", ["read", "write"]);
    expect(await scopes()).toEqual(["read write", "read"]);
    await setGrant(workspace, client.id, "orders", ["write"]);
    expect(await scopes()).toEqual(["write", ""]);
    await eventually(
      () => scopes(replica.origin),
      (seen) => seen.join("|") === "write|",
      10,
    );
  });
});

describe("revoking an API token", () => {
  test("[T9] in the console's API → dead at once here, soon at the other server; its neighbour lives on", async () => {
    const [one, other] = [await newApiToken(application), await newApiToken(application)];
    for (const origin of [world.origin, replica.origin]) expect(await isActive(api, one.value, origin)).toBe(true);
    await workspace.admin.must("revokeApiToken", { id: one.id }, "__typename");
    expect(await isActive(api, one.value)).toBe(false);
    expect((await verify([tokenHeader(one.value)])).status).toBe(401);
    await eventually(
      () => isActive(api, one.value, replica.origin),
      (active) => active === false,
      10,
    );
    for (const origin of [world.origin, replica.origin]) expect(await isActive(api, other.value, origin)).toBe(true);
  });

  test("just made at one server → active at the other at once", async () => {
    for (let round = 0; round < 5; round++)
      expect(await isActive(api, (await newApiToken(application)).value, replica.origin)).toBe(true);
    await workspace.admin.must("revokeWorkspaceApiTokens", { workspaceId: workspace.id }, "__typename");
  });

  test("[T9] all of a workspace by one act → each is dead, and a new one works", async () => {
    const tokens = [await newApiToken(application), await newApiToken(neighbour)];
    for (const { value } of tokens) expect((await verify([tokenHeader(value)])).status).toBe(200);
    await workspace.admin.must("revokeWorkspaceApiTokens", { workspaceId: workspace.id }, "__typename");
    for (const { value } of tokens) expect((await verify([tokenHeader(value)])).status).toBe(401);
    expect((await verify([tokenHeader((await newApiToken(application)).value)])).status).toBe(200);
  });

  test("by its own client (RFC 7009) → 200, and dead; by another client → 200, and it lives", async () => {
    const { id, value } = await newApiToken(application);
    const revoke = (caller: StoryClient) => post(at(world.origin, "revoke"), { token: value }, [basic(caller)]);
    expect((await revoke(neighbour)).status).toBe(200);
    expect(await isActive(api, value)).toBe(true);
    const answer = await revoke(application);
    expect([answer.status, answer.body]).toEqual([200, ""]);
    expect(await isActive(api, value)).toBe(false);
    const document = `query ($id: ID!) { node(id: $id) { ... on Workspace {
      auditEntries(first: 1, type: "api-token.revoked") { nodes { actor body } } } } }`;
    const { node } = (await workspace.admin.run(document, { id: workspace.id })) as {
      node: { auditEntries: { nodes: { actor: string; body: { tokenId: string } }[] } };
    };
    expect(node.auditEntries.nodes[0]).toMatchObject({ actor: application.id, body: { tokenId: id } });
    expect((await revoke(application)).status).toBe(200);
  });

  test("its client disabled → inactive; enabled again → active", async () => {
    const client = await workspace.addClient({ grants: { orders: ["read"] } });
    const { value } = await newApiToken(client);
    await workspace.admin.must("disableClient", { id: client.id }, "__typename");
    expect(await isActive(api, value)).toBe(false);
    await workspace.admin.must("enableClient", { id: client.id }, "__typename");
    expect(await isActive(api, value)).toBe(true);
  });
});

describe("[T7] [F1] each kind of token under its own scheme, at an API behind a proxy", () => {
  let token: string;
  let jwt: string;
  beforeAll(async () => {
    token = (await newApiToken(application)).value;
    jwt = await fetchToken(application);
  });

  test("an API token under Token or in X-API-KEY → 200, for its application", async () => {
    for (const header of [tokenHeader(token), apiKey(token), ["authorization", `token ${token}`] as const]) {
      const answer = await verify([header]);
      expect([answer.status, answer.headers["x-mintmark-client"]]).toEqual([200, application.clientId]);
      expect(answer.headers["x-mintmark-scope"]).toBe("read");
    }
  });

  const expectNaming = async (headers: Pairs, scheme: "Bearer" | "Token", said: string) => {
    const answer = await verify(headers);
    expect([answer.status, answer.headers["www-authenticate"]]).toEqual([
      401,
      expect.stringMatching(new RegExp(`^${scheme} .*error="invalid_token"`)),
    ]);
    expect(String(answer.json()["error_description"])).toContain(said);
  };

  test("an API token under Bearer, JWT or DPoP → 401 that names Token", async () => {
    for (const scheme of ["Bearer", "JWT", "DPoP"])
      await expectNaming([["Authorization", `${scheme} ${token}`]], "Token", "Use Authorization: Token");
  });

  test("an access token under Token, JWT or in X-API-KEY → 401 that names Bearer", async () => {
    for (const scheme of ["Token", "JWT"])
      await expectNaming([["Authorization", `${scheme} ${jwt}`]], "Bearer", "Use Authorization: Bearer");
    await expectNaming([apiKey(jwt)], "Bearer", "Use Authorization: Bearer");
  });

  test("two at once → 400, whatever they are", async () => {
    for (const headers of [
      [tokenHeader(token), apiKey(token)],
      [bearer(jwt), apiKey(token)],
      [tokenHeader(token), bearer(jwt)],
      [apiKey(token), apiKey(token)],
    ])
      expect((await verify(headers)).status).toBe(400);
  });

  test("a scope that it lacks → 403 that names it", async () => {
    const query = new URLSearchParams({ resource: workspace.resource("orders").identifier, scope: "write" });
    const answer = await send(`${at(world.origin, "verify")}?${query}`, { headers: [tokenHeader(token)] });
    expect([answer.status, answer.headers["www-authenticate"]]).toEqual([
      403,
      expect.stringMatching(/^Token .*error="insufficient_scope".*scope="write"/),
    ]);
  });

  test("at an API that its client is not granted, or of another workspace → 401", async () => {
    const query = new URLSearchParams({ resource: workspace.resource("stock").identifier });
    const there = await send(`${at(world.origin, "verify")}?${query}`, { headers: [tokenHeader(token)] });
    expect(there.status).toBe(401);
    const foreign = await world.tenant().workspace().resource("orders", ["read"]).client();
    const elsewhere = await send(
      `${foreign.workspace.issuer}/oauth2/verify?${new URLSearchParams({ resource: foreign.workspace.resource("orders").identifier })}`,
      { headers: [tokenHeader(token)] },
    );
    expect(elsewhere.status).toBe(401);
  });
});

describe("[T10] a token that existed elsewhere", () => {
  const importToken = (input: object) =>
    workspace.admin.mutate(
      "importApiToken",
      { clientId: application.id, name: "From elsewhere", permissions: { all: true }, ...input },
      "apiToken { id isImported hint }",
    );

  test("imported by its value, or by its SHA-256 → works, is marked, and its value is shown nowhere", async () => {
    for (const by of ["value", "sha256"]) {
      const value = remember(`old_${randomBytes(24).toString("base64url")}`);
      const given = by === "value" ? value : createHash("sha256").update(value).digest("hex");
      expect(await isActive(api, value)).toBe(false);
      const { userErrors, apiToken } = await importToken({ [by]: given });
      expect(userErrors).toEqual([]);
      expect(apiToken).toMatchObject({ isImported: true });
      expect(await isActive(api, value)).toBe(true);
      expect((await verify([tokenHeader(value)])).status).toBe(200);
      expect((await verify([apiKey(value)])).status).toBe(200);
      await workspace.admin.must("revokeApiToken", { id: (apiToken as { id: string }).id }, "__typename");
      expect(await isActive(api, value)).toBe(false);
    }
  });

  test.each([
    ["too short", { value: "short" }],
    ["a slow hash", { value: "$2b$12$abcdefghijklmnopqrstuuWXYZabcdefghijklmnopqrstuvwxyz12" }],
    ["a JWT", { value: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJlc2lnbmF0dXJl" }],
    ["one of our own", { value: `mms_${"a1B2c3D4".repeat(6)}0` }],
    ["with a space", { value: `${"a1B2c3D4".repeat(4)} ${"e5F6g7H8".repeat(4)}` }],
    ["value and sha256", { value: "a1B2c3D4".repeat(6), sha256: "0".repeat(64) }],
    ["nothing", {}],
  ])("%s → INVALID_INPUT that says why", async (_, input) => {
    const { userErrors, apiToken } = await importToken(input);
    expect([apiToken, userErrors[0]?.code]).toEqual([null, "INVALID_INPUT"]);
  });

  test("the same value twice in a workspace → ALREADY_EXISTS", async () => {
    const value = remember(`old_${randomBytes(24).toString("base64url")}`);
    expect((await importToken({ value })).userErrors).toEqual([]);
    expect((await importToken({ value })).userErrors[0]?.code).toBe("ALREADY_EXISTS");
  });
});

describe("an API token exchanged for a short JWT (RFC 8693)", () => {
  const exchange = (caller: StoryClient, token: string, form: object = {}) =>
    post(
      caller.tokenEndpoint,
      {
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token: token,
        subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
        ...form,
      },
      [basic(caller)],
    );
  beforeAll(async () => {
    const input = { workspaceId: workspace.id, tokenExchange: "ALLOWED" };
    await workspace.admin.must("updateWorkspaceSettings", input, "__typename");
  });

  test("by its own client → in its name, no wider, and no longer than the token lives", async () => {
    const client = await workspace.addClient({ grants: { orders: ["read", "write"] } });
    const chosen = [{ resourceId: workspace.resource("orders").id, scopes: ["read"] }];
    const { value } = await newApiToken(client, { permissions: { chosen }, expiresAt: inSeconds(100) });
    const answer = await exchange(client, value);
    expect(answer.status).toBe(200);
    const { claims } = decodeJwt(remember(String(answer.json()["access_token"])));
    expect(claims).toMatchObject({ sub: client.clientId, client_id: client.clientId, scope: "read" });
    expect(Number(claims["exp"])).toBeLessThanOrEqual(Date.now() / 1000 + 101);
    const beyond = await exchange(client, value, { scope: "write" });
    expect([beyond.status, beyond.json()["error"]]).toEqual([400, "invalid_scope"]);
  });

  test("by another client → that one acts, within what both may", async () => {
    const { value } = await newApiToken(application);
    const answer = await exchange(neighbour, value);
    const { claims } = decodeJwt(remember(String(answer.json()["access_token"])));
    expect(claims).toMatchObject({
      sub: application.clientId,
      client_id: neighbour.clientId,
      act: { sub: neighbour.clientId },
      scope: "read",
    });
  });

  test("a revoked one → 400 invalid_request, and the log says why", async () => {
    const { id, value } = await newApiToken(application);
    await workspace.admin.must("revokeApiToken", { id }, "__typename");
    const answer = await exchange(application, value);
    expect([answer.status, answer.json()["error"]]).toEqual([400, "invalid_request"]);
  });
});

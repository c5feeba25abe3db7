import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { newApiToken, turnOn } from "../support/api-token.ts";
import { send } from "../support/http.ts";
import { askToken, basic, decodeJwt, fetchToken, post } from "../support/token.ts";
import { addResourceServer, type StoryClient, type StoryWorkspace, useWorld } from "../support/world.ts";
import { expectPrivate, expectRefusal, expectToken } from "./answers.ts";

const world = useWorld();
let workspace: StoryWorkspace;
let owner: StoryClient;
let api: StoryClient;
let neighbour: StoryClient;
beforeAll(async () => {
  const story = world.tenant().workspace().resource("orders", ["read"]).resource("stock", ["read"]);
  owner = await story.client({ grants: { orders: ["read"] } });
  workspace = owner.workspace;
  api = await workspace.addClient({ grants: {} });
  neighbour = await workspace.addClient();
  await addResourceServer(workspace, "orders", api.id);
});

const introspect = (caller: StoryClient, form: Readonly<Record<string, string>>) =>
  post(`${caller.workspace.issuer}/oauth2/introspect`, form, [basic(caller)]);
const bodyFor = async (caller: StoryClient, token: string) => (await introspect(caller, { token })).body;
const INACTIVE = '{"active":false}';

describe("introspection (RFC 7662)", () => {
  test("by the resource's server or by the token's own client → active with all claims", async () => {
    const token = await fetchToken(owner);
    for (const caller of [api, owner]) {
      const answer = await introspect(caller, { token });
      expect(answer.status).toBe(200);
      expect(answer.json()).toMatchObject({ active: true, ...decodeJwt(token).claims });
      const { token_type } = answer.json();
      expect(token_type ?? "Bearer").toBe("Bearer");
    }
  });

  test("credentials in the form → active as well", async () => {
    const token = await fetchToken(owner);
    const form = { token, client_id: owner.clientId, client_secret: owner.clientSecret };
    const answer = await post(`${workspace.issuer}/oauth2/introspect`, form);
    expect(answer.json()).toMatchObject({ active: true });
  });

  test.each(["access_token", "refresh_token", "nonsense", ""])("token_type_hint %j → still active", async (hint) => {
    const answer = await introspect(owner, { token: await fetchToken(owner), token_type_hint: hint });
    expect(answer.json()).toMatchObject({ active: true });
  });

  test("active or not → JSON, no-store, no-cache, nosniff, no cookie", async () => {
    for (const token of [await fetchToken(owner), "x"]) {
      const answer = await introspect(owner, { token });
      expectPrivate(answer);
      expect(answer.headers["content-type"]).toMatch(/^application\/json/);
    }
  });

  test('incident 5: by a client that is neither audience nor owner → exactly {"active":false}', async () => {
    const token = await fetchToken(owner);
    expect(await bodyFor(neighbour, token)).toBe(INACTIVE);
    expect(JSON.parse(await bodyFor(owner, token))).toMatchObject({ active: true });
  });

  test("incident 5: by the server of another resource → inactive", async () => {
    const token = await fetchToken(neighbour, { resource: workspace.resource("stock").identifier });
    expect(await bodyFor(api, token)).toBe(INACTIVE);
    expect(JSON.parse(await bodyFor(neighbour, token))).toMatchObject({ active: true });
  });

  test("incident 5: a server no longer named for the resource → inactive", async () => {
    const token = await fetchToken(owner);
    const other = await workspace.addClient({ grants: {} });
    await addResourceServer(workspace, "orders", other.id);
    expect(JSON.parse(await bodyFor(other, token))).toMatchObject({ active: true });
    const input = { resourceId: workspace.resource("orders").id, clientId: other.id };
    await workspace.admin.must("removeResourceServer", input, "resource { id }");
    expect(await bodyFor(other, token)).toBe(INACTIVE);
  });

  test("[S12] a token of another workspace, of the same or of another tenant → inactive", async () => {
    const tenant = await world.tenant().ready();
    const here = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
    const there = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
    for (const [caller, issued] of [
      [here, there],
      [there, here],
      [owner, here],
      [here, owner],
    ] as const) {
      expect(await bodyFor(caller, await fetchToken(issued))).toBe(INACTIVE);
    }
    expect(JSON.parse(await bodyFor(here, await fetchToken(here)))).toMatchObject({ active: true });
  });

  test.each([
    ["a word", "nonsense"],
    ["three empty parts", ".."],
    ["a client secret", "mms_0000000000000000000000000000000000000000000000000"],
    ["64 characters of hexadecimal", "ab".repeat(32)],
    ["over 16 KiB", "x".repeat(20_000)],
  ])('%s → exactly {"active":false}', async (_condition, token) => {
    expect(await bodyFor(owner, token)).toBe(INACTIVE);
  });
});

describe("the signed form (RFC 9701)", () => {
  const SIGNED = "application/token-introspection+jwt";
  const ask = (caller: StoryClient, token: string, accept = SIGNED) =>
    post(`${caller.workspace.issuer}/oauth2/introspect`, { token }, [basic(caller), ["Accept", accept]]);
  /** What the issuer signed for that caller, as another author's library checks it. */
  async function signedFor(caller: StoryClient, token: string): Promise<JWTPayload> {
    const answer = await ask(caller, token);
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, SIGNED]);
    expectPrivate(answer);
    const keys = createRemoteJWKSet(new URL(`${workspace.issuer}/.well-known/jwks.json`));
    const { issuer } = caller.workspace;
    const checks = { issuer, audience: caller.clientId, typ: "token-introspection+jwt" };
    return (await jwtVerify(answer.body, keys, checks)).payload;
  }

  test("by the resource's server or the token's own client → signed for that caller: the same as in JSON", async () => {
    const token = await fetchToken(owner);
    for (const caller of [api, owner]) {
      const payload = await signedFor(caller, token);
      expect(Object.keys(payload).toSorted()).toEqual(["aud", "iat", "iss", "token_introspection"]);
      expect(payload["token_introspection"]).toEqual(JSON.parse(await bodyFor(caller, token)));
      expect(payload["token_introspection"]).toMatchObject({ active: true, client_id: owner.clientId });
    }
  });

  test("an opaque token and an API token → signed like any other: the same as in JSON, for nobody else", async () => {
    await turnOn(workspace);
    const { value } = await newApiToken(owner);
    const opaque = await workspace.addClient({ grants: { orders: ["read"] } });
    const format = { clientId: opaque.id, accessTokenFormat: "OPAQUE" };
    await workspace.admin.must("updateClientSettings", format, "client { id }");
    for (const [token, prefix, of] of [
      [await fetchToken(opaque), "mma_", opaque],
      [value, "mmt_", owner],
    ] as const) {
      expect(token.slice(0, 4)).toBe(prefix);
      for (const caller of [api, of]) {
        const { token_introspection } = await signedFor(caller, token);
        expect(token_introspection).toEqual(JSON.parse(await bodyFor(caller, token)));
        expect(token_introspection).toMatchObject({ active: true, client_id: of.clientId, scope: "read" });
      }
      expect((await signedFor(neighbour, token))["token_introspection"]).toEqual({ active: false });
    }
  });

  test('incident 5: the form that a fix forgot: neither audience nor owner, or a bad token → exactly {"active":false}', async () => {
    const token = await fetchToken(owner);
    const ofStock = await fetchToken(neighbour, { resource: workspace.resource("stock").identifier });
    for (const [caller, asked] of [
      [neighbour, token],
      [api, ofStock],
      [owner, "nonsense"],
    ] as const)
      expect((await signedFor(caller, asked))["token_introspection"]).toEqual({ active: false });
  });

  test("incident 3: the signed answer in place of the access token → inactive", async () => {
    const { body } = await ask(owner, await fetchToken(owner));
    expect(await bodyFor(owner, body)).toBe(INACTIVE);
  });

  test.each([
    [`application/json, ${SIGNED}`, SIGNED],
    [`${SIGNED};q=0.9, application/json;q=0.1`, SIGNED],
    [SIGNED.toUpperCase(), SIGNED],
    [`${SIGNED};q=0`, "application/json"],
    [`${SIGNED};q=0.1, application/json`, "application/json"],
    ["application/jwt, */*", "application/json"],
  ])("Accept: %s → %s", async (accept, type) => {
    const answer = await ask(owner, await fetchToken(owner), accept);
    expect(answer.headers["content-type"]).toBe(type);
  });

  test("no credentials → 401 as ever, unsigned", async () => {
    const url = `${workspace.issuer}/oauth2/introspect`;
    expectRefusal(await post(url, { token: "x" }, [["Accept", SIGNED]]), 401, "invalid_client");
  });
});

describe("a token whose ground is gone → inactive at once (RFC 7662 §2.2)", () => {
  test("[A8] its client is disabled → inactive; enabled again → active", async () => {
    const client = await workspace.addClient({ grants: { orders: ["read"] } });
    const token = await fetchToken(client);
    expect(JSON.parse(await bodyFor(api, token))).toMatchObject({ active: true });
    await workspace.admin.must("disableClient", { id: client.id }, "client { id }");
    expect(await bodyFor(api, token)).toBe(INACTIVE);
    await workspace.admin.must("enableClient", { id: client.id }, "client { id }");
    expect(JSON.parse(await bodyFor(api, token))).toMatchObject({ active: true });
  });

  test("its client is deleted → inactive", async () => {
    const client = await workspace.addClient({ grants: { orders: ["read"] } });
    const token = await fetchToken(client);
    expect(JSON.parse(await bodyFor(api, token))).toMatchObject({ active: true });
    await workspace.admin.must("deleteClient", { id: client.id }, "deletedClientId");
    expect(await bodyFor(api, token)).toBe(INACTIVE);
  });

  test("[A8] all tokens of its client are taken back → inactive; a token asked for afterwards is active", async () => {
    const client = await workspace.addClient({ grants: { orders: ["read"] } });
    const token = await fetchToken(client);
    await workspace.admin.must("revokeClientTokens", { id: client.id }, "client { id }");
    expect(await bodyFor(api, token)).toBe(INACTIVE);
    expect(JSON.parse(await bodyFor(api, await fetchToken(client)))).toMatchObject({ active: true });
  });

  test("[A8] a secret revoked withTokens → its client's tokens are inactive", async () => {
    const client = await workspace.addClient({ grants: { orders: ["read"] } });
    const token = await fetchToken(client);
    await workspace.admin.must("revokeClientSecret", { id: client.secretId, withTokens: true }, "clientSecret { id }");
    expect(await bodyFor(api, token)).toBe(INACTIVE);
  });

  test("a secret revoked alone → no new token, and those issued live on", async () => {
    const client = await workspace.addClient({ grants: { orders: ["read"] } });
    const token = await fetchToken(client);
    await workspace.admin.must("revokeClientSecret", { id: client.secretId }, "clientSecret { id }");
    expectRefusal(await askToken(client), 401, "invalid_client");
    expect(JSON.parse(await bodyFor(api, token))).toMatchObject({ active: true });
  });

  test("[C4] its workspace is suspended → inactive or refused, and nothing is issued; resumed → active", async () => {
    const client = await world.tenant().workspace().resource("orders", ["read"]).client();
    const token = await fetchToken(client);
    const { id, admin } = client.workspace;
    await admin.must("suspendWorkspace", { id }, "workspace { id }");
    expect(await bodyFor(client, token)).not.toContain('"active":true');
    expect((await askToken(client)).status).toBe(400);
    await admin.must("resumeWorkspace", { id }, "workspace { id }");
    expect(JSON.parse(await bodyFor(client, token))).toMatchObject({ active: true });
    expectToken(await askToken(client));
  });
});

describe("who may ask, and how (RFC 7662 §2.1)", () => {
  test("no credentials, a wrong secret, an unknown client, or the token itself as credential → 401", async () => {
    const token = await fetchToken(owner);
    const url = `${workspace.issuer}/oauth2/introspect`;
    expectRefusal(await post(url, { token }), 401, "invalid_client");
    expectRefusal(await post(url, { token }, [["Authorization", `Bearer ${token}`]]), 401, "invalid_client");
    const wrong = await post(url, { token }, [basic({ ...owner, clientSecret: "wrong" })]);
    expectRefusal(wrong, 401, "invalid_client");
    expect(wrong.headers["www-authenticate"]).toBe(`Basic realm="${workspace.issuer}"`);
    expectRefusal(await post(url, { token }, [basic({ ...owner, clientId: "cli_x" })]), 401, "invalid_client");
  });

  test("no token, an empty one, two, or the token in the query → 400 invalid_request", async () => {
    const token = await fetchToken(owner);
    const url = `${workspace.issuer}/oauth2/introspect`;
    expectRefusal(await introspect(owner, {}), 400, "invalid_request");
    expectRefusal(await introspect(owner, { token: "" }), 400, "invalid_request");
    const twice = [
      ["token", token],
      ["token", token],
    ] as const;
    expectRefusal(await post(url, twice, [basic(owner)]), 400, "invalid_request");
    expectRefusal(await post(`${url}?token=${token}`, {}, [basic(owner)]), 400, "invalid_request");
  });

  test("GET → 405 with Allow: POST", async () => {
    const answer = await send(`${workspace.issuer}/oauth2/introspect?token=x`, { headers: [basic(owner)] });
    expect(answer.status).toBe(405);
    expect(answer.headers["allow"]).toBe("POST");
  });
});

import { generateKeyPairSync } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { postGraphQL } from "../support/graphql.ts";
import { eventually, send } from "../support/http.ts";
import { inDatabase } from "../support/member.ts";
import { askToken, basic, bearer, decodeJwt, fetchToken, post } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";
import { expectRefusal, expectToken } from "./answers.ts";

const world = useWorld();
let client: StoryClient;
let other: StoryClient;
beforeAll(async () => {
  const tenant = await world.tenant().ready();
  const story = () => world.tenant(tenant).workspace().resource("orders", ["read"]);
  client = await story().client();
  other = await story().client();
});

const ofWorkspace = (input: object, at = client) =>
  at.workspace.admin.must("updateWorkspaceSettings", { workspaceId: at.workspace.id, ...input }, "workspace { id }");
const ofClient = (input: object, at = client) =>
  at.workspace.admin.must("updateClientSettings", { clientId: at.id, ...input }, "client { id }");
const introspect = async (token: string, caller = client) =>
  (await post(`${caller.workspace.issuer}/oauth2/introspect`, { token }, [basic(caller)])).json();
const verify = async (token: string, at = client) => {
  const resource = encodeURIComponent(at.workspace.resource("orders").identifier);
  return (
    await send(`${at.workspace.issuer}/oauth2/verify?resource=${resource}&scope=read`, { headers: [bearer(token)] })
  ).status;
};

describe("[S8] token lifetime", () => {
  test("of the workspace and of the client: the shorter one counts, and expires_in says it", async () => {
    const lives = async () => {
      const { access_token, expires_in } = expectToken(await askToken(client));
      const { iat, exp } = decodeJwt(access_token).claims;
      expect(Number(exp) - Number(iat)).toBe(expires_in);
      return expires_in;
    };
    await ofWorkspace({ accessTokenLifetime: 600 });
    expect(await lives()).toBe(600);
    await ofClient({ accessTokenLifetime: 120 });
    expect(await lives()).toBe(120);
    await ofClient({ accessTokenLifetime: 3600 });
    expect(await lives()).toBe(600);
    await ofClient({ accessTokenLifetime: null });
    await ofWorkspace({ accessTokenLifetime: null });
    expect(await lives()).toBe(900);
  });
});

describe("[S8] an opaque token", () => {
  let token: string;
  beforeAll(async () => {
    await ofWorkspace({ accessTokenFormat: "OPAQUE" });
    token = await fetchToken(client);
  });

  test("→ mma_ and a JWE that shows no claim; the answer is like any other", async () => {
    const answer = await askToken(client);
    const { access_token } = expectToken(answer);
    expect(answer.json()).toEqual({ access_token, token_type: "Bearer", expires_in: 900, scope: "read" });
    const [header = "", ...rest] = access_token.replace(/^mma_/, "").split(".");
    expect(access_token).toMatch(/^mma_/);
    expect(rest).toHaveLength(4);
    expect(JSON.parse(Buffer.from(header, "base64url").toString())).toMatchObject({ alg: "dir", enc: "A256GCM" });
    expect(Buffer.from(rest[2] ?? "", "base64url").toString("latin1")).not.toContain("read");
  });

  test("→ introspection tells all its claims to its client, and forward-auth takes it", async () => {
    const { iss, aud, client_id, active, scope } = await introspect(token);
    expect({ iss, client_id, active, scope }).toEqual({
      iss: client.workspace.issuer,
      client_id: client.clientId,
      active: true,
      scope: "read",
    });
    expect(aud).toBe(client.workspace.resource("orders").identifier);
    expect(await verify(token)).toBe(200);
  });

  test("[S12] → another workspace cannot open it", async () => {
    expect(await introspect(token, other)).toEqual({ active: false });
    expect(await verify(token, other)).toBe(401);
  });

  test("with one character changed → inactive", async () => {
    const at = token.length - 30;
    const changed = `${token.slice(0, at)}${token[at] === "A" ? "B" : "A"}${token.slice(at + 1)}`;
    expect(await introspect(changed)).toEqual({ active: false });
    expect(await verify(changed)).toBe(401);
  });

  test("[A8] revoked → dead at introspection and forward-auth, and no other one with it", async () => {
    const [one, two] = [await fetchToken(client), await fetchToken(client)];
    const revoked = await post(`${client.workspace.issuer}/oauth2/revoke`, { token: one }, [basic(client)]);
    expect(revoked.status).toBe(200);
    expect(await introspect(one)).toEqual({ active: false });
    expect([await verify(one), await verify(two)]).toEqual([401, 200]);
  });

  test("by its client's own setting, the rest of the workspace has JWTs, and the other way round", async () => {
    const second = await client.workspace.addClient();
    await ofClient({ accessTokenFormat: "JWT" }, second);
    expect(await fetchToken(second)).toMatch(/^eyJ/);
    expect(await fetchToken(client)).toMatch(/^mma_/);
    await ofWorkspace({ accessTokenFormat: "JWT" });
    await ofClient({ accessTokenFormat: "OPAQUE" }, second);
    expect(await fetchToken(second)).toMatch(/^mma_/);
    expect(await fetchToken(client)).toMatch(/^eyJ/);
    await ofWorkspace({ accessTokenFormat: "OPAQUE" });
  });

  test("outlives a rotation of its key, and dies with its key's revocation", async () => {
    const { id: workspaceId, admin } = client.workspace;
    const { kid } = JSON.parse(Buffer.from(token.slice(4).split(".")[0] ?? "", "base64url").toString());
    await admin.must("rotateSigningKey", { workspaceId }, "workspace { id }");
    expect(await introspect(token)).toMatchObject({ active: true });
    await admin.must("revokeSigningKey", { workspaceId, kid }, "workspace { id }");
    expect(await introspect(token)).toEqual({ active: false });
    expect(await introspect(await fetchToken(client))).toMatchObject({ active: true });
  });

  test("of a workspace whose keys an older version made → sealed as soon as the format is chosen", async () => {
    const older = await world.tenant().workspace().resource("orders", ["read"]).client();
    await inDatabase(
      world.server,
      (sql) => sql`
      update signing_keys set wrapped_sealing_key = null where workspace_id = ${older.workspace.id}`,
    );
    await ofWorkspace({ accessTokenFormat: "OPAQUE" }, older);
    expect(await introspect(await fetchToken(older), older)).toMatchObject({ active: true });
  });

  test("[S13] of the admin workspace opens the Admin API as a JWT does, and not that of another tenant", async () => {
    const { adminClient, admin } = await world.tenant().ready();
    const found = await admin.run(`{ workspace(slug: "admin") { id } }`);
    const workspaceId = (found["workspace"] as { id: string }).id;
    await admin.must("updateWorkspaceSettings", { workspaceId, accessTokenFormat: "OPAQUE" }, "workspace { id }");
    const sealed = await fetchToken(adminClient, { resource: adminClient.resource });
    expect(sealed).toMatch(/^mma_/);
    const ask = (presented: string) =>
      postGraphQL(world.graphqlUrl, { query: "{ viewer { __typename } }" }, [bearer(presented)]);
    expect((await ask(sealed)).status).toBe(200);
    expect((await ask(`${sealed.slice(0, -1)}${sealed.endsWith("A") ? "Q" : "A"}`)).status).toBe(401);
    expect((await ask(token)).status).toBe(401);
  });
});

describe("[S8] custom claims", () => {
  const claim = (name: string, value: unknown) => ({ name, value: JSON.stringify(value) });
  const claimsOf = async (at = other) => decodeJwt(await fetchToken(at)).claims;

  test("of workspace and client stand in the token and in introspection; the client's win by name", async () => {
    await ofWorkspace({ customClaims: [claim("region", "eu"), claim("team", "all")] }, other);
    await ofClient(
      { customClaims: [claim("team", ["billing", 7]), claim("https://acme.example/x", { a: true })] },
      other,
    );
    const wanted = { region: "eu", team: ["billing", 7], "https://acme.example/x": { a: true } };
    expect(await claimsOf()).toMatchObject(wanted);
    expect(await introspect(await fetchToken(other), other)).toMatchObject(wanted);
    const query = `query($id: ID!) { node(id: $id) { ... on Client { settings { customClaims {
      level value { name value } own { name } inheritedValue { name } inheritedLevel } } } } }`;
    const { node } = await other.workspace.admin.run(query, { id: other.id });
    const { customClaims } = (node as { settings: { customClaims: Record<string, unknown> } }).settings;
    expect(customClaims).toMatchObject({
      level: "CLIENT",
      value: [claim("https://acme.example/x", { a: true }), claim("region", "eu"), claim("team", ["billing", 7])],
      own: [{ name: "https://acme.example/x" }, { name: "team" }],
      inheritedValue: [{ name: "region" }, { name: "team" }],
      inheritedLevel: "WORKSPACE",
    });
    await ofClient({ customClaims: null }, other);
    expect(await claimsOf()).toMatchObject({ region: "eu", team: "all" });
    await ofWorkspace({ customClaims: [] }, other);
    expect(Object.keys(await claimsOf()).sort()).toEqual(
      ["aud", "client_id", "exp", "iat", "iss", "jti", "scope", "sub"].sort(),
    );
  });

  test("in the audit log stand as they were given", async () => {
    await ofClient({ customClaims: [claim("team", "audited")] }, other);
    const query = `query($slug: Slug!) { workspace(slug: $slug) { auditEntries(first: 1) { edges { node { type body } } } } }`;
    const { workspace } = await other.workspace.admin.run(query, { slug: other.workspace.slug });
    expect(workspace).toMatchObject({
      auditEntries: {
        edges: [
          { node: { type: "client-settings.changed", body: { settings: { customClaims: { team: "audited" } } } } },
        ],
      },
    });
  });

  test.each([
    ["sub", '"x"', "name"],
    ["Client_ID", '"x"', "name"],
    ["cnf", '{"jkt": "x"}', "name"],
    ["cnf.jkt", '"x"', "name"],
    ["act", '{"sub": "x"}', "name"],
    ["roles", '["owner"]', "name"],
    ["__proto__", '{"sub": "x"}', "name"],
    ["team", '{"__proto__": {"sub": "x"}}', "value"],
    ["team", "billing", "value"],
    ["team", "", "value"],
    ["team", String.raw`"a\u0000b"`, "value"],
    ["team", String.raw`"half \ud800"`, "value"],
    ["team", '"mms_0123456789abcdef"', "value"],
  ])(
    "incident 7: %s = %s → refused at workspace and client, and the token stays what it was",
    async (name, value, member) => {
      const before = Object.keys(await claimsOf());
      const customClaims = [claim("fine", 1), { name, value }];
      for (const [mutation, target] of [
        ["updateWorkspaceSettings", { workspaceId: other.workspace.id }],
        ["updateClientSettings", { clientId: other.id }],
      ] as const) {
        const { userErrors } = await other.workspace.admin.mutate(mutation, { ...target, customClaims }, "__typename");
        expect(userErrors).toMatchObject([{ code: "INVALID_INPUT", path: ["customClaims", "1", member] }]);
      }
      expect(Object.keys(await claimsOf())).toEqual(before);
    },
  );

  test("one of them twice, or together too large for a token → refused", async () => {
    const refused = async (customClaims: object) =>
      (await other.workspace.admin.mutate("updateClientSettings", { clientId: other.id, customClaims }, "__typename"))
        .userErrors;
    expect(await refused([claim("a", 1), claim("a", 2)])).toMatchObject([{ path: ["customClaims", "1", "name"] }]);
    await ofWorkspace({ customClaims: [claim("a", "x".repeat(400))] }, other);
    expect(await refused([claim("b", "x".repeat(400))])).toMatchObject([{ path: ["customClaims"] }]);
    await ofClient({ customClaims: [claim("a", "y".repeat(600))] }, other);
    expectToken(await askToken(other));
    await ofWorkspace({ signingAlgorithm: "RS256" }, other);
    expectToken(await askToken(other));
  });

  test("that make a token larger than 2 KiB with its scopes → 400, and no token", async () => {
    const scopes = Array.from({ length: 12 }, (_, at) => `${"s".repeat(100)}:${at}`);
    await other.workspace.addResource("many", scopes);
    const many = await other.workspace.addClient({ grants: { many: scopes } });
    await ofClient({ customClaims: [claim("a", "x".repeat(500))] }, many);
    const { error_description } = expectRefusal(await askToken(many), 400, "invalid_scope");
    expect(error_description).toMatch(/too large/);
    expectToken(await askToken(many, { scope: scopes[0] ?? "" }));
  });
});

describe("[S8] a ceiling on the ways to authenticate", () => {
  const lockedOut = async (at: StoryClient, methods: readonly string[], admin = at.workspace.admin) => {
    const query = `query($id: ID!, $methods: [ClientAuthenticationMethod!]!) { node(id: $id) { ... on Workspace {
      clientsLockedOutBy(methods: $methods) { count clients { lastUsedAt client { id } } } } } }`;
    const { node } = await admin.run(query, { id: at.workspace.id, methods });
    type Hit = { count: number; clients: { lastUsedAt: string | null; client: { id: string } }[] };
    return (node as { clientsLockedOutBy: Hit } | null)?.clientsLockedOutBy;
  };

  test("names the clients it would lock out before it is lowered, with their last use, and those are locked out", async () => {
    const one = await world.tenant().workspace().resource("orders", ["read"]).client();
    const { admin } = one.workspace;
    await askToken(one);
    const both = await one.workspace.addClient();
    const { publicKey } = generateKeyPairSync("ed25519");
    const pem = publicKey.export({ format: "pem", type: "spki" }).toString();
    await admin.must("createClientKey", { clientId: both.id, publicKey: pem }, "__typename");
    const keysOnly = await one.workspace.addClient();
    await ofClient({ clientAuthenticationMethods: ["PRIVATE_KEY_JWT"] }, keysOnly);
    const stopped = await one.workspace.addClient();
    await admin.must("disableClient", { id: stopped.id }, "__typename");
    const ended = await one.workspace.addClient();
    await admin.must("revokeClientSecret", { id: ended.secretId }, "__typename");

    expect(await lockedOut(one, ["CLIENT_SECRET_POST", "PRIVATE_KEY_JWT"])).toEqual({ count: 0, clients: [] });
    const hit = await eventually(
      () => lockedOut(one, ["PRIVATE_KEY_JWT"]),
      (seen) => seen?.clients[0]?.lastUsedAt !== null,
      90,
    );
    expect(hit).toEqual({ count: 1, clients: [{ lastUsedAt: expect.any(String), client: { id: one.id } }] });
    expect(await lockedOut(one, ["CLIENT_SECRET_BASIC"])).toEqual({ count: 0, clients: [] });

    await ofWorkspace({ clientAuthenticationMethods: ["PRIVATE_KEY_JWT"] }, one);
    expectRefusal(await askToken(one), 401, "invalid_client");
    // Nobody is locked out twice.
    expect(await lockedOut(one, ["PRIVATE_KEY_JWT"])).toEqual({ count: 0, clients: [] });
    expect(await lockedOut(one, ["PRIVATE_KEY_JWT"], (await world.tenant().ready()).admin)).toBeUndefined();
  });
});

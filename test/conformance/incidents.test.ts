import { randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import postgres from "postgres";
import { beforeAll, describe, expect, test } from "vitest";
import { postGraphQL } from "../support/graphql.ts";
import { eventually, send } from "../support/http.ts";
import { basic, bearer, decodeJwt, fetchToken, type Pairs, post } from "../support/token.ts";
import { type StoryClient, type StoryTenant, useWorld } from "../support/world.ts";
import { expectRefusal, expectToken } from "./answers.ts";

// What went wrong elsewhere and has no other place here.
const world = useWorld();
let tenant: StoryTenant;
let client: StoryClient;
let mighty: StoryClient;
let orders: string;
beforeAll(async () => {
  tenant = await world.tenant().ready();
  const workspace = await world.tenant(tenant).workspace().resource("orders", ["read", "write"]).ready();
  client = await workspace.addClient({ grants: { orders: ["read"] } });
  mighty = await workspace.addClient();
  orders = workspace.resource("orders").identifier;
});

const grant = { grant_type: "client_credentials" };

/** The addresses that the newest decisions about a client are recorded with, the newest first. */
async function addressesOf({ id, workspace }: StoryClient): Promise<readonly string[]> {
  const document = `query ($id: ID!, $client: ClientId) { node(id: $id) { ... on Workspace {
    tokenLog(first: 3, clientId: $client) { nodes { address } } } } }`;
  const { node } = (await workspace.admin.run(document, { id: workspace.id, client: id })) as {
    node: { tokenLog: { nodes: { address: string }[] } };
  };
  return node.tokenLog.nodes.map(({ address }) => address);
}

test("incident 16: an address that the caller claims, without a proxy that is trusted → the socket's is recorded", async () => {
  const claimed: Pairs = [
    ["X-Forwarded-For", "203.0.113.9"],
    ["Forwarded", "for=203.0.113.9"],
    ["X-Real-IP", "203.0.113.9"],
    ["X-Client-IP", "203.0.113.9"],
    ["CF-Connecting-IP", "203.0.113.9"],
  ];
  const asking = await client.workspace.addClient();
  expectToken(await post(asking.tokenEndpoint, grant, [basic(asking), ...claimed]));
  expect(await addressesOf(asking)).toEqual(["127.0.0.1"]);
});

test("incident 18: line breaks and escapes that a caller sends → each line of the server's log is one entry of its own, and none of them stands there raw", async () => {
  const forged = '\r\n{"level":30,"msg":"forged"}\r\n\u001b[31m\u0085\u2028';
  const sent = { ...grant, client_id: `a${forged}`, scope: `b${forged}`, resource: `https://c.example/${forged}` };
  await post(client.tokenEndpoint, sent);
  await post(client.tokenEndpoint, { ...sent, client_secret: forged });
  await post(client.tokenEndpoint, grant, [basic({ clientId: `d${forged}`, clientSecret: "x" })]);
  await send(`${client.tokenEndpoint}?${encodeURIComponent(forged)}=1`);
  const last = await post(client.tokenEndpoint, { grant_type: "last" });
  const request = String(last.json()["correlation_id"]);
  const log = await eventually(
    async () => world.server.log(),
    (text) => text.includes(request),
  );
  const entries = log.split("\n").filter((line) => line.includes("forged") || line.includes(request));
  for (const line of entries) expect(JSON.parse(line)).toMatchObject({ correlationId: expect.stringMatching(/^req_/) });
  expect(["\r", "\u001b", "\u0085", "\u2028"].filter((raw) => log.includes(raw))).toEqual([]);
});

describe("incident 4: headers that say who one is, as some proxies set them → nobody reads them", () => {
  const claimed = (): Pairs => [
    ["X-Mintmark-Client", mighty.clientId],
    ["X-Mintmark-Scope", "read write"],
    ["X-Client-Id", mighty.clientId],
    ["X-Remote-User", mighty.clientId],
    ["X-Tenant", world.server.bootstrapped.tenant],
    ["Client-Cert", ":MIIBAA==:"],
    ["X-Forwarded-Client-Cert", `Subject="CN=${mighty.clientId}"`],
    ["X-SSL-Client-Verify", "SUCCESS"],
    ["X-SSL-Client-S-DN", `CN=${mighty.clientId}`],
  ];

  test("instead of a credential → 401, wherever one is needed", async () => {
    for (const path of ["token", "introspect", "revoke"]) {
      const answer = await post(
        `${client.workspace.issuer}/oauth2/${path}`,
        { ...grant, client_id: mighty.clientId, token: "x" },
        claimed(),
      );
      expectRefusal(answer, 401, "invalid_client");
    }
    const verify = `${client.workspace.issuer}/oauth2/verify?resource=${encodeURIComponent(orders)}`;
    expect((await send(verify, { headers: claimed() })).status).toBe(401);
    expect((await postGraphQL(world.graphqlUrl, { query: "{ tenant { id } }" }, claimed())).status).toBe(401);
  });

  test("beside a credential → its own client, with its own scopes, in its own tenant", async () => {
    const { access_token, scope } = expectToken(await post(client.tokenEndpoint, grant, [basic(client), ...claimed()]));
    expect([decodeJwt(access_token).claims["sub"], scope]).toEqual([client.clientId, "read"]);
    expectRefusal(
      await post(client.tokenEndpoint, { ...grant, scope: "write" }, [basic(client), ...claimed()]),
      400,
      "invalid_scope",
    );

    const verify = `${client.workspace.issuer}/oauth2/verify?resource=${encodeURIComponent(orders)}`;
    const checked = await send(verify, { headers: [bearer(access_token), ...claimed()] });
    expect(checked.headers).toMatchObject({ "x-mintmark-client": client.clientId, "x-mintmark-scope": "read" });

    const admin = await fetchToken(tenant.adminClient, { resource: tenant.adminClient.resource });
    const asked = await postGraphQL(world.graphqlUrl, { query: "{ tenant { id } }" }, [bearer(admin), ...claimed()]);
    expect(asked.json()).toEqual({ data: { tenant: { id: tenant.id } } });
  });
});

describe("incident 17: another Host, or forwarded one → in no issuer and in no link", () => {
  const evil = "evil.example.com";
  test.each([
    ["Host", evil],
    ["X-Forwarded-Host", evil],
    ["X-Original-Host", evil],
    ["Forwarded", `host=${evil};proto=https`],
  ])("%s → the installation's own addresses", async (name, value) => {
    const headers: Pairs = [[name, value]];
    const { access_token } = expectToken(await post(client.tokenEndpoint, grant, [basic(client), ...headers]));
    expect(decodeJwt(access_token).claims["iss"]).toBe(client.workspace.issuer);
    const refused = await post(client.tokenEndpoint, grant, headers);
    expect(refused.json()["error_uri"]).toMatch(new RegExp(`^${world.origin}/`));
    const verified = await send(`${client.workspace.issuer}/oauth2/verify?resource=${encodeURIComponent(orders)}`, {
      headers,
    });
    expect(verified.headers["www-authenticate"]).toContain(`realm="${client.workspace.issuer}"`);

    const admin = await fetchToken(tenant.adminClient, { resource: tenant.adminClient.resource });
    const query = "query ($slug: Slug!) { workspace(slug: $slug) { issuer tokenEndpoint } }";
    const variables = { slug: client.workspace.slug };
    const read = await postGraphQL(world.graphqlUrl, { query, variables }, [bearer(admin), ...headers]);
    const { issuer } = client.workspace;
    expect(read.json()).toEqual({ data: { workspace: { issuer, tokenEndpoint: `${issuer}/oauth2/token` } } });

    const pages = [await send(`${world.origin}/`, { headers }), await send(`${world.origin}/console`, { headers })];
    for (const { body, headers: answered } of [refused, verified, read, ...pages])
      expect(JSON.stringify([body, answered])).not.toContain(evil);
  });
});

describe('incident 21: what is checked "if present" and is absent', () => {
  const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  let privateKey: CryptoKey;
  beforeAll(async () => {
    const pair = await generateKeyPair("ES256", { extractable: true });
    privateKey = pair.privateKey;
    const publicKey = JSON.stringify(await exportJWK(pair.publicKey));
    await client.workspace.admin.must("createClientKey", { clientId: client.id, publicKey }, "clientKey { id }");
  });
  /** A whole request by assertion, without one of its parts. */
  const ask = async (absent: string) => {
    const seconds = Math.floor(Date.now() / 1000);
    const { issuer } = client.workspace;
    const whole = { iss: client.clientId, sub: client.clientId, aud: issuer, exp: seconds + 60, jti: randomUUID() };
    const without = <T extends object>(of: T) =>
      Object.fromEntries(Object.entries(of).filter(([key]) => key !== absent));
    const client_assertion = await new SignJWT(without(whole)).setProtectedHeader({ alg: "ES256" }).sign(privateKey);
    return post(client.tokenEndpoint, without({ ...grant, client_assertion_type: type, client_assertion }));
  };

  test("of an assertion, nothing → a token; iat, nbf, kid and typ may be absent (RFC 7523 §3)", async () => {
    expectToken(await ask("nothing"));
  });

  test.each([
    ["iss", 401],
    ["sub", 401],
    ["aud", 401],
    ["exp", 401],
    ["jti", 401],
    ["client_assertion", 401],
    ["client_assertion_type", 400],
    ["grant_type", 400],
  ])("of an assertion or its form, %s → refused", async (absent, status) => {
    const answer = await ask(absent);
    expect([answer.status, answer.json()["access_token"]]).toEqual([status, undefined]);
  });

  test("of a check for a proxy, the resource → 400, however good the token", async () => {
    const answer = await send(`${client.workspace.issuer}/oauth2/verify`, {
      headers: [bearer(await fetchToken(client))],
    });
    expect(answer.status).toBe(400);
  });
});

test("incident 20: a signing key's row moved to another tenant → opens nothing there, and nothing in the table is clear", async () => {
  const victim = await world.tenant().workspace().resource("orders", ["read"]).client();
  const thief = await world.tenant().workspace().resource("orders", ["read"]).client();
  await fetchToken(victim);
  const sql = postgres(world.server.database.ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    const keysOf = ({ workspace }: StoryClient) =>
      sql`select kid from signing_keys where workspace_id = ${workspace.id}`;
    const [mine, theirs] = [await keysOf(thief), await keysOf(victim)];
    expect(mine.length).toBeGreaterThan(0);
    for (const [index, { kid }] of mine.entries())
      await sql`update signing_keys mine
        set kid = theirs.kid, public_jwk = theirs.public_jwk, wrapped_private_key = theirs.wrapped_private_key
        from signing_keys theirs
        where mine.workspace_id = ${thief.workspace.id} and mine.kid = ${kid}
          and theirs.workspace_id = ${victim.workspace.id} and theirs.kid = ${theirs[index]?.["kid"]}`;
    const [{ clear } = { clear: 0 }] = await sql`select count(*)::int as clear from signing_keys
      where public_jwk ?| array['d', 'p', 'q'] or position('PRIVATE' in encode(wrapped_private_key, 'escape')) > 0`;
    expect(clear).toBe(0);
  } finally {
    await sql.end();
  }
  await world.server.stop();
  await world.server.restart();
  const answer = await post(thief.tokenEndpoint, grant, [basic(thief)]);
  expect([answer.status >= 500, answer.json()["access_token"]]).toEqual([true, undefined]);
  await fetchToken(victim);
});

import { generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import type { RequestListener } from "node:http";
import { exportJWK, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { remember } from "../support/canaries.ts";
import { startHttps } from "../support/https.ts";
import { askToken, basic, decodeJwt, fetchToken, post } from "../support/token.ts";
import { type StoryClient, type StoryWorkspace, useWorld } from "../support/world.ts";

/** A platform of somebody else's, over real HTTPS: what it answers at each path, and who asked. */
const answers = new Map<string, RequestListener>();
const visits: string[] = [];
const platform = await startHttps((request, response) => {
  visits.push(request.url ?? "");
  const answer = answers.get(request.url ?? "");
  if (answer) answer(request, response);
  else response.writeHead(404).end();
});
afterAll(() => platform.close());

const world = useWorld({ EGRESS_ALLOW: `localhost:${platform.port}`, EGRESS_CA_FILE: platform.authorityFile });
const json =
  (body: object): RequestListener =>
  (_, response) =>
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));

let workspace: StoryWorkspace;
beforeAll(async () => {
  workspace = (await world.tenant().workspace().resource("orders", ["read", "write"]).client()).workspace;
});
beforeEach(() => void visits.splice(0));

const pair = (kid: string) => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { kid, privateKey, jwk: exportJWK(publicKey).then((jwk) => ({ ...jwk, kid, use: "sig", alg: "RS256" })) };
};
type Pair = ReturnType<typeof pair>;

/** Publishes an issuer's keys below a path of its own. */
async function publish(issuer: string, ...keys: readonly Pair[]) {
  const path = new URL(issuer).pathname;
  answers.set(`${path}/.well-known/openid-configuration`, json({ issuer, jwks_uri: `${issuer}/jwks` }));
  answers.set(`${path}/jwks`, json({ keys: await Promise.all(keys.map(({ jwk }) => jwk)) }));
}

const sign = async ({ kid, privateKey }: { kid: string; privateKey: KeyObject }, claims: object) =>
  remember(
    await new SignJWT({
      iat: Math.floor(Date.now() / 1000),
      exp: Math.floor(Date.now() / 1000) + 300,
      ...claims,
    } as never)
      .setProtectedHeader({ alg: "RS256", kid, typ: "JWT" })
      .sign(privateKey),
  );

const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const present = (client: StoryClient, client_assertion: string, more: Readonly<Record<string, string>> = {}) =>
  post(client.tokenEndpoint, {
    grant_type: "client_credentials",
    client_id: client.clientId,
    client_assertion_type: type,
    client_assertion,
    ...more,
  });

interface Entry {
  readonly reason: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly credentialId: string | null;
  readonly method: string | null;
}

/** What the log says of the newest request. */
async function newest(): Promise<Entry> {
  const document = `{ node(id: "${workspace.id}") { ... on Workspace { tokenLog(first: 1) {
    nodes { reason evidence credentialId method } } } } }`;
  const { node } = (await workspace.admin.run(document)) as { node: { tokenLog: { nodes: Entry[] } } };
  const [entry] = node.tokenLog.nodes;
  if (!entry) throw new Error("nothing is logged");
  return entry;
}

const trust = async (
  client: StoryClient,
  issuer: string,
  claims: Readonly<Record<string, string>>,
  more: object = {},
) => {
  const list = Object.entries(claims).map(([name, value]) => ({ name, value }));
  const input = { clientId: client.id, issuer, claims: list, ...more };
  const made = await workspace.admin.must("createFederatedCredential", input, "federatedCredential { id audience }");
  return made["federatedCredential"] as { id: string; audience: string };
};

let named = 0;
const newIssuer = () => `${platform.origin}/issuer-${++named}`;

const production = "repo:acme/shop:environment:production";

/** The claims of a job, as GitHub Actions documents them. */
const job = (issuer: string) => ({
  iss: issuer,
  aud: workspace.issuer,
  sub: production,
  jti: randomUUID(),
  actor: "octocat",
  actor_id: "12",
  base_ref: "",
  environment: "production",
  event_name: "push",
  head_ref: "",
  job_workflow_ref: "acme/shop/.github/workflows/deploy.yml@refs/heads/main",
  ref: "refs/heads/main",
  ref_type: "branch",
  repository: "acme/shop",
  repository_id: "456789",
  repository_owner: "acme",
  repository_owner_id: "123456",
  repository_visibility: "private",
  run_attempt: "1",
  run_id: "3060",
  run_number: "7",
  runner_environment: "github-hosted",
  sha: "c0ffee",
  workflow: "deploy",
});
/** The claims of a projected service account token of Kubernetes. */
const pod = (issuer: string) => ({
  iss: issuer,
  aud: [workspace.issuer],
  sub: "system:serviceaccount:shop:billing",
  "kubernetes.io": {
    namespace: "shop",
    node: { name: "node-1", uid: "0a1b" },
    pod: { name: "billing-7c9", uid: "2c3d" },
    serviceaccount: { name: "billing", uid: "8f1d4c2e" },
    warnafter: 1_800_000_000,
  },
  jti: randomUUID(),
});

describe("[B3] a platform's token is enough: no secret anywhere", () => {
  test("a job of GitHub Actions, by its names → an access token, while the platform rotates its keys", async () => {
    const [issuer, first, second] = [newIssuer(), pair("k1"), pair("k2")];
    const client = await workspace.addClient();
    await publish(issuer, first);
    const { id, audience } = await trust(client, issuer, { sub: "repo:acme/shop:environment:production" });
    expect(audience).toBe(workspace.issuer);
    for (let again = 0; again < 2; again++)
      expect((await present(client, await sign(first, job(issuer)))).status).toBe(200);
    expect(visits).toHaveLength(2);
    expect(await newest()).toMatchObject({ credentialId: id, method: "federated_jwt" });
    await publish(issuer, second);
    const answer = await present(client, await sign(second, job(issuer)));
    expect(decodeJwt(String(answer.json()["access_token"])).claims).toMatchObject({
      sub: client.clientId,
      scope: "read write",
    });
    // The former key went with the former set.
    expect((await present(client, await sign(first, job(issuer)))).status).toBe(401);
    expect(visits).toHaveLength(4);
  });

  test("a repository made after 15 July 2026, whose sub has ids inside → an access token", async () => {
    const [issuer, key] = [newIssuer(), pair("k1")];
    const client = await workspace.addClient();
    await publish(issuer, key);
    await trust(client, issuer, { sub: "repo:acme@123456/shop@456789:ref:refs/heads/main" });
    const claims = { ...job(issuer), sub: "repo:acme@123456/shop@456789:ref:refs/heads/main" };
    expect((await present(client, await sign(key, claims))).status).toBe(200);
    expect((await present(client, await sign(key, job(issuer)))).status).toBe(401);
  });

  test("any branch of a repository, by its id and without sub → an access token, after a rename too", async () => {
    const [issuer, key] = [newIssuer(), pair("k1")];
    const client = await workspace.addClient();
    await publish(issuer, key);
    await trust(client, issuer, { repository_id: "456789" });
    const renamed = { ...job(issuer), sub: "repo:acme/store:ref:refs/heads/dev", repository: "acme/store" };
    expect((await present(client, await sign(key, renamed))).status).toBe(200);
    expect((await present(client, await sign(key, { ...renamed, repository_id: "456780" }))).status).toBe(401);
  });

  test("a pod of Kubernetes, with the cluster's keys pasted → an access token, and nobody is asked", async () => {
    const [issuer, key] = [newIssuer(), pair("c1")];
    const client = await workspace.addClient();
    const jwks = JSON.stringify({ keys: [await key.jwk] });
    const claims = { sub: "system:serviceaccount:shop:billing", "/kubernetes.io/serviceaccount/uid": "8f1d4c2e" };
    await trust(client, issuer, claims, { jwks });
    expect([(await present(client, await sign(key, pod(issuer)))).status, visits]).toEqual([200, []]);
    const other = { ...pod(issuer), "kubernetes.io": { serviceaccount: { name: "billing", uid: "9f1d4c2e" } } };
    expect((await present(client, await sign(key, other))).status).toBe(401);
    expect((await newest()).evidence).toMatchObject({
      rule: "/kubernetes.io/serviceaccount/uid",
      presented: "9f1d4c2e",
    });
  });

  test("a pod of Kubernetes, by the cluster's own keys over HTTPS → an access token, also when the cluster rotates them", async () => {
    const [issuer, first, second] = [newIssuer(), pair("c1"), pair("c2")];
    const client = await workspace.addClient();
    await publish(issuer, first);
    await trust(client, issuer, { sub: pod(issuer).sub });
    expect([(await present(client, await sign(first, pod(issuer)))).status, visits.length]).toEqual([200, 2]);
    await publish(issuer, second);
    expect([(await present(client, await sign(second, pod(issuer)))).status, visits.length]).toEqual([200, 4]);
    // Ever new names of keys make nobody ask again within 30 s.
    for (let guess = 0; guess < 3; guess++)
      expect((await present(client, await sign(pair(`c9${guess}`), pod(issuer)))).status).toBe(401);
    expect(visits).toHaveLength(4);
  });

  test("the credential revoked → refused from the next request on", async () => {
    const [issuer, key] = [newIssuer(), pair("k1")];
    const client = await workspace.addClient();
    await publish(issuer, key);
    const { id } = await trust(client, issuer, { sub: job(issuer).sub });
    const ask = async () => (await present(client, await sign(key, job(issuer)))).status;
    expect(await ask()).toBe(200);
    await workspace.admin.must("revokeFederatedCredential", { id }, "federatedCredential { revokedAt }");
    expect([await ask(), (await newest()).reason]).toEqual([401, "federated_credential_revoked"]);
  });
});

describe("[B3] ten near misses each name the rule that fails, and how it differs", () => {
  const misses: Readonly<Record<string, readonly [change: object, evidence: object]>> = {
    "another case": [
      { sub: "repo:acme/Shop:environment:production" },
      { rule: "sub", difference: "letter_case", distance: 1 },
    ],
    "ids inside sub": [
      { sub: "repo:acme@123456/shop@456789:environment:production" },
      { rule: "sub", difference: "ids_added", distance: 14 },
    ],
    "another environment": [
      { sub: "repo:acme/shop:environment:staging" },
      { rule: "sub", difference: "characters", expected: production },
    ],
    "a fork": [
      { sub: "repo:evil/shop:environment:production" },
      { rule: "sub", difference: "characters", distance: 4 },
    ],
    "a name that goes on": [{ sub: `${production}-2` }, { rule: "sub", difference: "begins_alike", distance: 2 }],
    "another branch": [
      { ref: "refs/heads/dev" },
      { rule: "ref", difference: "characters", presented: "refs/heads/dev", distance: 4 },
    ],
    "no branch": [{ ref: undefined }, { rule: "ref", difference: "missing", presented: "" }],
    "a slash behind the audience": [{ aud: "+/" }, { rule: "aud", difference: "trailing_slash", distance: 1 }],
    "two audiences": [{ aud: ["+", "https://b.example"] }, { rule: "aud", difference: "characters", failing: 1 }],
    "an issuer with a slash": [{ iss: "=/" }, { rule: "iss", difference: "trailing_slash", distance: 1 }],
  };
  let issuer: string;
  let client: StoryClient;
  const key = pair("k1");
  const filled = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(filled)
      : typeof value === "string"
        ? value.replace(/^\+/, workspace.issuer).replace(/^=/, issuer)
        : value;
  const tokenOf = (change: object) =>
    sign(key, {
      ...job(issuer),
      ...Object.fromEntries(Object.entries(change).map(([name, value]) => [name, filled(value)])),
    });

  beforeAll(async () => {
    issuer = newIssuer();
    await publish(issuer, key);
  });

  test.each(Object.entries(misses))(
    "%s → in the log, and where the token is tried; the caller learns nothing",
    async (_, [change, evidence]) => {
      client = await workspace.addClient();
      const { id } = await trust(client, issuer, { sub: job(issuer).sub, ref: "refs/heads/main" });
      const token = await tokenOf(change);
      const answer = await present(client, token);
      expect([answer.status, answer.json()["error"]]).toEqual([401, "invalid_client"]);
      expect(answer.json()["error_description"]).toMatch(/^Client authentication failed/);
      expect(await newest()).toMatchObject({
        reason: "federated_rule_missed",
        evidence: { credentialId: id, ...evidence },
      });
      expect(visits).toEqual([]);
      const document = `query ($id: ID!, $token: String!) { node(id: $id) { ... on Client { testFederatedCredential(token: $token) {
      problem credentials { id isTrusted rules { rule expected presented holds difference distance sentence } } } } } }`;
      const { node } = (await workspace.admin.run(document, { id: client.id, token })) as {
        node: { testFederatedCredential: { problem: string | null; credentials: Tested[] } };
      };
      const [tested] = node.testFederatedCredential.credentials;
      const failing = tested?.rules.filter(({ holds }) => !holds) ?? [];
      const { difference, ...same } = evidence as { difference?: string; failing?: number };
      expect(failing[0]).toMatchObject({
        ...Object.fromEntries(Object.entries(same).filter(([name]) => name !== "failing" && name !== "presented")),
        ...(difference && { difference: difference.toUpperCase() }),
        sentence: expect.stringContaining(String((evidence as { rule: string }).rule)),
      });
      expect([tested?.isTrusted, failing.length]).toEqual([false, 1]);
    },
  );

  test("the right one → trusted where it is tried; neither is in the server's log", async () => {
    const document = `query ($id: ID!, $token: String!) { node(id: $id) { ... on Client { testFederatedCredential(token: $token) {
      problem credentials { isTrusted problem } } } } }`;
    const ask = async (token: string) => {
      const { node } = (await workspace.admin.run(document, { id: client.id, token })) as {
        node: { testFederatedCredential: object };
      };
      return node.testFederatedCredential;
    };
    expect(await ask(await tokenOf({}))).toEqual({ problem: null, credentials: [{ isTrusted: true, problem: null }] });
    expect(await ask("mystery")).toMatchObject({
      problem: expect.stringMatching(/could not be read/),
      credentials: [],
    });
    const stranger = { ...pair("k9"), kid: "k9" };
    const forged = await sign(stranger, job(issuer));
    expect(await ask(forged)).toMatchObject({
      credentials: [{ isTrusted: false, problem: expect.stringMatching(/no key of/) }],
    });
    expect(await ask(await tokenOf({ exp: 1 }))).toMatchObject({
      problem: expect.stringMatching(/exp/),
      credentials: [{ isTrusted: false }],
    });
  });
});

interface Tested {
  readonly isTrusted: boolean;
  readonly rules: readonly { readonly holds: boolean }[];
}

describe("what is no trust worth having → refused by name, and nothing is kept", () => {
  const sub = [{ name: "sub", value: "a" }];
  test.each([
    ["a wildcard in sub", { claims: [{ name: "sub", value: "repo:acme/shop:*" }] }, "claims", /no wildcards/],
    ["no sub and no id that never changes", { claims: [{ name: "ref", value: "x" }] }, "claims", /never changes/],
    ["no claim at all", { claims: [] }, "claims", /which workload/],
    ["a claim twice", { claims: [...sub, ...sub] }, "claims", /once/],
    [
      "a rule for the audience among the claims",
      { claims: [...sub, { name: "aud", value: "x" }] },
      "name",
      /leave them out/,
    ],
    ["an issuer over http", { issuer: "http://id.example.com", claims: sub }, "issuer", /https/],
    ["a SPIFFE trust domain without its keys", { issuer: "spiffe://acme.example", claims: sub }, "jwks", /looked up/],
    ["keys that are none", { jwks: '{"keys":[{}]}', claims: sub }, "jwks", /no key/],
    ["a private key among them", { jwks: '{"keys":[{"kty":"EC","d":"x"}]}', claims: sub }, "jwks", /private/],
  ])("%s", async (_, change, member, message) => {
    const [client] = [await workspace.addClient()];
    const input = { clientId: client.id, issuer: "https://id.example.com", ...change };
    const { userErrors } = await workspace.admin.mutate("createFederatedCredential", input, "__typename");
    expect(userErrors).toMatchObject([{ code: "INVALID_INPUT" }]);
    expect(userErrors[0]?.path.includes(member)).toBe(true);
    expect(JSON.stringify(userErrors)).toMatch(message);
  });

  test("the same trust twice", async () => {
    const client = await workspace.addClient();
    await trust(client, "https://id.example.com", { sub: "a" });
    const input = { clientId: client.id, issuer: "https://id.example.com", claims: sub };
    const { userErrors } = await workspace.admin.mutate("createFederatedCredential", input, "__typename");
    expect(userErrors).toMatchObject([{ code: "ALREADY_EXISTS" }]);
  });
});

describe("jwks_uri (RFC 7591 §2) and whose audience an assertion names", () => {
  const own = async (client: StoryClient, { kid, privateKey }: Pair, claims: object = {}) =>
    sign(
      { kid, privateKey },
      { iss: client.clientId, sub: client.clientId, aud: workspace.issuer, jti: randomUUID(), ...claims },
    );
  const register = (client: StoryClient, input: object) =>
    workspace.admin.mutate(
      "createClientKey",
      { clientId: client.id, ...input },
      "clientKey { id kid publicJwk jwksUri }",
    );

  test("keys at the client's own address, rotated under way → tokens; the log names the address's row", async () => {
    const [client, first, second] = [await workspace.addClient(), pair("a1"), pair("a2")];
    const jwksUri = `${platform.origin}/clients/keys`;
    answers.set("/clients/keys", json({ keys: [await first.jwk] }));
    const { clientKey } = (await register(client, { jwksUri })) as unknown as { clientKey: { id: string } };
    expect(clientKey).toMatchObject({ kid: null, publicJwk: null, jwksUri });
    expect((await present(client, await own(client, first))).status).toBe(200);
    answers.set("/clients/keys", json({ keys: [await first.jwk, await second.jwk] }));
    expect((await present(client, await own(client, second))).status).toBe(200);
    expect([visits.length, (await newest()).credentialId]).toEqual([2, clientKey.id]);
    for (let guess = 0; guess < 5; guess++)
      expect((await present(client, await own(client, pair(`g${guess}`)))).status).toBe(401);
    expect(visits).toHaveLength(2);
  });

  test("both a key and an address, neither, or an address that is none → refused by name", async () => {
    const client = await workspace.addClient();
    const jwksUri = "https://client.example.com/jwks.json";
    for (const input of [
      { publicKey: "x", jwksUri },
      {},
      { jwksUri: "http://client.example.com" },
      { jwksUri: "https://u:p@x" },
    ])
      expect((await register(client, input)).userErrors).toMatchObject([{ code: "INVALID_INPUT" }]);
  });

  test("an assertion for the token endpoint → only where the client's switch is on", async () => {
    const [client, key] = [await workspace.addClient(), pair("s1")];
    await register(client, { publicKey: JSON.stringify(await key.jwk) });
    const legacy = () => own(client, key, { aud: client.tokenEndpoint });
    const refused = await present(client, await legacy());
    expect([refused.status, refused.json()["error_description"]]).toEqual([401, expect.stringMatching(/'aud'/)]);
    const set = (tokenEndpointAudience: string | null) =>
      workspace.admin.must("updateClientSettings", { clientId: client.id, tokenEndpointAudience }, "client { id }");
    await set("ACCEPTED");
    expect((await present(client, await legacy())).status).toBe(200);
    await set(null);
    expect((await present(client, await legacy())).status).toBe(401);
  });
});

describe("incident 6: what an address leads to", () => {
  // All notations are tried at the door itself: apps/server/src/egress/fetch-document.test.ts.
  const hosts = [
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "[::1]",
    "[::ffff:7f00:1]",
    "169.254.169.254",
    "10.0.0.1",
    "LOCALHOST",
  ];
  test.each(hosts)("%s as jwks_uri and as issuer → never asked, 401, and the log says why", async (host) => {
    const client = await workspace.addClient();
    const address = `https://${host}:${platform.port + 1}`;
    const input = { clientId: client.id, jwksUri: `${address}/jwks.json` };
    await workspace.admin.must("createClientKey", input, "clientKey { id }");
    const key = pair("x1");
    const claims = { iss: client.clientId, sub: client.clientId, aud: workspace.issuer, jti: randomUUID() };
    expect((await present(client, await sign(key, claims))).status).toBe(401);
    expect(await newest()).toMatchObject({ reason: "key_set_unavailable", evidence: { problem: "not_public" } });
    await trust(client, address, { sub: "a" });
    expect((await present(client, await sign(key, { iss: address, aud: workspace.issuer, sub: "a" }))).status).toBe(
      401,
    );
    expect(await newest()).toMatchObject({
      reason: "key_set_unavailable",
      evidence: { problem: "not_public", address },
    });
  });

  test("a redirect, another issuer in the document, a page, 300 KiB → 401, told apart in the log", async () => {
    const key = pair("x2");
    const seen: unknown[] = [];
    const bad: readonly RequestListener[] = [
      (_, response) => response.writeHead(302, { Location: "https://169.254.169.254/" }).end(),
      json({ issuer: "https://evil.example", jwks_uri: `${platform.origin}/clients/keys` }),
      (_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("{}"),
      json({ keys: "k".repeat(300_000) }),
    ];
    for (const answer of bad) {
      const [issuer, client] = [newIssuer(), await workspace.addClient()];
      answers.set(`${new URL(issuer).pathname}/.well-known/openid-configuration`, answer);
      await trust(client, issuer, { sub: "a" });
      const { status } = await present(client, await sign(key, { iss: issuer, aud: workspace.issuer, sub: "a" }));
      seen.push([status, (await newest()).evidence["problem"]]);
    }
    expect(seen).toEqual([
      [401, "redirect"],
      [401, "issuer_differs"],
      [401, "type"],
      [401, "too_large"],
    ]);
  });

  test("the right issuer in the document, and its jwks_uri leads inside → never asked there, 401", async () => {
    const [issuer, client, key] = [newIssuer(), await workspace.addClient(), pair("x4")];
    await trust(client, issuer, { sub: "a" });
    const inside = `https://127.0.0.1:${platform.port}/jwks`;
    answers.set(`${new URL(issuer).pathname}/.well-known/openid-configuration`, json({ issuer, jwks_uri: inside }));
    answers.set("/jwks", json({ keys: [await key.jwk] }));
    const { status } = await present(client, await sign(key, { iss: issuer, aud: workspace.issuer, sub: "a" }));
    expect([status, (await newest()).evidence["problem"]]).toEqual([401, "not_public"]);
    expect(visits).toEqual([`${new URL(issuer).pathname}/.well-known/openid-configuration`]);
  });

  test("a host that never answers → its client waits and is refused, while another one gets its tokens", async () => {
    const [issuer, slow, quick] = [newIssuer(), await workspace.addClient(), await workspace.addClient()];
    answers.set(`${new URL(issuer).pathname}/.well-known/openid-configuration`, () => undefined);
    await trust(slow, issuer, { sub: "a" });
    let isDone = false;
    const token = await sign(pair("x3"), { iss: issuer, aud: workspace.issuer, sub: "a" });
    const waiting = present(slow, token).then(({ status }) => {
      isDone = true;
      return status;
    });
    for (let again = 0; again < 5; again++) expect((await askToken(quick)).status).toBe(200);
    expect(isDone).toBe(false);
    expect(await waiting).toBe(401);
    expect((await newest()).evidence["problem"]).toBe("slow");
  });
});

describe("token exchange (RFC 8693)", () => {
  const grantType = "urn:ietf:params:oauth:grant-type:token-exchange";
  const ofType = (name: string) => `urn:ietf:params:oauth:token-type:${name}`;
  const allow = (client: StoryClient, tokenExchange: string | null) =>
    workspace.admin.must("updateClientSettings", { clientId: client.id, tokenExchange }, "client { id }");
  const exchange = (client: StoryClient, subject_token: string, more: Readonly<Record<string, string>> = {}) =>
    post(
      client.tokenEndpoint,
      { grant_type: grantType, subject_token, subject_token_type: ofType("access_token"), ...more },
      [basic(client)],
    );
  const resource = () => workspace.resource("orders").identifier;

  test("an own access token → one in its subject's name with who acts, no wider, that ends with it", async () => {
    const caller = await workspace.addClient({ grants: { orders: ["read", "write"] } });
    const gateway = await workspace.addClient({ grants: { orders: ["read"] } });
    const subject = await fetchToken(caller);
    expect((await exchange(gateway, subject)).json()["error"]).toBe("unauthorized_client");
    await allow(gateway, "ALLOWED");
    const answer = await exchange(gateway, subject);
    expect(answer.json()).toMatchObject({
      issued_token_type: ofType("access_token"),
      scope: "read",
      token_type: "Bearer",
    });
    const token = remember(String(answer.json()["access_token"]));
    const { claims } = decodeJwt(token);
    const { exp } = decodeJwt(subject).claims;
    expect(claims).toMatchObject({
      sub: caller.clientId,
      client_id: gateway.clientId,
      aud: resource(),
      act: { sub: gateway.clientId },
    });
    expect(Number(claims["exp"])).toBeLessThanOrEqual(Number(exp));
    for (const [parameters, error] of [
      [{ scope: "write" }, "invalid_scope"],
      [{ resource: "https://other.example" }, "invalid_target"],
      [{ subject_token_type: ofType("saml2") }, "invalid_request"],
      [{ actor_token: subject, actor_token_type: ofType("access_token") }, "invalid_request"],
    ] as const)
      expect((await exchange(gateway, subject, parameters)).json()["error"]).toBe(error);
    // It dies with whom it acts for.
    await workspace.admin.must("disableClient", { id: caller.id }, "client { id }");
    const introspected = await post(`${workspace.issuer}/oauth2/introspect`, { token }, [basic(gateway)]);
    expect(introspected.json()).toEqual({ active: false });
    expect((await exchange(gateway, subject)).json()["error"]).toBe("invalid_request");
  });

  test("a platform's token that the client trusts → one in the client's name; the workload acts", async () => {
    const [issuer, key, client] = [newIssuer(), pair("k1"), await workspace.addClient()];
    await publish(issuer, key);
    await trust(client, issuer, { sub: job(issuer).sub });
    await allow(client, "ALLOWED");
    const more = { subject_token_type: ofType("jwt") };
    const answer = await exchange(client, await sign(key, job(issuer)), more);
    expect(decodeJwt(String(answer.json()["access_token"])).claims).toMatchObject({
      sub: client.clientId,
      act: { iss: issuer, sub: job(issuer).sub },
    });
    const missed = await exchange(client, await sign(key, { ...job(issuer), sub: "else" }), more);
    expect(missed.json()["error"]).toBe("invalid_request");
    expect(await newest()).toMatchObject({
      reason: "subject_token_refused",
      evidence: { why: "federated_rule_missed" },
    });
  });

  test("a token of another workspace → refused, whatever the client may do here", async () => {
    const there = await world.tenant().workspace().resource("orders", ["read"]).client();
    const client = await workspace.addClient();
    await allow(client, "ALLOWED");
    expect((await exchange(client, await fetchToken(there))).json()["error"]).toBe("invalid_request");
    expect((await newest()).evidence["why"]).toBe("unknown_key");
  });

  test("a workspace that refuses it → nobody may, whatever a client says; metadata leaves it out", async () => {
    const story = await world.tenant().workspace().resource("orders", ["read"]).client();
    const { admin, id, issuer } = story.workspace;
    const grants = async () => {
      const answer = await fetch(`${issuer}/.well-known/oauth-authorization-server`);
      return ((await answer.json()) as { grant_types_supported: string[] }).grant_types_supported;
    };
    expect(await grants()).toContain(grantType);
    await admin.must("updateClientSettings", { clientId: story.id, tokenExchange: "ALLOWED" }, "client { id }");
    await admin.must("updateWorkspaceSettings", { workspaceId: id, tokenExchange: "REFUSED" }, "workspace { id }");
    expect((await exchange(story, await fetchToken(story))).json()["error"]).toBe("unauthorized_client");
    expect(await grants()).toEqual(["client_credentials"]);
  });
});

import { X509Certificate } from "node:crypto";
import { crc32 } from "node:zlib";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificates } from "../support/certificates.ts";
import { freePort } from "../support/free-port.ts";
import { type Answer, send } from "../support/http.ts";
import {
  manage,
  newInitialAccessToken,
  type Registered,
  register,
  registeredIn,
  sendJson,
} from "../support/registration.ts";
import { askToken, bearer, decodeJwt, fetchToken, post } from "../support/token.ts";
import { type StoryWorkspace, useWorld } from "../support/world.ts";

const made = certificates();
const own = made.make({ subject: "/CN=localhost", names: "DNS:localhost,IP:127.0.0.1" });
const mtlsPort = await freePort();
const world = useWorld({
  MTLS_PORT: String(mtlsPort),
  MTLS_CERT_FILE: own.certFile,
  MTLS_KEY_FILE: own.keyFile,
});
afterAll(() => made.remove());

let workspace: StoryWorkspace;
/** Of another tenant. */
let stranger: StoryWorkspace;
/** May register anything that the workspace allows. */
let initial: string;
beforeAll(async () => {
  const story = () => world.tenant().workspace().resource("orders", ["read", "write"]).resource("stock", ["read"]);
  [workspace, stranger] = [await story().ready(), await story().ready()];
  initial = (await newInitialAccessToken(workspace)).value;
});

const newRegistration = async (document: object = {}): Promise<Registered> =>
  registeredIn(await register(workspace, initial, document));
const credentialsOf = ({ client_id: clientId, client_secret: clientSecret = "" }: Registered) => ({
  clientId,
  clientSecret,
  tokenEndpoint: `${workspace.issuer}/oauth2/token`,
});
const errorOf = (answer: Answer) => [answer.status, answer.json()["error"]];
const invalid = [400, "invalid_client_metadata"];
const orders = () => workspace.resource("orders").identifier;
const publicJwk = async (alg = "ES256"): Promise<JWK> => exportJWK((await generateKeyPair(alg)).publicKey);

/** The same token with another random part, and the checksum that belongs to it. */
function forged(token: string): string {
  const body = token.slice(0, 34) + "0".repeat(43);
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  let checksum = "";
  for (let rest = crc32(body); checksum.length < 6; rest = Math.floor(rest / 62))
    checksum = digits[rest % 62] + checksum;
  return body + checksum;
}

/** The administrators' view of a client, by its `client_id`, which is its id. */
async function seen(id: string) {
  const document = `query ($id: ID!) { node(id: $id) { ... on Client { name status
    registration { revokedAt initialAccessTokenName }
    grants { id resource { identifier } scopes }
    credentials(first: 50) { nodes { id hint expiresAt revokedAt ... on ClientKey { kid } } } } } }`;
  const { node } = (await workspace.admin.run(document, { id })) as { node: Seen | null };
  return node;
}
interface Seen {
  readonly name: string;
  readonly registration: { readonly revokedAt: string | null; readonly initialAccessTokenName: string } | null;
  readonly grants: readonly { readonly id: string; readonly resource: { identifier: string }; scopes: string[] }[];
  readonly credentials: {
    readonly nodes: readonly { id: string; expiresAt: string | null; revokedAt: string | null; kid?: string }[];
  };
}

/** A workspace's newest audit entries. */
async function audited({ id, admin }: StoryWorkspace, first = 3) {
  const document = `query ($id: ID!, $first: Int!) { node(id: $id) { ... on Workspace { auditEntries(first: $first) {
    nodes { type outcome actor actorName clientName body } } } } }`;
  const { node } = (await admin.run(document, { id, first })) as {
    node: { auditEntries: { nodes: Readonly<Record<string, unknown>>[] } };
  };
  return node.auditEntries.nodes;
}

describe("a client registers itself (RFC 7591 §3.2.1)", () => {
  test("an empty document → 201 with id, secret, both instants, address, token and the defaults of §2", async () => {
    const before = Math.floor(Date.now() / 1000);
    const answer = await register(workspace, initial, {});
    expect(answer.headers).toMatchObject({
      "content-type": "application/json",
      "cache-control": "no-store",
      pragma: "no-cache",
    });
    const registered = registeredIn(answer);
    expect(answer.status).toBe(201);
    expect(registered).toEqual({
      client_id: expect.stringMatching(/^cli_[0-9A-Za-z]{14}$/),
      client_id_issued_at: expect.any(Number),
      client_secret: expect.stringMatching(/^mms_[0-9A-Za-z]{49}$/),
      client_secret_expires_at: 0,
      registration_access_token: expect.stringMatching(/^mmr_[0-9A-Za-z]{79}$/),
      registration_client_uri: `${workspace.issuer}/oauth2/register/${registered.client_id}`,
      token_endpoint_auth_method: "client_secret_basic",
      grant_types: ["client_credentials"],
      response_types: [],
      scope: "read write",
      resource: [orders(), workspace.resource("stock").identifier].sort(),
    });
    expect(Number(registered["client_id_issued_at"])).toBeGreaterThanOrEqual(before);
  });

  test("what it registered → a token for exactly what was granted, by exactly its method", async () => {
    const registered = await newRegistration({
      client_name: "Reports",
      token_endpoint_auth_method: "client_secret_basic",
      scope: "read",
      resource: [orders()],
    });
    const token = await fetchToken(credentialsOf(registered));
    expect(decodeJwt(token).claims).toMatchObject({ aud: orders(), scope: "read", client_id: registered.client_id });
    const { tokenEndpoint, clientId, clientSecret } = credentialsOf(registered);
    const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
    expect((await post(tokenEndpoint, form)).status).toBe(401);
  });

  test("no method said → the secret is good in the header and in the body", async () => {
    const registered = await newRegistration({ scope: "read", resource: orders() });
    const { tokenEndpoint, clientId, clientSecret } = credentialsOf(registered);
    const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
    expect((await post(tokenEndpoint, form)).status).toBe(200);
    expect((await askToken(credentialsOf(registered))).status).toBe(200);
  });

  test("private_key_jwt with jwks → no secret, and a token by the key that it registered", async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: "one", use: "sig", x_note: "dropped" }] };
    const registered = await newRegistration({ token_endpoint_auth_method: "private_key_jwt", jwks, scope: "write" });
    expect(registered).not.toHaveProperty("client_secret");
    expect(registered).not.toHaveProperty("client_secret_expires_at");
    expect(registered["jwks"]).toEqual({ keys: [{ ...(await exportJWK(publicKey)), kid: "one" }] });
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: "ES256", kid: "one" })
      .setIssuer(registered.client_id)
      .setSubject(registered.client_id)
      .setAudience(workspace.issuer)
      .setExpirationTime("1m")
      .setJti(registered.client_id)
      .sign(privateKey);
    const answer = await post(`${workspace.issuer}/oauth2/token`, {
      grant_type: "client_credentials",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion,
    });
    expect([answer.status, answer.json()["scope"]]).toEqual([200, "write"]);
  });

  test("private_key_jwt with jwks_uri → registered, and nobody is asked now", async () => {
    const jwks_uri = "https://keys.example.com/reports.json";
    const registered = await newRegistration({ token_endpoint_auth_method: "private_key_jwt", jwks_uri });
    expect(registered).toMatchObject({ jwks_uri });
    expect(registered).not.toHaveProperty("jwks");
  });

  test("tls_client_auth by one name, self_signed_tls_client_auth by x5c (RFC 8705 §2) → registered", async () => {
    const byName = await newRegistration({
      token_endpoint_auth_method: "tls_client_auth",
      tls_client_auth_san_dns: "Reports.example.com",
    });
    expect(byName).toMatchObject({ tls_client_auth_san_dns: "reports.example.com" });
    const x509 = new X509Certificate(made.make({ subject: "/CN=reports" }).cert);
    const jwk = { ...x509.publicKey.export({ format: "jwk" }), x5c: [x509.raw.toString("base64")] };
    const document = { token_endpoint_auth_method: "self_signed_tls_client_auth", jwks: { keys: [jwk] } };
    expect(await newRegistration(document)).toMatchObject({ jwks: { keys: [jwk] } });
    const other = { ...(await publicJwk()), x5c: jwk.x5c };
    expect(errorOf(await register(workspace, initial, { ...document, jwks: { keys: [other] } }))).toEqual(invalid);
  });

  test("bound tokens (RFC 9449 §5.2) → required of it, and said", async () => {
    const registered = await newRegistration({ dpop_bound_access_tokens: true, scope: "read", resource: orders() });
    expect(registered).toMatchObject({ dpop_bound_access_tokens: true });
    expect(errorOf(await askToken(credentialsOf(registered)))).toEqual([400, "invalid_request"]);
  });

  test("metadata → name the endpoint once the workspace has made a token for it (RFC 8414 §2)", async () => {
    const metadataOf = async ({ issuer }: StoryWorkspace) =>
      (await send(`${issuer}/.well-known/oauth-authorization-server`)).json()["registration_endpoint"];
    expect(await metadataOf(workspace)).toBe(`${workspace.issuer}/oauth2/register`);
    expect(await metadataOf(stranger)).toBeUndefined();
  });
});

describe("unknown and privileged members (RFC 7591 §2)", () => {
  test("are ignored and not stored, and a client chooses neither id nor secret", async () => {
    const chosen = {
      client_id: "mine",
      client_secret: "chosen-by-the-client-itself-0123456789",
      client_id_issued_at: 1,
      client_secret_expires_at: 1,
      registration_access_token: "mine",
      id: "cli_00000000000000",
      tenantId: stranger.id,
      workspaceId: stranger.id,
      status: "active",
      roles: ["owner"],
      grants: [{ resourceId: "x", scopes: ["write"] }],
      accessTokenLifetime: 86_400,
      settings: { accessTokenLifetime: 86_400 },
      redirect_uris: ["https://app.example.com/callback"],
      logo_uri: "http://169.254.169.254/",
      contacts: ["secret-contact@example.com"],
      __proto__: { client_name: "x" },
    };
    const registered = await newRegistration({ ...chosen, scope: "read", resource: orders() });
    for (const member of Object.keys(chosen).filter((name) => !/^(client|registration)_/.test(name)))
      expect(registered).not.toHaveProperty(member);
    expect(registered.client_id).not.toBe("mine");
    expect(registered.client_secret).not.toBe(chosen.client_secret);
    const { tokenEndpoint } = credentialsOf(registered);
    expect(
      (await askToken({ tokenEndpoint, clientId: registered.client_id, clientSecret: chosen.client_secret })).status,
    ).toBe(401);
    const token = decodeJwt(await fetchToken(credentialsOf(registered)));
    expect(Number(token.claims["exp"]) - Number(token.claims["iat"])).toBe(900);
    const read = await manage("GET", registered);
    expect(read.body).not.toMatch(/secret-contact|169\.254|redirect_uris/);
  });

  test("a software statement → unapproved_software_statement, whatever stands in it (§3.2.2)", async () => {
    const answer = await register(workspace, initial, { software_statement: "a.b.c" });
    expect(errorOf(answer)).toEqual([400, "unapproved_software_statement"]);
  });
});

describe("metadata that are not to be had → 400 invalid_client_metadata (RFC 7591 §3.2.2)", () => {
  const key = { kty: "EC", crv: "P-256", x: "AA", y: "AA" };
  test.each<readonly [string, () => Promise<object> | object, RegExp]>([
    [
      "jwks and jwks_uri both",
      async () => ({ jwks: { keys: [await publicJwk()] }, jwks_uri: "https://k.example.com/" }),
      /jwks/,
    ],
    [
      "a private key",
      async () => ({
        jwks: { keys: [await exportJWK((await generateKeyPair("ES256", { extractable: true })).privateKey)] },
      }),
      /private/,
    ],
    ["a secret key", () => ({ jwks: { keys: [{ kty: "oct", k: "AAAA" }] } }), /private or secret/],
    ["a key that is none", () => ({ token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [key] } }), /no key/],
    ["no key where one is needed", () => ({ token_endpoint_auth_method: "private_key_jwt" }), /jwks.*needed/],
    ["no keys in the set", () => ({ token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [] } }), /no key/],
    ["eleven keys", () => ({ jwks: { keys: Array.from({ length: 11 }, () => key) } }), /more than 10/],
    [
      "one key twice",
      async () => {
        const jwk = await publicJwk();
        return {
          token_endpoint_auth_method: "private_key_jwt",
          jwks: {
            keys: [
              { ...jwk, kid: "a" },
              { ...jwk, kid: "b" },
            ],
          },
        };
      },
      /twice/,
    ],
    ["jwks of another type", () => ({ jwks: "keys" }), /wrong type/],
    ["jwks_uri without TLS", () => ({ jwks_uri: "http://keys.example.com/" }), /https/],
    ["jwks_uri with a user", () => ({ jwks_uri: "https://me:secret@keys.example.com/" }), /https/],
    ["authorization_code", () => ({ grant_types: ["authorization_code"] }), /grant_types/],
    [
      "refresh_token beside client_credentials",
      () => ({ grant_types: ["client_credentials", "refresh_token"] }),
      /grant_types/,
    ],
    [
      "token exchange where the workspace has none",
      () => ({ grant_types: ["client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange"] }),
      /grant_types/,
    ],
    ["a response type", () => ({ response_types: ["code"] }), /response_types/],
    ["no authentication", () => ({ token_endpoint_auth_method: "none" }), /token_endpoint_auth_method/],
    ["client_secret_jwt", () => ({ token_endpoint_auth_method: "client_secret_jwt" }), /token_endpoint_auth_method/],
    ["our own name of a method", () => ({ token_endpoint_auth_method: "federated_jwt" }), /token_endpoint_auth_method/],
    [
      "two names of a certificate",
      () => ({
        token_endpoint_auth_method: "tls_client_auth",
        tls_client_auth_san_dns: "a.example.com",
        tls_client_auth_san_ip: "192.0.2.1",
      }),
      /excludes/,
    ],
    [
      "a wildcard",
      () => ({ token_endpoint_auth_method: "tls_client_auth", tls_client_auth_san_dns: "*.example.com" }),
      /no name/,
    ],
    ["a name of 101 characters", () => ({ client_name: "x".repeat(101) }), /client_name.*100/],
    ["a name with an unseen character", () => ({ client_name: "a\u202eb" }), /client_name/],
    ["a name of another type", () => ({ client_name: 7 }), /client_name/],
    ["a scope beyond the ceiling", () => ({ scope: "read delete" }), /scope.*Possible: read, write/],
    [
      "a scope of another resource",
      () => ({ scope: "write", resource: workspace.resource("stock").identifier }),
      /scope/,
    ],
    ["a scope outside the grammar", () => ({ scope: "read  write" }), /scope/],
    ["a resource beyond the ceiling", () => ({ resource: "https://elsewhere.example.com/" }), /resource/],
    ["a flag that is a text", () => ({ dpop_bound_access_tokens: "true" }), /dpop_bound/],
  ])("%s", async (_, document, said) => {
    const answer = await register(workspace, initial, await document());
    expect(errorOf(answer)).toEqual(invalid);
    expect(String(answer.json()["error_description"])).toMatch(said);
  });
});

describe("what is no registration request", () => {
  test.each<readonly [string, object | string, readonly (readonly [string, string])[], readonly [number, string]]>([
    ["a form", "client_name=x", [["Content-Type", "application/x-www-form-urlencoded"]], [400, "invalid_request"]],
    ["no content type", "{}", [], [400, "invalid_request"]],
    [
      "two content types",
      "{}",
      [
        ["Content-Type", "application/json"],
        ["Content-Type", "application/json"],
      ],
      [400, "invalid_request"],
    ],
    ["another character set", "{}", [["Content-Type", "application/json; charset=utf-16"]], [400, "invalid_request"]],
    ["a list", "[]", [["Content-Type", "application/json"]], [400, "invalid_request"]],
    ["half an object", '{"scope":', [["Content-Type", "application/json"]], [400, "invalid_request"]],
    [
      "a member twice",
      '{"scope":"read","scope":"write"}',
      [["Content-Type", "application/json"]],
      [400, "invalid_request"],
    ],
    [
      "a member twice, deep inside",
      '{"jwks":{"keys":[{"kty":"EC","kty":"RSA"}]}}',
      [["Content-Type", "application/json"]],
      [400, "invalid_request"],
    ],
    [
      "a compressed body",
      "{}",
      [
        ["Content-Type", "application/json"],
        ["Content-Encoding", "gzip"],
      ],
      [400, "invalid_request"],
    ],
    [
      "64 KiB and a byte",
      `{"x":"${"y".repeat(65_536 - 7)}"}`,
      [["Content-Type", "application/json"]],
      [413, "invalid_request"],
    ],
  ])("%s → refused", async (_, body, headers, expected) => {
    expect(errorOf(await register(workspace, initial, body, headers))).toEqual(expected);
  });

  test("exactly 64 KiB, nested as deep as it goes → read", async () => {
    const body = `{"x":${"[".repeat(32_765)}${"]".repeat(32_765)}}`;
    expect((await register(workspace, initial, body)).status).toBe(201);
  });

  test("another verb → 405 with Allow; a registration has three", async () => {
    const registered = await newRegistration();
    const verbs = async (url: string, method: string) => {
      const { status, headers } = await send(url, { method, headers: [bearer(initial)] });
      return [status, headers["allow"]];
    };
    for (const method of ["GET", "PUT", "DELETE"])
      expect(await verbs(`${workspace.issuer}/oauth2/register`, method)).toEqual([405, "POST"]);
    for (const method of ["POST", "PATCH"])
      expect(await verbs(registered.registration_client_uri, method)).toEqual([405, "GET, PUT, DELETE"]);
  });
});

describe("an initial access token is required (RFC 7591 §3)", () => {
  test("none → 401 without an error in the challenge; another scheme → 401 that names Bearer (RFC 6750 §3)", async () => {
    const none = await register(workspace, undefined);
    expect([none.status, none.headers["www-authenticate"]]).toEqual([401, `Bearer realm="${workspace.issuer}"`]);
    const headers = [
      ["Content-Type", "application/json"],
      ["Authorization", `Basic ${initial}`],
    ] as const;
    const other = await register(workspace, undefined, {}, headers);
    expect([other.status, other.headers["www-authenticate"]]).toEqual([
      401,
      expect.stringMatching(/^Bearer .*invalid_token/),
    ]);
  });

  test("unknown, mistyped, ended, revoked, used up, another workspace's, an access token → one and the same 401", async () => {
    const used = await newInitialAccessToken(workspace, { uses: 1 });
    registeredIn(await register(workspace, used.value));
    const revoked = await newInitialAccessToken(workspace);
    await workspace.admin.must("revokeInitialAccessToken", { id: revoked.id }, "initialAccessToken { revokedAt }");
    const ended = await newInitialAccessToken(workspace, { expiresAt: new Date(Date.now() + 1500).toISOString() });
    registeredIn(await register(workspace, ended.value));
    const registered = await newRegistration({ scope: "read", resource: orders() });
    const foreign = await newInitialAccessToken(stranger);
    const sibling = await world.tenant().workspace().ready();
    await new Promise((resolve) => setTimeout(resolve, 1600));
    const wrong = [
      "x",
      initial.slice(0, -1) + (initial.endsWith("0") ? "1" : "0"),
      ended.value,
      revoked.value,
      used.value,
      foreign.value,
      (await newInitialAccessToken(sibling)).value,
      registered.registration_access_token,
      await fetchToken(credentialsOf(registered)),
    ];
    const alike = async (token: string) => {
      const { status, headers, body } = await register(workspace, token, {});
      const { correlation_id: _, error_uri: __, ...members } = JSON.parse(body) as Record<string, unknown>;
      const { date, "x-correlation-id": ___, "content-length": ____, ...others } = headers;
      return { status, members, others };
    };
    const answers = [];
    for (const token of wrong) answers.push(await alike(token));
    expect(answers[0]).toMatchObject({ status: 401, members: { error: "invalid_token" } });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  test("a token that names its row and has the right checksum, but not its random part → 401, for both kinds", async () => {
    expect(errorOf(await register(workspace, forged(initial)))).toEqual([401, "invalid_token"]);
    const registered = await newRegistration();
    const token = forged(registered.registration_access_token);
    for (const method of ["GET", "DELETE"] as const)
      expect(errorOf(await manage(method, registered, undefined, token))).toEqual([401, "invalid_token"]);
    expect((await manage("GET", registered)).status).toBe(200);
  });

  test("[A9] forty at once with seven uses left → exactly seven clients, and every other is told 401", async () => {
    const { id, value } = await newInitialAccessToken(workspace, { uses: 7, name: "Seven" });
    const answers = await Promise.all(Array.from({ length: 40 }, () => register(workspace, value)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(7);
    expect(statuses.filter((status) => ![201, 401, 429].includes(status))).toEqual([]);
    const ids = answers.filter(({ status }) => status === 201).map((answer) => registeredIn(answer).client_id);
    expect(new Set(ids).size).toBe(7);
    const document = "query ($id: ID!) { node(id: $id) { ... on InitialAccessToken { usesLeft } } }";
    expect(await workspace.admin.run(document, { id })).toEqual({ node: { usesLeft: 0 } });
  });

  test("a refused registration → costs no use", async () => {
    const { value } = await newInitialAccessToken(workspace, { uses: 1 });
    for (const document of [{ scope: "nonsense" }, { client_name: "x".repeat(101) }])
      expect(errorOf(await register(workspace, value, document))).toEqual(invalid);
    expect((await register(workspace, value)).status).toBe(201);
  });

  test("revoked → its clients stay, with their registrations", async () => {
    const { id, value } = await newInitialAccessToken(workspace);
    const registered = registeredIn(await register(workspace, value, { scope: "read", resource: orders() }));
    await workspace.admin.must("revokeInitialAccessToken", { id }, "initialAccessToken { revokedAt }");
    expect((await askToken(credentialsOf(registered))).status).toBe(200);
    expect((await manage("GET", registered)).status).toBe(200);
  });

  test("a workspace that is suspended → nobody registers; a client may still go", async () => {
    const tenant = await world.tenant().ready();
    const there = await world.tenant(tenant).workspace().ready();
    const { value } = await newInitialAccessToken(there);
    const registered = registeredIn(await register(there, value));
    await tenant.admin.must("suspendWorkspace", { id: there.id }, "workspace { status }");
    expect(errorOf(await register(there, value))).toEqual([400, "unauthorized_client"]);
    expect((await manage("DELETE", registered)).status).toBe(204);
  });
});

describe("what the token allows is the most that a client gets", () => {
  test("a method that it does not allow → 400, by name and by default; one that it allows → registered", async () => {
    const { value } = await newInitialAccessToken(workspace, { methods: ["PRIVATE_KEY_JWT"] });
    for (const document of [{}, { token_endpoint_auth_method: "client_secret_post" }])
      expect(errorOf(await register(workspace, value, document))).toEqual(invalid);
    const jwks = { keys: [await publicJwk()] };
    expect((await register(workspace, value, { token_endpoint_auth_method: "private_key_jwt", jwks })).status).toBe(
      201,
    );
  });

  test("a method that the workspace forbids → 400, whatever the token says", async () => {
    const there = await world.tenant().workspace().ready();
    await there.admin.must(
      "updateWorkspaceSettings",
      { workspaceId: there.id, clientAuthenticationMethods: ["PRIVATE_KEY_JWT"] },
      "workspace { id }",
    );
    const { value } = await newInitialAccessToken(there, { methods: ["CLIENT_SECRET_BASIC", "PRIVATE_KEY_JWT"] });
    expect(errorOf(await register(there, value))).toEqual(invalid);
  });

  test("nothing may be granted → a client without access; anything asked for → 400", async () => {
    const { value } = await newInitialAccessToken(workspace, { ceiling: {} });
    const registered = registeredIn(await register(workspace, value));
    expect(registered).not.toHaveProperty("scope");
    expect((await seen(registered.client_id))?.grants).toEqual([]);
    expect(errorOf(await register(workspace, value, { scope: "read" }))).toEqual(invalid);
  });

  test("a part of one resource → that part alone, said or not", async () => {
    const { value } = await newInitialAccessToken(workspace, { ceiling: { orders: ["read"] } });
    expect(registeredIn(await register(workspace, value))).toMatchObject({ scope: "read", resource: [orders()] });
    for (const document of [{ scope: "write" }, { resource: workspace.resource("stock").identifier }])
      expect(errorOf(await register(workspace, value, document))).toEqual(invalid);
  });

  test("a lifetime of its secrets → said, and kept", async () => {
    const { value } = await newInitialAccessToken(workspace, { clientSecretLifetime: 7 });
    const registered = registeredIn(await register(workspace, value));
    const inAWeek = Date.now() / 1000 + 7 * 86_400;
    expect(Math.abs(Number(registered["client_secret_expires_at"]) - inAWeek)).toBeLessThan(60);
    const [secret] = (await seen(registered.client_id))?.credentials.nodes ?? [];
    expect(Math.floor(Date.parse(secret?.expiresAt ?? "") / 1000)).toBe(registered["client_secret_expires_at"]);
  });

  test("[C4] in the admin workspace → none can be made", async () => {
    const { admin } = workspace;
    const { workspace: own } = (await admin.run('{ workspace(slug: "admin") { id } }')) as {
      workspace: { id: string };
    };
    const input = { workspaceId: own.id, name: "Registrar", uses: 1, ceiling: [] };
    const answer = await admin.mutate("createInitialAccessToken", input, "__typename");
    expect(answer.userErrors).toMatchObject([{ code: "PROTECTED" }]);
  });
});

describe("a client manages its registration (RFC 7592)", () => {
  test("GET → the registration as it is, with the token that was shown and no secret (§2.1, §3)", async () => {
    const registered = await newRegistration({ client_name: "Reports" });
    const answer = await manage("GET", registered);
    const { client_secret: _, ...others } = registered;
    expect([answer.status, answer.json()]).toEqual([200, others]);
    expect(answer.headers).toMatchObject({ "cache-control": "no-store", pragma: "no-cache" });
  });

  test("PUT → the whole registration is another one: name, method, keys, less scope (§2.2)", async () => {
    const registered = await newRegistration({ client_name: "Before", resource: orders() });
    const jwk = await publicJwk();
    const document = {
      client_id: registered.client_id,
      client_secret: registered.client_secret,
      client_name: "After",
      token_endpoint_auth_method: "private_key_jwt",
      jwks: { keys: [{ ...jwk, kid: "next" }] },
      scope: "read",
    };
    const answer = await manage("PUT", registered, document);
    expect([answer.status, answer.json()]).toEqual([
      200,
      {
        client_id: registered.client_id,
        client_id_issued_at: registered["client_id_issued_at"],
        registration_access_token: registered.registration_access_token,
        registration_client_uri: registered.registration_client_uri,
        client_name: "After",
        token_endpoint_auth_method: "private_key_jwt",
        grant_types: ["client_credentials"],
        response_types: [],
        scope: "read",
        resource: [orders()],
        jwks: { keys: [{ ...jwk, kid: "next" }] },
      },
    ]);
    expect((await askToken(credentialsOf(registered))).status).toBe(401);
    const client = await seen(registered.client_id);
    expect(client).toMatchObject({ name: "After", grants: [{ resource: { identifier: orders() }, scopes: ["read"] }] });
    const [living, ...over] = client?.credentials.nodes.toSorted((a) => (a.revokedAt ? 1 : -1)) ?? [];
    expect([living?.kid, living?.revokedAt, over.length, over[0]?.revokedAt]).toEqual([
      "next",
      null,
      1,
      expect.any(String),
    ]);
  });

  test("PUT without a name → it has none any more (§2.2: what is left out is deleted)", async () => {
    const registered = await newRegistration({ client_name: "Named" });
    const answer = await manage("PUT", registered, { client_id: registered.client_id });
    expect(answer.json()).not.toHaveProperty("client_name");
    expect((await seen(registered.client_id))?.name).toBe(registered.client_id);
  });

  test("PUT that keeps the method → the secret stays and is not shown again", async () => {
    const registered = await newRegistration({ resource: orders() });
    const answer = await manage("PUT", registered, { client_id: registered.client_id, client_name: "Renamed" });
    expect(answer.json()).not.toHaveProperty("client_secret");
    expect((await askToken(credentialsOf(registered))).status).toBe(200);
  });

  test("PUT back to a secret, or after it was revoked → a new one is made and shown", async () => {
    const jwks = { keys: [await publicJwk()] };
    const registered = await newRegistration({
      token_endpoint_auth_method: "private_key_jwt",
      jwks,
      resource: orders(),
    });
    const answer = registeredIn(await manage("PUT", registered, { client_id: registered.client_id }));
    expect((await askToken(credentialsOf(answer))).status).toBe(200);
    expect(answer).not.toHaveProperty("jwks");
  });

  test("PUT with jwks that share a key → that one stays, others come and go", async () => {
    const [kept, gone, added] = [await publicJwk(), await publicJwk(), await publicJwk()];
    const base = { token_endpoint_auth_method: "private_key_jwt" };
    const registered = await newRegistration({
      ...base,
      jwks: {
        keys: [
          { ...kept, kid: "kept" },
          { ...gone, kid: "gone" },
        ],
      },
    });
    const idOf = async (kid: string) =>
      (await seen(registered.client_id))?.credentials.nodes.find((one) => one.kid === kid && one.revokedAt === null)
        ?.id;
    const before = await idOf("kept");
    const keys = [
      { ...kept, kid: "kept" },
      { ...added, kid: "added" },
    ];
    await manage("PUT", registered, { ...base, client_id: registered.client_id, jwks: { keys } });
    expect([await idOf("kept"), await idOf("gone")]).toEqual([before, undefined]);
    expect(await idOf("added")).toMatch(/^key_/);
  });

  test.each<readonly [string, (of: Registered) => object]>([
    ["without client_id", () => ({})],
    ["with another client_id", () => ({ client_id: "cli_00000000000000" })],
    [
      "with a secret of its own choice",
      (of) => ({ client_id: of.client_id, client_secret: "chosen-by-the-client-itself" }),
    ],
    [
      "with registration_access_token",
      (of) => ({ client_id: of.client_id, registration_access_token: of.registration_access_token }),
    ],
    ["with registration_client_uri", (of) => ({ client_id: of.client_id, registration_client_uri: "https://x" })],
    ["with client_secret_expires_at", (of) => ({ client_id: of.client_id, client_secret_expires_at: 0 })],
    ["with client_id_issued_at", (of) => ({ client_id: of.client_id, client_id_issued_at: 0 })],
    ["with a scope beyond what it has", (of) => ({ client_id: of.client_id, scope: "read write" })],
    [
      "with a resource beyond what it has",
      (of) => ({ client_id: of.client_id, resource: workspace.resource("stock").identifier }),
    ],
  ])("PUT %s → 400, and nothing changed (§2.2)", async (_, document) => {
    const registered = await newRegistration({ scope: "read", resource: orders() });
    const before = (await manage("GET", registered)).body;
    expect(errorOf(await manage("PUT", registered, document(registered)))).toEqual(invalid);
    expect((await manage("GET", registered)).body).toBe(before);
  });

  test("access that an administrator took away → PUT does not bring it back", async () => {
    const registered = await newRegistration({ scope: "read write", resource: orders() });
    await workspace.admin.must(
      "setClientGrant",
      { clientId: registered.client_id, resourceId: workspace.resource("orders").id, scopes: ["read"] },
      "clientGrant { id }",
    );
    const wanted = { client_id: registered.client_id, scope: "read write" };
    expect(errorOf(await manage("PUT", registered, wanted))).toEqual(invalid);
    expect((await manage("GET", registered)).json()["scope"]).toBe("read");
    const less = await manage("PUT", registered, { client_id: registered.client_id });
    expect(less.json()["scope"]).toBe("read");
  });

  test("an administrator narrowed how the client may authenticate → PUT does not widen it, and keeps to it", async () => {
    const registered = await newRegistration({ resource: orders() });
    await workspace.admin.must(
      "updateClientSettings",
      { clientId: registered.client_id, clientAuthenticationMethods: ["CLIENT_SECRET_POST"] },
      "client { id }",
    );
    const as = (method: string) =>
      manage("PUT", registered, { client_id: registered.client_id, token_endpoint_auth_method: method });
    const refused = await as("client_secret_basic");
    expect(errorOf(refused)).toEqual(invalid);
    expect(refused.json()["error_description"]).toContain("client_secret_post");
    const methodOf = (answer: { json(): Readonly<Record<string, unknown>> }) =>
      answer.json()["token_endpoint_auth_method"];
    expect(methodOf(await manage("GET", registered))).toBe("client_secret_post");
    expect(methodOf(await as("client_secret_post"))).toBe("client_secret_post");
    expect(errorOf(await as("client_secret_basic"))).toEqual(invalid);
  });

  test("a credential that an administrator made → PUT leaves it alone", async () => {
    const registered = await newRegistration({ resource: orders() });
    const { clientKey } = await workspace.admin.must(
      "createClientKey",
      { clientId: registered.client_id, publicKey: JSON.stringify(await publicJwk()) },
      "clientKey { id }",
    );
    await manage("PUT", registered, { client_id: registered.client_id });
    const { id } = clientKey as { id: string };
    expect((await seen(registered.client_id))?.credentials.nodes.find((one) => one.id === id)?.revokedAt).toBeNull();
  });

  test("DELETE → 204 and an empty body; its secret, tokens and registration are over (§2.3)", async () => {
    const registered = await newRegistration({ scope: "read", resource: orders() });
    const token = await fetchToken(credentialsOf(registered));
    const reader = await workspace.addClient();
    await workspace.admin.must(
      "addResourceServer",
      { resourceId: workspace.resource("orders").id, clientId: reader.id },
      "resource { id }",
    );
    const answer = await manage("DELETE", registered);
    expect([answer.status, answer.body]).toEqual([204, ""]);
    expect(await seen(registered.client_id)).toBeNull();
    expect((await askToken(credentialsOf(registered))).status).toBe(401);
    const introspected = await post(`${workspace.issuer}/oauth2/introspect`, {
      token,
      client_id: reader.clientId,
      client_secret: reader.clientSecret,
    });
    expect(introspected.json()).toEqual({ active: false });
    for (const method of ["GET", "PUT", "DELETE"] as const)
      expect(errorOf(await manage(method, registered, method === "PUT" ? {} : undefined))).toEqual([
        401,
        "invalid_token",
      ]);
  });

  test("another client's token, an initial one, none, or an unknown client → one and the same 401 (§2.1)", async () => {
    const [one, other] = [await newRegistration(), await newRegistration()];
    const byHand = await workspace.addClient();
    const at = (clientId: string) => ({
      ...one,
      registration_client_uri: `${workspace.issuer}/oauth2/register/${clientId}`,
    });
    const foreignIssuer = one.registration_client_uri.replace(workspace.issuer, stranger.issuer);
    const answers = [
      await manage("GET", one, undefined, other.registration_access_token),
      await manage("GET", one, undefined, initial),
      await manage("GET", at("cli_00000000000000")),
      await manage("GET", at(byHand.clientId)),
      await manage("GET", at("%00")),
      await manage("DELETE", other, undefined, one.registration_access_token),
    ];
    for (const answer of answers) {
      expect(errorOf(answer)).toEqual([401, "invalid_token"]);
      expect(answer.json()["error_description"]).toBe(answers[0]?.json()["error_description"]);
    }
    expect((await sendJson("GET", foreignIssuer, one.registration_access_token, undefined)).status).toBe(401);
    const none = await send(one.registration_client_uri);
    expect([none.status, none.headers["www-authenticate"]]).toEqual([401, `Bearer realm="${workspace.issuer}"`]);
    expect((await manage("GET", other)).status).toBe(200);
  });

  test("a disabled client → 403, and it stays as it is (§2.1, §2.2)", async () => {
    const registered = await newRegistration();
    await workspace.admin.must("disableClient", { id: registered.client_id }, "client { id }");
    for (const method of ["GET", "PUT", "DELETE"] as const) {
      const document = method === "PUT" ? { client_id: registered.client_id } : undefined;
      expect((await manage(method, registered, document)).status).toBe(403);
    }
    expect(await seen(registered.client_id)).toMatchObject({ status: "DISABLED" });
  });

  test("its registration revoked by an administrator → 401 for whoever has its token; the client goes on", async () => {
    const registered = await newRegistration({ resource: orders() });
    await workspace.admin.must("revokeClientRegistration", { id: registered.client_id }, "client { id }");
    for (const method of ["GET", "DELETE"] as const) expect((await manage(method, registered)).status).toBe(401);
    expect((await askToken(credentialsOf(registered))).status).toBe(200);
  });
});

describe("who registered what can be read afterwards", () => {
  test("the audit log → registered by the token, by its name; changed and deleted by the client itself", async () => {
    const { id, value } = await newInitialAccessToken(workspace, { name: "For the pipeline", uses: 1 });
    const registered = registeredIn(
      await register(workspace, value, { client_name: "Build 7", scope: "read", resource: orders() }),
    );
    const clientId = registered.client_id;
    expect((await seen(clientId))?.registration).toEqual({
      revokedAt: null,
      initialAccessTokenName: "For the pipeline",
    });
    await manage("PUT", registered, { client_id: clientId, client_name: "Build 8" });
    const [changed, first, making] = await audited(workspace);
    expect(changed).toMatchObject({
      type: "client.registration-changed",
      outcome: "DONE",
      actor: clientId,
      actorName: "Build 8",
    });
    expect(first).toMatchObject({
      type: "client.registered",
      actor: id,
      actorName: "For the pipeline",
      clientName: "Build 8",
      body: {
        clientId,
        name: "Build 7",
        tokenId: id,
        token: "For the pipeline",
        grants: [{ resourceId: workspace.resource("orders").id, scopes: ["read"] }],
      },
    });
    expect(making).toMatchObject({
      type: "initial-access-token.created",
      body: { tokenId: id, name: "For the pipeline" },
    });
    await manage("DELETE", registered);
    expect((await audited(workspace, 1))[0]).toMatchObject({
      type: "client.deleted",
      actor: clientId,
      body: { clientId, name: "Build 8" },
    });
    expect(JSON.stringify(await audited(workspace, 20))).not.toMatch(/mm[rs]_/);
  });

  test("a refusal → its reason is in the token log under the correlation id of the answer", async () => {
    // Where few were refused before: equal refusals of a minute are counted in one row.
    const there = await world.tenant().workspace().ready();
    const { value } = await newInitialAccessToken(there, { uses: 1 });
    registeredIn(await register(there, value));
    const answer = await register(there, value);
    const document = `query ($id: ID!) { node(id: $id) { ... on Workspace { tokenLog(first: 10) {
      nodes { correlationId reason } } } } }`;
    const { node } = (await there.admin.run(document, { id: there.id })) as {
      node: { tokenLog: { nodes: { correlationId: string; reason: string }[] } };
    };
    const entry = node.tokenLog.nodes.find(({ correlationId }) => correlationId === answer.json()["correlation_id"]);
    expect(entry?.reason).toBe("registration_token_used_up");
  });
});

describe("token exchange (RFC 8693)", () => {
  const exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
  test("where the workspace allows it → who names it gets it, who does not may not", async () => {
    const there = await world.tenant().workspace().resource("orders", ["read"]).ready();
    await there.admin.must(
      "updateWorkspaceSettings",
      { workspaceId: there.id, tokenExchange: "ALLOWED" },
      "workspace { id }",
    );
    const { value } = await newInitialAccessToken(there);
    const grant_types = ["client_credentials", exchange];
    const may = registeredIn(await register(there, value, { grant_types }));
    expect(may["grant_types"]).toEqual(grant_types);
    const mayNot = registeredIn(await register(there, value));
    expect(mayNot["grant_types"]).toEqual(["client_credentials"]);
    const exchanged = async (of: Registered) => {
      const credentials = {
        clientId: of.client_id,
        clientSecret: of.client_secret ?? "",
        tokenEndpoint: `${there.issuer}/oauth2/token`,
      };
      const subject_token = await fetchToken(credentials);
      const subject_token_type = "urn:ietf:params:oauth:token-type:access_token";
      return (await askToken(credentials, { grant_type: exchange, subject_token, subject_token_type })).status;
    };
    expect([await exchanged(may), await exchanged(mayNot)]).toEqual([200, 400]);
    const widened = await manage("PUT", mayNot, { client_id: mayNot.client_id, grant_types });
    expect(errorOf(widened)).toEqual(invalid);
  });
});

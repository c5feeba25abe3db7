import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { Agent, request } from "node:https";
import { calculateJwkThumbprint, createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificates } from "../support/certificates.ts";
import { freePort } from "../support/free-port.ts";
import { type GraphQL, graphqlAs } from "../support/graphql.ts";
import { send } from "../support/http.ts";
import { type Bootstrapped, builtMain, startServer, type TestServer } from "../support/server.ts";
import { askToken, decodeJwt, encodeForm, fetchToken, type Pairs, post } from "../support/token.ts";

const ORIGIN = "https://id.example.com";
const TEMPLATE = "https://{tenant}.eu.example.com";
const issuerOf = (tenant: string, workspace: string) => `https://${tenant}.eu.example.com/${tenant}/${workspace}`;

const made = certificates();
const own = made.make({ subject: "/CN=localhost", names: "DNS:localhost,IP:127.0.0.1" });
const job = made.make({ subject: "/CN=job" });
const mtlsPort = await freePort();
const mtlsOrigin = `https://localhost:${mtlsPort}`;

let server: TestServer;
/** The same address on this machine: every origin leads to the one server, which looks at the path alone. */
const here = (address: string) => server.origin + new URL(address).pathname;
const reached = <T extends { readonly tokenEndpoint: string }>(client: T): T => ({
  ...client,
  tokenEndpoint: here(client.tokenEndpoint),
});

let bootstrapped: Bootstrapped;
let tenant: string;
let admin: GraphQL;
let client: {
  readonly id: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenEndpoint: string;
};
const issuer = () => issuerOf(tenant, "shop");

beforeAll(async () => {
  server = await startServer({
    PUBLIC_URL: ORIGIN,
    ORIGIN_TEMPLATE: TEMPLATE,
    MTLS_URL: mtlsOrigin,
    MTLS_PORT: String(mtlsPort),
    MTLS_CERT_FILE: own.certFile,
    MTLS_KEY_FILE: own.keyFile,
  });
  ({ bootstrapped } = server);
  ({ tenant } = bootstrapped);
  admin = graphqlAs(`${server.origin}/graphql`, reached(bootstrapped));
  const { workspace } = await admin.must("createWorkspace", { slug: "shop", name: "Shop" }, "workspace { id issuer }");
  const { id: workspaceId } = workspace as { id: string };
  const orders = { workspaceId, identifier: "https://orders.example/", name: "Orders", scopes: [{ name: "read" }] };
  const { resource } = await admin.must("createResource", orders, "resource { id }");
  const made = await admin.must("createClient", { workspaceId, name: "Job" }, "client { id clientId }");
  const { id, clientId } = made["client"] as { id: string; clientId: string };
  const resourceId = (resource as { id: string }).id;
  await admin.must("setClientGrant", { clientId: id, resourceId, scopes: ["read"] }, "clientGrant { id }");
  const { secret } = await admin.must("createClientSecret", { clientId: id }, "secret");
  client = { id, clientId, clientSecret: String(secret), tokenEndpoint: here(`${issuer()}/oauth2/token`) };
  await admin.must("updateWorkspaceSettings", { workspaceId, statusList: "ON" }, "workspace { id }");
});
afterAll(async () => {
  made.remove();
  await server.destroy();
});

describe("[S4] an origin that is a template: each tenant has a host of its own (ours)", () => {
  test("→ bootstrap, GraphQL, token and metadata name it, and the console's origin where it is the console's", async () => {
    expect(bootstrapped).toMatchObject({
      tokenEndpoint: `${issuerOf(tenant, "admin")}/oauth2/token`,
      resource: `${issuerOf(tenant, "admin")}/api`,
      graphql: `${ORIGIN}/graphql`,
      ownerInvite: expect.stringMatching(/^https:\/\/id\.example\.com\/console\/invite\//),
    });
    const shown = await admin.run(
      `{ viewer { issuerOrigin } workspace(slug: "shop") { issuer tokenEndpoint jwksUri } }`,
    );
    expect(shown).toEqual({
      viewer: { issuerOrigin: TEMPLATE },
      workspace: {
        issuer: issuer(),
        tokenEndpoint: `${issuer()}/oauth2/token`,
        jwksUri: `${issuer()}/.well-known/jwks.json`,
      },
    });
    const keys = createLocalJWKSet((await send(here(`${issuer()}/.well-known/jwks.json`))).json() as never);
    const { payload } = await jwtVerify(await fetchToken(client), keys, { issuer: issuer(), typ: "at+jwt" });
    expect(payload["status"]).toMatchObject({
      status_list: { uri: expect.stringMatching(new RegExp(`^${issuer()}/oauth2/status/`)) },
    });
    const api = await send(`${server.origin}/.well-known/oauth-protected-resource/${tenant}/admin/api`);
    expect(api.json()).toMatchObject({
      resource: `${issuerOf(tenant, "admin")}/api`,
      authorization_servers: [issuerOf(tenant, "admin")],
    });
    const refused = await send(`${server.origin}/graphql?tenant=${tenant}`, {
      method: "POST",
      headers: [["Content-Type", "application/json"]],
      body: '{"query":"{ viewer { api } }"}',
    });
    expect(refused.headers["www-authenticate"]).toContain(
      `resource_metadata="https://${tenant}.eu.example.com/.well-known/oauth-protected-resource/${tenant}/admin/api"`,
    );
  });

  test.each(["localhost", "id.example.com", "other.eu.example.com", "evil.example"])(
    "whatever the Host, %s too → the same issuer, the same iss, the same document",
    async (host) => {
      const headers: Pairs = [["Host", host]];
      const wanted = (await send(here(`${issuer()}/.well-known/oauth-authorization-server`))).body;
      expect(JSON.parse(wanted)).toMatchObject({ issuer: issuer(), token_endpoint: `${issuer()}/oauth2/token` });
      for (const path of [
        `/${tenant}/shop/.well-known/oauth-authorization-server`,
        `/.well-known/oauth-authorization-server/${tenant}/shop`,
      ])
        expect((await send(server.origin + path, { headers })).body).toBe(wanted);
      const form = { grant_type: "client_credentials", client_id: client.clientId, client_secret: client.clientSecret };
      const answer = await post(client.tokenEndpoint, form, headers);
      expect(decodeJwt(String(answer.json()["access_token"])).claims["iss"]).toBe(issuer());
    },
  );

  test("by certificate → the aliases stand at the one origin that asks for it, and the token there names the tenant's own (RFC 8705 §5)", async () => {
    const metadata = (await send(here(`${issuer()}/.well-known/oauth-authorization-server`))).json();
    const base = `${mtlsOrigin}/${tenant}/shop/oauth2`;
    expect(metadata["mtls_endpoint_aliases"]).toEqual({
      token_endpoint: `${base}/token`,
      introspection_endpoint: `${base}/introspect`,
      revocation_endpoint: `${base}/revoke`,
    });
    const certificate = { clientId: client.id, certificate: job.cert };
    await admin.must("createClientCertificate", certificate, "clientCertificate { id }");
    const { iss, cnf } = decodeJwt(await tokenByCertificate(`${base}/token`)).claims;
    expect([iss, cnf]).toEqual([issuer(), { "x5t#S256": expect.any(String) }]);
  });

  test("assertion and DPoP proof → for the tenant's own address, not for the console's or another tenant's", async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = await exportJWK(publicKey);
    await admin.must("createClientKey", { clientId: client.id, publicKey: JSON.stringify(jwk) }, "clientKey { id }");
    const assertion = (aud: string) =>
      new SignJWT({ jti: randomUUID() })
        .setProtectedHeader({ alg: "ES256" })
        .setIssuer(client.clientId)
        .setSubject(client.clientId)
        .setAudience(aud)
        .setIssuedAt()
        .setExpirationTime("1m")
        .sign(privateKey);
    const proof = (htu: string, nonce?: string) =>
      new SignJWT({ jti: randomUUID(), htm: "POST", htu, ...(nonce && { nonce }) })
        .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk })
        .setIssuedAt()
        .sign(privateKey);
    const ask = async (aud: string, dpop?: string) =>
      post(
        client.tokenEndpoint,
        {
          grant_type: "client_credentials",
          client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
          client_assertion: await assertion(aud),
        },
        dpop === undefined ? [] : [["DPoP", dpop]],
      );
    expect((await ask(issuer())).status).toBe(200);
    for (const aud of [`${ORIGIN}/${tenant}/shop`, issuerOf("other", "shop")])
      expect((await ask(aud)).status).toBe(401);
    const nonce = (await ask(issuer(), await proof(`${issuer()}/oauth2/token`))).headers["dpop-nonce"];
    const good = await ask(issuer(), await proof(`${issuer()}/oauth2/token`, String(nonce)));
    expect(decodeJwt(String(good.json()["access_token"])).claims["cnf"]).toEqual({
      jkt: await calculateJwkThumbprint(jwk),
    });
    const elsewhere = await ask(issuer(), await proof(`${ORIGIN}/${tenant}/shop/oauth2/token`, String(nonce)));
    expect(elsewhere.json()["error"]).toBe("invalid_dpop_proof");
  });

  test("a new tenant → its own host opens its own API; a slug that is no part of a host name is refused; nobody takes an API's address", async () => {
    const system = graphqlAs(`${server.origin}/graphql`, reached(bootstrapped.system));
    for (const slug of ["xn--acme", "acme-"]) {
      const { userErrors } = await system.mutate("createTenant", { slug, name: "Acme" }, "tenant { id }");
      expect(userErrors).toMatchObject([
        { code: "INVALID_INPUT", path: ["slug"], message: expect.stringContaining(TEMPLATE) },
      ]);
    }
    const made = await system.must(
      "createTenant",
      { slug: "acme", name: "Acme" },
      "secret { tokenEndpoint clientId clientSecret resource }",
    );
    const access = made["secret"] as Bootstrapped;
    expect(access.resource).toBe(`${issuerOf("acme", "admin")}/api`);
    const acme = graphqlAs(`${server.origin}/graphql`, reached(access));
    expect(await acme.run("{ viewer { tenant { slug } } }")).toEqual({ viewer: { tenant: { slug: "acme" } } });
    const { workspace } = (await admin.run(`{ workspace(slug: "shop") { id } }`)) as { workspace: { id: string } };
    for (const identifier of [`${issuerOf("acme", "admin")}/api`, `${ORIGIN}/acme/admin/api`]) {
      const input = { workspaceId: workspace.id, name: "Planted", identifier, scopes: [] };
      const { userErrors } = await admin.mutate("createResource", input, "resource { id }");
      expect(userErrors).toMatchObject([{ code: "INVALID_INPUT", path: ["identifier"] }]);
    }
  });

  test("changed or left out later, in production → refused, with what to set; malformed → refused", async () => {
    await server.stop();
    for (const [ORIGIN_TEMPLATE, said] of [
      ["https://{tenant}.us.example.com", `ORIGIN_TEMPLATE is https://{tenant}.us.example.com, but`],
      ["", "ORIGIN_TEMPLATE is not set, but"],
      ["https://id.example.com", "no origin with {tenant} as a part of its host"],
      ["http://{tenant}.eu.example.com", "which is not https"],
    ] as const) {
      const { code, output } = await serve({ ORIGIN_TEMPLATE });
      expect(output).toContain(said);
      expect(output).not.toMatch(/unforeseen|^\s+at /m);
      if (said.endsWith("but")) expect(output).toContain(`Set ORIGIN_TEMPLATE=${TEMPLATE}.`);
      expect(code).toBe(1);
    }
    await server.restart();
    expect((await askToken(client)).status).toBe(200);
  });

  test("given, changed and taken back on this machine → every issuer moves with it, and the operator is told", async () => {
    const local = await startServer();
    const { tenant: slug, clientId, clientSecret } = local.bootstrapped;
    const tokenEndpoint = `${local.origin}/${slug}/admin/oauth2/token`;
    for (const at of [`http://${slug}.eu.localhost:9000`, `http://${slug}.localhost`, local.origin]) {
      await local.stop();
      await local.restart({ ORIGIN_TEMPLATE: at === local.origin ? "" : at.replace(slug, "{tenant}") });
      const resource = `${at}/${slug}/admin/api`;
      const credentials = { tokenEndpoint, clientId, clientSecret };
      expect(decodeJwt(await fetchToken(credentials, { resource })).claims["iss"]).toBe(`${at}/${slug}/admin`);
      const run = graphqlAs(`${local.origin}/graphql`, { ...credentials, resource });
      expect(await run.run("{ viewer { api } }")).toEqual({ viewer: { api: "ADMIN" } });
    }
    expect(local.log().match(/The address changed from .*: every issuer moved with it/g)).toHaveLength(4);
    await local.destroy();
  });
});

/** Runs `serve` with a changed environment until it ends, or until it listens and is told to stop. */
function serve(env: Readonly<Record<string, string>>): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [builtMain, "serve"], { env: { ...server.env, ...env } });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.includes("Mintmark listens")) child.kill("SIGTERM");
    });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}

/** A token got with the client's certificate, and no secret. */
function tokenByCertificate(url: string): Promise<string> {
  const agent = new Agent({ keepAlive: false, ca: own.cert, cert: job.cert, key: job.key });
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, method: "POST", headers }, async (incoming) => {
      const answer = Buffer.concat(await incoming.toArray()).toString("utf8");
      if (incoming.statusCode === 200) resolve(String(JSON.parse(answer).access_token));
      else reject(new Error(answer));
    });
    outgoing.on("error", reject);
    outgoing.end(encodeForm({ grant_type: "client_credentials", client_id: client.clientId }));
  });
}

import { createServer, type Server } from "node:http";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GraphQL, graphqlAs } from "./support/graphql.ts";
import { send } from "./support/http.ts";
import { type AutomationClient, startServer, type TestServer } from "./support/server.ts";
import { basic, bearer, type Credentials, fetchToken, post } from "./support/token.ts";

const orders = "https://orders.example.com/";
const stock = "https://stock.example.com/";
let server: TestServer;
let api: { readonly url: string; readonly listener: Server };
let admin: GraphQL;
let workspace: { id: string; issuer: string; tokenEndpoint: string; introspectionEndpoint: string; jwksUri: string };
let client: Credentials;
let token: string;
beforeAll(async () => {
  server = await startServer();
}, 120_000);
afterAll(async () => {
  api?.listener.close();
  await server?.destroy();
});

/** An API of another author's making: it knows the issuer's address, its own name, and jose. */
async function startOrdersApi(issuer: string, jwksUri: string): Promise<typeof api> {
  const keys = createRemoteJWKSet(new URL(jwksUri));
  const listener = createServer(async (request, response) => {
    const [, presented = ""] = /^Bearer (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    try {
      const { payload } = await jwtVerify(presented, keys, { issuer, audience: orders, typ: "at+jwt" });
      const scopes = String(payload["scope"]).split(" ");
      const needed = request.method === "GET" ? "orders:read" : "orders:write";
      response.writeHead(scopes.includes(needed) ? 200 : 403).end(payload.sub);
    } catch (error) {
      response.writeHead(error instanceof errors.JOSEError ? 401 : 500).end();
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/orders`, listener };
}
const call = async (presented: string, method = "GET") =>
  (await send(api.url, { method, headers: [bearer(presented)] })).status;

// Each step stands on the one before it: the path that somebody walks who has just started the server.
describe("[C3][C4] from an empty server to a revoked token, without a browser", () => {
  test("bootstrap → the system workspace's client creates a tenant, and its admin client is shown once", async () => {
    const { graphql, system } = server.bootstrapped;
    const input = { slug: "acme", name: "Acme", clientMutationId: "create-acme" };
    const selection = "tenant { id slug } secret { tokenEndpoint clientId clientSecret resource scopes }";
    const operator = graphqlAs(graphql, system);
    const made = await operator.must("createTenant", input, selection);
    expect(made["tenant"]).toMatchObject({ slug: "acme" });
    const shown = made["secret"] as AutomationClient;
    expect(shown).toMatchObject({
      tokenEndpoint: `${server.origin}/acme/admin/oauth2/token`,
      resource: `${server.origin}/acme/admin/api`,
      clientSecret: expect.stringMatching(/^mms_/),
    });
    const again = await operator.mutate("createTenant", input, selection);
    expect(again).toMatchObject({ tenant: made["tenant"], secret: null, userErrors: [{ code: "ALREADY_SHOWN" }] });
    admin = graphqlAs(graphql, shown);
  });

  test("a token of its admin workspace → GraphQL creates workspace, resource, scopes, client, grant and secret", async () => {
    const fields = "workspace { id issuer tokenEndpoint introspectionEndpoint jwksUri }";
    const made = await admin.must("createWorkspace", { slug: "shop", name: "Shop" }, fields);
    workspace = made["workspace"] as typeof workspace;
    expect(workspace.issuer).toBe(`${server.origin}/acme/shop`);
    const resource = async (identifier: string, name: string) => {
      const input = { workspaceId: workspace.id, identifier, name };
      return (await admin.must("createResource", input, "resource { id }"))["resource"] as { id: string };
    };
    const { id: ordersId } = await resource(orders, "Orders");
    const { id: stockId } = await resource(stock, "Stock");
    for (const name of ["orders:read", "orders:write"]) {
      await admin.must("createScope", { resourceId: ordersId, name }, "scope { id }");
    }
    await admin.must("createScope", { resourceId: stockId, name: "stock:read" }, "scope { id }");

    const input = { workspaceId: workspace.id, name: "Nightly report" };
    const { id, clientId } = (await admin.must("createClient", input, "client { id clientId }"))["client"] as {
      id: string;
      clientId: string;
    };
    const grant = (resourceId: string, scopes: string[]) =>
      admin.must("setClientGrant", { clientId: id, resourceId, scopes }, "clientGrant { id }");
    await grant(ordersId, ["orders:read"]);
    await grant(stockId, ["stock:read"]);
    const { secret } = await admin.must("createClientSecret", { clientId: id }, "clientSecret { id } secret");
    client = { tokenEndpoint: workspace.tokenEndpoint, clientId, clientSecret: String(secret) };
  });

  test("its token at a jose-based API → 200", async () => {
    api = await startOrdersApi(workspace.issuer, workspace.jwksUri);
    token = await fetchToken(client, { resource: orders });
    expect(await call(token)).toBe(200);
  });

  test("[A7] a wrong audience → 401; a missing scope → 403; a tampered token → 401; none → 401", async () => {
    expect(await call(await fetchToken(client, { resource: stock }))).toBe(401);
    expect(await call(token, "POST")).toBe(403);
    const [header, payload = "", signature] = token.split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
    const wider = Buffer.from(JSON.stringify({ ...claims, scope: "orders:read orders:write" })).toString("base64url");
    expect(await call(`${header}.${wider}.${signature}`, "POST")).toBe(401);
    expect(await call("")).toBe(401);
  });

  test("[A8] revoked → introspection says inactive", async () => {
    const introspect = async () => (await post(workspace.introspectionEndpoint, { token }, [basic(client)])).body;
    expect(JSON.parse(await introspect())).toMatchObject({ active: true, aud: orders });
    const revoked = await post(`${workspace.issuer}/oauth2/revoke`, { token }, [basic(client)]);
    expect(revoked.status).toBe(200);
    expect(await introspect()).toBe('{"active":false}');
  });

  test("the whole story's log → holds no secret and no token", () => {
    const { clientSecret, system } = server.bootstrapped;
    expect(server.log().length).toBeGreaterThan(0);
    for (const secret of [
      clientSecret,
      system.clientSecret,
      client.clientSecret,
      token,
      token.split(".")[2] ?? token,
    ]) {
      expect(server.log()).not.toContain(secret);
    }
  });
});

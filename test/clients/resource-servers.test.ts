import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import express from "express";
import { auth, requiredScopes } from "express-oauth2-jwt-bearer";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { publicBytes, publishedKey, withHs256, withoutSignature } from "../support/forgery.ts";
import { send } from "../support/http.ts";
import { type Nginx, startNginx } from "../support/nginx.ts";
import { basic, bearer, fetchToken, post } from "../support/token.ts";
import { addResourceServer, type StoryClient, type StoryWorkspace, useWorld } from "../support/world.ts";

const world = useWorld();
let workspace: StoryWorkspace;
let client: StoryClient;
let orders: string;
let tokens: { readonly orders: string; readonly stock: string; readonly foreign: string; readonly reading: string };
beforeAll(async () => {
  workspace = await world
    .tenant()
    .workspace()
    .resource("orders", ["read", "write"])
    .resource("stock", ["read"])
    .ready();
  client = await workspace.addClient();
  orders = workspace.resource("orders").identifier;
  const other = await world.tenant().workspace().resource("orders", ["read", "write"], orders).client();
  tokens = {
    orders: await fetchToken(client, { resource: orders }),
    stock: await fetchToken(client, { resource: workspace.resource("stock").identifier }),
    foreign: await fetchToken(other, { resource: orders }),
    reading: await fetchToken(client, { resource: orders, scope: "read" }),
  };
});

const statusOf = async (url: string, token?: string) =>
  (await send(url, { headers: token === undefined ? [] : [bearer(token)] })).status;

describe("express-oauth2-jwt-bearer, which knows the issuer's address and nothing else of ours", () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    const app = express();
    app.use(auth({ issuerBaseURL: workspace.issuer, audience: orders, strict: true }));
    app.get("/orders", requiredScopes("write"));
    app.get("/orders", (_request, response) => void response.end("served"));
    app.use((_request, response) => void response.end("let in"));
    server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server?.closeAllConnections();
    server?.close();
  });
  afterEach(() => vi.useRealTimers());

  test("[A7] a token for this API → served; one for another API → 401", async () => {
    expect(await statusOf(url, tokens.orders)).toBe(200);
    expect(await statusOf(url, tokens.stock)).toBe(401);
    expect(await statusOf(url)).toBe(401);
  });

  test("[A4] a token without the scope that the route asks for → 403", async () => {
    expect(await statusOf(`${url}/orders`, tokens.orders)).toBe(200);
    expect(await statusOf(`${url}/orders`, tokens.reading)).toBe(403);
  });

  test("the same token after its 15 minutes → 401", async () => {
    // Only the API's clock: it runs in this process, the issuer in another.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 16 * 60_000 });
    expect(await statusOf(url, tokens.orders)).toBe(401);
  });

  test("[S12] another tenant's token for an API of the same name → 401", async () => {
    expect(await statusOf(url, tokens.foreign)).toBe(401);
  });

  test("incident 3: no signature, or one made with what is public → 401", async () => {
    const key = await publishedKey(workspace.issuer, tokens.orders);
    expect(await statusOf(url, withoutSignature(tokens.orders, "none", key.kid))).toBe(401);
    for (const [name, of] of publicBytes)
      expect([name, await statusOf(url, withHs256(tokens.orders, of(key), key.kid))]).toEqual([name, 401]);
  });
});

describe("nginx", () => {
  let nginx: Nginx;
  beforeAll(async () => {
    const server = await workspace.addClient({ grants: {} });
    await addResourceServer(workspace, "orders", server.id);
    const [, header] = basic(server);
    const own = new URL(workspace.issuer);
    const issuer = `http://127.0.0.1:${own.port}${own.pathname}`;
    nginx = await startNginx(
      `js_path ${join(import.meta.dirname, "programs")};
  js_import api from introspect.js;`,
      `set $introspection ${issuer}/oauth2/introspect;
    set $credentials ${header.replace("Basic ", "")};
    set $audience ${orders};
    location = /introspect { internal; js_content api.introspect; }
    location = /verify {
      internal;
      proxy_pass ${issuer}/oauth2/verify?resource=${encodeURIComponent(orders)}&scope=write;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
    }
    location /introspected { auth_request /introspect; try_files /none @api; }
    location /verified { auth_request /verify; auth_request_set $client $upstream_http_x_mintmark_client; add_header X-Client $client; try_files /none @api; }
    location @api { return 204; }`,
    );
  });
  afterAll(() => nginx?.stop());

  test.each(["introspected", "verified"])(
    "%s: a token for this API → passes; none, another's, a dead one → 401",
    async (path) => {
      const url = `${nginx.origin}/${path}`;
      const mine = await fetchToken(client, { resource: orders });
      expect(await statusOf(url, mine)).toBe(204);
      expect(await statusOf(url)).toBe(401);
      expect(await statusOf(url, tokens.stock)).toBe(401);
      expect(await statusOf(url, tokens.foreign)).toBe(401);
      expect(await statusOf(url, withoutSignature(mine, "none"))).toBe(401);
      await post(`${workspace.issuer}/oauth2/revoke`, { token: mine }, [basic(client)]);
      expect(await statusOf(url, mine)).toBe(401);
    },
  );

  test("[S10] verified: a scope that is missing → 403", async () => {
    expect(await statusOf(`${nginx.origin}/verified`, tokens.reading)).toBe(403);
  });
});

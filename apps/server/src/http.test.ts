import { once } from "node:events";
import { type AddressInfo, BlockList, connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createHttpServer, type HttpParts, issuerRoute } from "./http.ts";

const at = { tenant: "acme", workspace: "pay" };

describe("issuerRoute", () => {
  it.each([
    ["/acme/pay/oauth2/token", "token"],
    ["/acme/pay/oauth/token", "token"],
    ["/acme/pay/oauth2/introspect", "introspect"],
    ["/acme/pay/oauth2/revoke", "revoke"],
    ["/acme/pay/oauth2/verify", "verify"],
    ["/acme/pay/.well-known/jwks.json", "jwks"],
    ["/acme/pay/.well-known/oauth-authorization-server", "metadata"],
    ["/acme/pay/.well-known/openid-configuration", "metadata"],
    ["/.well-known/oauth-authorization-server/acme/pay", "metadata"],
    ["/.well-known/openid-configuration/acme/pay", "metadata"],
  ])("%s → %s", (path, endpoint) => {
    expect(issuerRoute(path)).toEqual({ endpoint, at });
  });

  it.each([
    "/acme/pay/oauth2/token/",
    "/acme/pay/oauth2/Token",
    "/ACME/pay/oauth2/token",
    "//pay/oauth2/token",
    "/acme/pay/oauth2/%74oken",
    "/acme/pay/constructor",
    "/acme/pay/__proto__",
    "/.well-known/oauth-authorization-server/acme/pay/",
    "/.well-known/oauth-authorization-server/acme",
    "/graphql",
    "/",
  ])("%s is no issuer's", (path) => {
    expect(issuerRoute(path)).toBeUndefined();
  });
});

describe("a certificate in a header of nobody's proxy", () => {
  it("is told of where there is an issuer; names that somebody invented are nobody's", async () => {
    const told: unknown[] = [];
    const parts = {
      config: { origin: "http://localhost", trustedProxies: new BlockList(), mtls: {} },
      issuer: {
        token: async ({ tenant }: { readonly tenant: string }) => ({
          status: tenant === at.tenant ? 401 : 404,
          headers: {},
          body: "",
        }),
      },
      metrics: { requestEnded: () => {} },
      log: { isLevelEnabled: () => false },
      onDroppedCertificate: (path: unknown) => told.push(path),
    };
    const server = createHttpServer(parts as unknown as HttpParts).listen(0, "127.0.0.1");
    await once(server, "listening");
    const ask = async (tenant: string) => {
      const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").resume();
      const head = ["Host: localhost", "Client-Cert: :YQ==:", "Content-Length: 0", "Connection: close"];
      socket.write(`${[`POST /${tenant}/pay/oauth2/token HTTP/1.1`, ...head].join("\r\n")}\r\n\r\n`);
      await once(socket, "close");
    };
    for (const tenant of ["invented", "acme", "invented-too"]) await ask(tenant);
    server.close();
    expect(told).toEqual([at]);
  });
});

describe("a request that does not come whole", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());

  it.each(["/acme/pay/oauth2/token", "/nowhere"])("%s → ended after half a minute", async (path) => {
    const parts = {
      config: { origin: "http://localhost", trustedProxies: new BlockList(), mtls: {} },
      metrics: { requestEnded: () => {} },
      log: { isLevelEnabled: () => false },
    };
    const server = createHttpServer(parts as unknown as HttpParts).listen(0, "127.0.0.1");
    await once(server, "listening");
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").resume();
    const closed = once(socket, "close");
    const asked = once(server, "request");
    socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab`);
    await asked;
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
    vi.advanceTimersByTime(29_999);
    expect(socket.closed).toBe(false);
    vi.advanceTimersByTime(1);
    await closed;
    server.close();
  });
});

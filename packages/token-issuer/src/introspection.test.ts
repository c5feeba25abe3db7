import { describe, expect, test } from "vitest";
import { createTokenIssuer, StoreUnavailable } from "./index.ts";
import {
  basic,
  clientId,
  form,
  formType,
  getToken,
  newWorld,
  orders,
  path,
  post,
  request,
  storeWith,
  url,
} from "./testing/world.ts";

const inactive = '{"active":false}';
const asOrdersApi = [basic("orders-api", "orders-api-secret")];
const asStranger = [basic("stranger", "stranger-secret")];

describe("introspection", () => {
  test("tells the token's own client all claims", async () => {
    const { issuer } = await newWorld();
    const { status, headers, json } = await post(issuer.introspect, {
      token: await getToken(issuer, { scope: "orders:read" }),
    });
    expect([status, headers["Cache-Control"]]).toEqual([200, "no-store"]);
    expect(json).toEqual({
      active: true,
      token_type: "Bearer",
      iss: url,
      aud: orders,
      sub: clientId,
      client_id: clientId,
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.any(String),
      scope: "orders:read",
    });
  });

  test("tells a resource server of the audience", async () => {
    const { issuer } = await newWorld();
    expect((await post(issuer.introspect, { token: await getToken(issuer) }, asOrdersApi)).json["active"]).toBe(true);
  });

  test("tells another client nothing", async () => {
    const { issuer } = await newWorld();
    expect((await post(issuer.introspect, { token: await getToken(issuer) }, asStranger)).body).toBe(inactive);
  });

  test("takes a wrong hint", async () => {
    const { issuer } = await newWorld();
    const token = await getToken(issuer);
    expect((await post(issuer.introspect, { token, token_type_hint: "refresh_token" })).json["active"]).toBe(true);
  });

  test.each(["nonsense", "a.b.c", "mmt_0000", "x".repeat(20_000)])(
    "says of %.20s that it is inactive",
    async (token) => {
      const { issuer } = await newWorld();
      expect((await post(issuer.introspect, { token })).body).toBe(inactive);
    },
  );

  test("says inactive from the second the token ends", async () => {
    const { issuer, clock } = await newWorld();
    const token = await getToken(issuer);
    clock.advance(899);
    expect((await post(issuer.introspect, { token })).json["active"]).toBe(true);
    clock.advance(1);
    expect((await post(issuer.introspect, { token })).body).toBe(inactive);
  });

  test("says inactive once the client is disabled, gone or cut off, or the issuer suspended", async () => {
    const { issuer, store, workspace, clock } = await newWorld();
    const token = await getToken(issuer);
    const active = async () => (await post(issuer.introspect, { token }, asOrdersApi)).json["active"];
    store.changeClient(workspace, clientId, { status: "disabled" });
    expect(await active()).toBe(false);
    store.changeClient(workspace, clientId, {
      status: "active",
      tokensNotBefore: new Date(clock.now().getTime() + 1000),
    });
    expect(await active()).toBe(false);
    store.changeClient(workspace, clientId, { tokensNotBefore: undefined });
    expect(await active()).toBe(true);
    store.changeIssuer(workspace, { status: "suspended" });
    expect(await active()).toBe(false);
  });

  test("needs a token, a client and a POST", async () => {
    const { issuer } = await newWorld();
    expect((await post(issuer.introspect, {})).status).toBe(400);
    expect((await post(issuer.introspect, { token: "x" }, [])).status).toBe(401);
    expect((await issuer.introspect(path, request({ method: "GET" }))).status).toBe(405);
    const inQuery = request({ query: "token=x", headers: [formType, basic()], body: form({ token: "x" }) });
    expect((await issuer.introspect(path, inQuery)).status).toBe(400);
  });

  test("looks a second time only where the store may have changed", async () => {
    const { issuer, store, clock } = await newWorld();
    const token = await getToken(issuer);
    const asked: string[] = [];
    const watched = createTokenIssuer({
      store: storeWith(store, {
        findIssuer: (tenant, workspace, freshness) => {
          asked.push(freshness);
          return store.findIssuer(tenant, workspace);
        },
      }),
      clock,
    });
    const looks = async (sent: string, headers?: [string, string][]) => {
      asked.length = 0;
      await post(watched.introspect, { token: sent }, headers);
      return asked.join(" ");
    };
    expect(await looks(token)).toBe("cached");
    expect(await looks("nonsense")).toBe("cached");
    expect(await looks(`${token.slice(0, -6)}AAAAAA`)).toBe("cached");
    expect(await looks(token, asStranger)).toBe("cached confirmed");
    clock.advance(3600);
    expect(await looks(token)).toBe("cached");
  });

  test("does not call a token inactive only because the store is away", async () => {
    const { issuer, store, clock } = await newWorld();
    const token = await getToken(issuer);
    const isTokenRevoked = () => Promise.reject(new StoreUnavailable("away"));
    const crippled = createTokenIssuer({ store: storeWith(store, { isTokenRevoked }), clock });
    expect((await post(crippled.introspect, { token })).status).toBe(503);
  });

  test("records whom it did not let in", async () => {
    const { issuer, store } = await newWorld();
    await post(issuer.introspect, { token: "x" }, [basic(clientId, "wrong")]);
    expect(store.tokenLog).toMatchObject([{ reason: "unknown_secret", evidence: { endpoint: "introspection" } }]);
  });
});

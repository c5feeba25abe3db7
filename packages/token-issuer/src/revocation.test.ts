import { describe, expect, test } from "vitest";
import { createTokenIssuer, StoreUnavailable } from "./index.ts";
import { basic, clientId, getToken, newWorld, post, storeWith } from "./testing/world.ts";

describe("revocation", () => {
  test("of one's own token answers 200 with no body and no content type, again and again", async () => {
    const { issuer } = await newWorld();
    const token = await getToken(issuer);
    for (let round = 0; round < 2; round++) {
      const { status, headers, body } = await post(issuer.revoke, { token });
      expect([status, body]).toEqual([200, undefined]);
      expect(headers).not.toHaveProperty("Content-Type");
      expect(headers["Cache-Control"]).toBe("no-store");
    }
    expect((await post(issuer.introspect, { token })).body).toBe('{"active":false}');
  });

  test("touches no other token", async () => {
    const { issuer } = await newWorld();
    const [one, other] = [await getToken(issuer), await getToken(issuer)];
    await post(issuer.revoke, { token: one, token_type_hint: "refresh_token" });
    expect((await post(issuer.introspect, { token: other })).json["active"]).toBe(true);
  });

  test("of another client's token answers 200 and the token lives", async () => {
    const { issuer } = await newWorld();
    const token = await getToken(issuer);
    expect((await post(issuer.revoke, { token }, [basic("orders-api", "orders-api-secret")])).status).toBe(200);
    expect((await post(issuer.introspect, { token })).json["active"]).toBe(true);
  });

  test("of an unknown token answers 200, of none 400, without a client 401", async () => {
    const { issuer } = await newWorld();
    expect((await post(issuer.revoke, { token: "nonsense" })).status).toBe(200);
    expect((await post(issuer.revoke, {})).status).toBe(400);
    expect((await post(issuer.revoke, { token: "nonsense" }, [])).status).toBe(401);
  });

  test("remembers the token until it would have ended", async () => {
    const { store, clock } = await newWorld();
    const kept: unknown[] = [];
    const revokeToken = async (_issuer: unknown, revocation: unknown) => void kept.push(revocation);
    const issuer = createTokenIssuer({ store: storeWith(store, { revokeToken }), clock });
    await post(issuer.revoke, { token: await getToken(issuer) });
    expect(kept).toEqual([{ jti: expect.any(String), clientId, expiresAt: new Date("2026-03-01T12:15:00Z") }]);
  });

  test("that cannot be kept is not confirmed", async () => {
    const { store, clock } = await newWorld();
    const revokeToken = () => Promise.reject(new StoreUnavailable("away"));
    const issuer = createTokenIssuer({ store: storeWith(store, { revokeToken }), clock });
    expect((await post(issuer.revoke, { token: await getToken(issuer) })).status).toBe(503);
  });
});

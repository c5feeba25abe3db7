import { describe, expect, test } from "vitest";
import type { TokenIssuer } from "./index.ts";
import { clientId, getToken, newWorld, orders, path, post, request, stock, url } from "./testing/world.ts";

const ask = async (issuer: TokenIssuer, query: Record<string, string>, headers: [string, string][], method = "GET") => {
  const {
    status,
    headers: answered,
    body,
  } = await issuer.verify(path, request({ method, headers, query: new URLSearchParams(query).toString() }));
  return { status, headers: answered, body, challenge: answered["WWW-Authenticate"] };
};
const bearer = (token: string): [string, string] => ["Authorization", `Bearer ${token}`];
const realm = `realm="${url}"`;

describe("forward-auth", () => {
  test("lets a good token through and says whose it is", async () => {
    const { issuer } = await newWorld();
    const token = await getToken(issuer);
    for (const method of ["GET", "HEAD"]) {
      const answer = await ask(issuer, { resource: orders, scope: "orders:read" }, [bearer(token)], method);
      expect([answer.status, answer.body]).toEqual([200, undefined]);
      expect(answer.headers).toMatchObject({
        "X-Mintmark-Client": clientId,
        "X-Mintmark-Scope": "orders:read orders:write",
        "X-Mintmark-Issuer": url,
        "Cache-Control": "no-store",
      });
    }
    expect((await ask(issuer, { resource: orders }, [["authorization", `bEARER ${token}`]])).status).toBe(200);
  });

  test("without a credential gives a challenge without an error", async () => {
    const { issuer } = await newWorld();
    const { status, challenge } = await ask(issuer, { resource: orders }, []);
    expect([status, challenge]).toEqual([401, expect.stringMatching(`^Bearer ${realm}, DPoP ${realm}, algs="[^"]+"$`)]);
  });

  test("with a bad or foreign token says invalid_token", async () => {
    const { issuer } = await newWorld();
    const token = await getToken(issuer);
    for (const [resource, presented] of [
      [orders, "x"],
      [stock, token],
      [orders, `${token}x`],
    ] as const) {
      const { status, challenge } = await ask(issuer, { resource }, [bearer(presented)]);
      expect(status).toBe(401);
      expect(challenge).toMatch(`Bearer ${realm}, error="invalid_token", error_description="`);
    }
  });

  test("with a revoked token says invalid_token", async () => {
    const { issuer } = await newWorld();
    const token = await getToken(issuer);
    await post(issuer.revoke, { token });
    expect((await ask(issuer, { resource: orders }, [bearer(token)])).status).toBe(401);
  });

  test("with too small a token says which scope is needed", async () => {
    const { issuer } = await newWorld();
    const token = await getToken(issuer, { scope: "orders:read" });
    const { status, challenge } = await ask(issuer, { resource: orders, scope: "orders:read orders:write" }, [
      bearer(token),
    ]);
    expect(status).toBe(403);
    expect(challenge).toMatch(/error="insufficient_scope".*, scope="orders:read orders:write"$/);
  });

  test.each(["JWT", "Token", "Basic", ""])("with the scheme '%s' names Bearer", async (scheme) => {
    const { issuer } = await newWorld();
    const token = await getToken(issuer);
    const { status, challenge, body } = await ask(issuer, { resource: orders }, [
      ["Authorization", `${scheme} ${token}`],
    ]);
    expect(status).toBe(401);
    expect(challenge).toContain("Use Authorization: Bearer.");
    expect(body).not.toContain(token);
  });

  test("with a token in X-API-KEY names Bearer", async () => {
    const { issuer } = await newWorld();
    const { status, challenge } = await ask(issuer, { resource: orders }, [["X-API-KEY", await getToken(issuer)]]);
    expect([status, challenge]).toEqual([401, expect.stringContaining("Use Authorization: Bearer.")]);
  });

  test("with two credentials is refused", async () => {
    const { issuer } = await newWorld();
    const token = await getToken(issuer);
    expect((await ask(issuer, { resource: orders }, [bearer(token), bearer(token)])).status).toBe(400);
    expect((await ask(issuer, { resource: orders }, [bearer(token), ["X-API-KEY", "x"]])).status).toBe(400);
  });

  test("without a resource, or with one that does not exist, says so to whoever set the proxy up", async () => {
    const { issuer } = await newWorld();
    const headers = [bearer(await getToken(issuer))];
    const missing = await ask(issuer, {}, headers);
    expect([missing.status, missing.body]).toEqual([400, expect.stringContaining("'resource'")]);
    expect((await ask(issuer, { resource: `${orders}/` }, headers)).status).toBe(400);
    expect((await ask(issuer, { resource: orders, scope: "a  b" }, headers)).status).toBe(400);
    expect((await issuer.verify(path, request({ method: "GET", query: "resource=a&resource=b" }))).status).toBe(400);
  });
});

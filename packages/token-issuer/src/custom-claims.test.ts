import fc from "fast-check";
import { decodeJwt } from "jose";
import { describe, expect, test } from "vitest";
import { type CustomClaims, customClaimProblem } from "./custom-claims.ts";
import { tried } from "./testing/properties.ts";
import { basic, clientId, getToken, newWorld, orders, path, post, request } from "./testing/world.ts";

async function tokenWith(own: CustomClaims | undefined, wider?: CustomClaims) {
  const { store, workspace, issuer } = await newWorld();
  store.changeIssuer(workspace, { customClaims: wider });
  store.changeClient(workspace, clientId, { customClaims: own });
  return decodeJwt(await getToken(issuer));
}

const standard = ["aud", "client_id", "exp", "iat", "iss", "jti", "scope", "sub"];

describe("custom claims", () => {
  test("of workspace and client stand in the token; the client's replaces the workspace's of that name", async () => {
    const token = await tokenWith(
      { team: "billing", level: 3 },
      { team: "all", "https://acme.example/region": ["eu"] },
    );
    expect(token).toMatchObject({ team: "billing", level: 3, "https://acme.example/region": ["eu"], sub: clientId });
  });

  test("are taken anew when the workspace's change, and not before", async () => {
    const { store, workspace, issuer } = await newWorld();
    store.changeClient(workspace, clientId, { customClaims: { team: "billing" } });
    expect(decodeJwt(await getToken(issuer))["region"]).toBeUndefined();
    store.changeIssuer(workspace, { customClaims: { region: "eu" } });
    expect(decodeJwt(await getToken(issuer))).toMatchObject({ team: "billing", region: "eu" });
    store.changeIssuer(workspace, { customClaims: undefined });
    expect(decodeJwt(await getToken(issuer))["region"]).toBeUndefined();
  });

  test("none → the token has the standard ones alone", async () =>
    expect(Object.keys(await tokenWith(undefined)).sort()).toEqual(standard));

  test("with the name of a failure's member → introspection and check answer all the same", async () => {
    const { store, workspace, issuer } = await newWorld({ customClaims: { reason: "store_unavailable" } });
    store.changeClient(workspace, clientId, {});
    const token = await getToken(issuer);
    const { json } = await post(issuer.introspect, { token });
    expect(json).toMatchObject({ active: true, reason: "store_unavailable" });
    expect(await issuer.check(path, token, orders)).toHaveProperty("claims.reason", "store_unavailable");
  });

  test("that make the token larger than 2 KiB → 400, nothing is issued", async () => {
    const { issuer, store } = await newWorld({ customClaims: { text: "x".repeat(1400) } });
    const { status, json } = await post(issuer.token, { grant_type: "client_credentials", resource: orders });
    expect([status, json["error"]]).toEqual([400, "invalid_scope"]);
    expect(store.tokenLog.map((row) => row.outcome)).toEqual(["refused"]);
  });

  test("incident 7: whatever a store says they are, the registered ones stay what they are", async () => {
    const names = fc.oneof(
      fc.constantFrom(
        ...standard,
        "act",
        "cnf",
        "nbf",
        "roles",
        "active",
        "__proto__",
        "constructor",
        "cnf.jkt",
        "ISS",
      ),
      fc.string(),
    );
    const { store, workspace, issuer } = await newWorld();
    const claims = fc.dictionary(names, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5, noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(claims, claims, async (wider, own) => {
        store.changeIssuer(workspace, { customClaims: wider as CustomClaims });
        store.changeClient(workspace, clientId, { customClaims: own as CustomClaims });
        const body = `grant_type=client_credentials&resource=${encodeURIComponent(orders)}`;
        const headers: [string, string][] = [["Content-Type", "application/x-www-form-urlencoded"], basic()];
        const answer = await issuer.token(path, request({ body, headers }));
        if (answer.status !== 200) return expect(answer.body).toContain("too large");
        const text = Buffer.from(String(JSON.parse(answer.body ?? "").access_token).split(".")[1] ?? "", "base64url");
        const token = JSON.parse(text.toString()) as Record<string, unknown>;
        expect(token).toMatchObject({ aud: orders, client_id: clientId, sub: clientId, iss: workspace.url });
        for (const name of ["act", "cnf", "nbf", "roles", "active", "__proto__", "constructor", "cnf.jkt", "ISS"])
          expect(Object.hasOwn(token, name)).toBe(false);
        expect(await issuer.check(path, JSON.parse(answer.body ?? "").access_token, orders)).toHaveProperty("client");
      }),
      tried,
    );
  });
});

describe("incident 7: a claim", () => {
  test.each(["team", "_x", "tenant-id", "https://acme.example/claims/team", "urn:acme:team"])("%s may be set", (name) =>
    expect(customClaimProblem(name, "x")).toBeUndefined(),
  );

  test.each([
    ...standard.map((name) => [name, "reserved"]),
    ["Sub", "reserved"],
    ["CLIENT_ID", "reserved"],
    ["act", "reserved"],
    ["may_act", "reserved"],
    ["cnf", "reserved"],
    ["active", "reserved"],
    ["token_type", "reserved"],
    ["email", "reserved"],
    ["cnf.jkt", "name"],
    ["team.name", "name"],
    ["__proto__", "name"],
    ["constructor", "name"],
    ["prototype", "name"],
    ["", "name"],
    [" sub", "name"],
    ["sub ", "name"],
    ["s\u0443b", "name"],
    ["sub\0", "name"],
    ["a b", "name"],
    ["$.sub", "name"],
    ["['sub']", "name"],
    ["x".repeat(65), "name"],
    ["javascript:sub", "name"],
  ])("named %j may not: %s", (name, problem) => expect(customClaimProblem(String(name), "x")).toBe(problem));

  test.each<[string, unknown, string | undefined]>([
    ["a text", "billing", undefined],
    ["a list", ["a", 1, true, null], undefined],
    ["an object", { a: { b: 1 } }, undefined],
    ["a member that is magic", JSON.parse('{"__proto__": 1}'), "member"],
    ["a magic member further down", [{ constructor: 1 }], "member"],
    ["too deep a value", [[[[1]]]], "depth"],
    ["NUL", "a\0b", "text"],
    ["half a character", ["\ud800"], "text"],
    ["half a character in a member's name", { "\udc00": 1 }, "text"],
    ["no number", Number.POSITIVE_INFINITY, "number"],
    ["nothing", undefined, "member"],
    ["one of our secrets", "mms_0123456789", "secret"],
    ["an opaque token", "mma_eyJ", "secret"],
    ["a private key", "-----BEGIN PRIVATE KEY-----", "secret"],
    ["a JWT in a list", ["eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ.x"], "secret"],
    ["a header with a credential", "Bearer abc", "secret"],
  ])("whose value is %s", (_what, value, problem) => expect(customClaimProblem("x", value)).toBe(problem));
});

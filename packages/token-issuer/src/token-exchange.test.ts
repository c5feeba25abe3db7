import { generateKeyPairSync } from "node:crypto";
import { decodeJwt, type JWK, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import type { NewIssuer } from "./index.ts";
import { basic, clientId, getToken, newWorld, orders, path, post, stock, url } from "./testing/world.ts";

const grantType = "urn:ietf:params:oauth:grant-type:token-exchange";
const type = (name: string) => `urn:ietf:params:oauth:token-type:${name}`;
const gateway = "gateway";
const now = Date.parse("2026-03-01T12:00:00Z") / 1000;

/** The client `billing` of the world, and `gateway` with the two scopes of which `billing` has one, and one of its own. */
async function exchanging(issuerOptions: Partial<NewIssuer> = { tokenExchange: "allowed" }) {
  const world = await newWorld(issuerOptions);
  const { store, workspace, issuer } = world;
  store.addClient(workspace, {
    clientId: gateway,
    grants: { [orders]: ["orders:read", "orders:delete"], [stock]: ["stock:read"] },
  });
  store.addSecret(workspace, gateway, { value: "gateway-secret" });
  const exchange = (parameters: Readonly<Record<string, string>>, by = basic(gateway, "gateway-secret")) =>
    post(issuer.token, { grant_type: grantType, subject_token_type: type("access_token"), ...parameters }, [by]);
  const reason = () => {
    const last = store.tokenLog.at(-1);
    return last?.outcome === "refused" ? last : undefined;
  };
  return { ...world, exchange, reason, subject: await getToken(issuer) };
}
const claimsOf = ({ json }: { readonly json: Record<string, unknown> }) => decodeJwt(String(json["access_token"]));

describe("an own access token is exchanged (RFC 8693 §2)", () => {
  test("for one in its subject's name, with who acts, no wider than either, that says its type", async () => {
    const { exchange, subject } = await exchanging();
    const answer = await exchange({ subject_token: subject });
    expect(answer).toMatchObject({
      status: 200,
      json: { issued_token_type: type("access_token"), token_type: "Bearer", scope: "orders:read" },
    });
    expect(claimsOf(answer)).toMatchObject({
      sub: clientId,
      client_id: gateway,
      aud: orders,
      scope: "orders:read",
      act: { sub: gateway },
    });
  });

  test("and again by another → act nests, newest outside", async () => {
    const { exchange, subject, store, workspace } = await exchanging();
    store.changeClient(workspace, "orders-api", { grants: new Map([[orders, new Set(["orders:read"])]]) });
    const first = String((await exchange({ subject_token: subject })).json["access_token"]);
    const second = await exchange({ subject_token: first }, basic("orders-api", "orders-api-secret"));
    expect(claimsOf(second)).toMatchObject({ sub: clientId, act: { sub: "orders-api", act: { sub: gateway } } });
  });

  test("by its own client, to narrow it → nobody acts for anybody", async () => {
    const { exchange, subject } = await exchanging();
    const answer = await exchange({ subject_token: subject, scope: "orders:read" }, basic());
    const claims = claimsOf(answer);
    expect([answer.json["scope"], claims["act"], claims.sub]).toEqual(["orders:read", undefined, clientId]);
  });

  test("late in its life → the new one ends with it", async () => {
    const { exchange, subject, clock } = await exchanging();
    clock.advance(890);
    const answer = await exchange({ subject_token: subject });
    expect([answer.json["expires_in"], claimsOf(answer).exp]).toEqual([10, decodeJwt(subject).exp]);
    clock.advance(9);
    expect((await exchange({ subject_token: subject })).json["expires_in"]).toBe(1);
    clock.advance(0.9);
    expect((await exchange({ subject_token: subject })).json["error"]).toBe("invalid_request");
  });

  test.each([
    ["a scope that the subject lacks", { scope: "orders:delete" }, "invalid_scope", "scope_beyond_subject"],
    ["a scope that the client lacks", { scope: "orders:write" }, "invalid_scope", "scope_not_granted"],
    [
      "both of them beside a right one",
      { scope: "orders:read orders:delete" },
      "invalid_scope",
      "scope_beyond_subject",
    ],
    ["an API that the token is not for", { resource: stock }, "invalid_target", "resource_beyond_subject"],
    ["another kind of token", { requested_token_type: type("refresh_token") }, "invalid_request", undefined],
    ["an unknown kind", { subject_token_type: type("saml2") }, "invalid_request", undefined],
    ["its own kind left out", { subject_token_type: "" }, "invalid_request", undefined],
    ["no token", { subject_token: "" }, "invalid_request", undefined],
    ["somebody else as actor", { actor_token: "x", actor_token_type: type("jwt") }, "invalid_request", undefined],
    ["a token as a foreign one", { subject_token_type: type("jwt") }, "invalid_request", "subject_token_refused"],
  ])("%s → refused by name", async (_, parameters, error, why) => {
    const { exchange, subject, reason } = await exchanging();
    const answer = await exchange({ subject_token: subject, ...parameters });
    expect([answer.status, answer.json["error"]]).toEqual([400, error]);
    if (why) expect(reason()).toMatchObject({ reason: why });
  });

  test("that was revoked, cut off, or whose client is disabled → refused, and what came of it before is dead", async () => {
    const { exchange, subject, issuer, store, workspace, reason } = await exchanging();
    const made = String((await exchange({ subject_token: subject })).json["access_token"]);
    const isGood = async () => !("reason" in (await issuer.check(path, made, orders)));
    expect(await isGood()).toBe(true);
    store.changeClient(workspace, clientId, { status: "disabled" });
    expect([(await exchange({ subject_token: subject })).status, await isGood()]).toEqual([400, false]);
    store.changeClient(workspace, clientId, { status: "active", tokensNotBefore: new Date((now + 60) * 1000) });
    expect([(await exchange({ subject_token: subject })).status, await isGood()]).toEqual([400, false]);
    store.changeClient(workspace, clientId, { tokensNotBefore: undefined });
    await post(issuer.revoke, { token: subject });
    expect((await exchange({ subject_token: subject })).json["error"]).toBe("invalid_request");
    expect(reason()).toMatchObject({ reason: "subject_token_refused", evidence: { why: "token_revoked" } });
  });

  test("of another workspace → refused, whatever its client may do here", async () => {
    const { exchange, store, issuer, reason } = await exchanging();
    const there = { tenant: "acme", workspace: "other" };
    const other = await store.addIssuer({ ...there, url: "https://id.example.com/acme/other" });
    store.addResource(other, orders, ["orders:read"]);
    store.addClient(other, { clientId, grants: { [orders]: ["orders:read"] } });
    store.addSecret(other, clientId, { value: "other-secret" });
    const body = Buffer.from("grant_type=client_credentials");
    const headers: [string, string][] = [
      basic(clientId, "other-secret"),
      ["Content-Type", "application/x-www-form-urlencoded"],
    ];
    const asked = { method: "POST", query: "", headers, body, address: "192.0.2.7", correlationId: "req_1" };
    const { access_token: foreign } = JSON.parse((await issuer.token(there, asked)).body ?? "");
    expect((await exchange({ subject_token: foreign })).status).toBe(400);
    expect(reason()).toMatchObject({ evidence: { why: "unknown_key" } });
  });
});

describe("a token of another issuer is exchanged", () => {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const publicJwk = pair.publicKey.export({ format: "jwk" }) as JWK;
  const sub = "system:serviceaccount:shop:gateway";
  const sign = (claims: object = {}, header: object = {}) =>
    new SignJWT({ iss: "https://k8s.example", aud: url, sub, iat: now, exp: now + 120, ...claims } as never)
      .setProtectedHeader({ alg: "ES256", kid: "k", ...header })
      .sign(pair.privateKey);
  const trusting = async () => {
    const world = await exchanging();
    const credential = { issuer: "https://k8s.example", claims: { sub }, keys: [{ kid: "k", publicJwk }] };
    world.store.addFederatedCredential(world.workspace, gateway, credential);
    const exchange = (token: string, more: Readonly<Record<string, string>> = {}) =>
      world.exchange({ subject_token: token, subject_token_type: type("jwt"), resource: orders, ...more });
    return { ...world, exchange };
  };

  test("that a federated credential of the client trusts → one in the client's name; the workload acts", async () => {
    const { exchange } = await trusting();
    const answer = await exchange(await sign());
    expect(claimsOf(answer)).toMatchObject({
      sub: gateway,
      client_id: gateway,
      scope: "orders:delete orders:read",
      act: { iss: "https://k8s.example", sub },
      exp: now + 120,
    });
  });

  test.each([
    ["misses a rule", { sub: `${sub}-2` }, "federated_rule_missed"],
    ["has ended", { exp: now - 31 }, "wrong_assertion_claim"],
  ])("that %s → refused; the log says why", async (_, claims, why) => {
    const { exchange, reason } = await trusting();
    expect((await exchange(await sign(claims))).json["error"]).toBe("invalid_request");
    expect(reason()).toMatchObject({ reason: "subject_token_refused", evidence: { why } });
  });

  test("that is of another kind → refused (RFC 8725 §3.11)", async () => {
    const { exchange, reason } = await trusting();
    for (const typ of ["at+jwt", "logout+jwt", "dpop+jwt"]) {
      expect((await exchange(await sign({}, { typ }))).json["error"]).toBe("invalid_request");
      expect(reason()).toMatchObject({ evidence: { why: "malformed_token", evidence: ["problem=type"] } });
    }
  });

  test("within the skew after its end → refused all the same: nothing outlives its subject", async () => {
    const { exchange } = await trusting();
    expect((await exchange(await sign({ exp: now - 5 }))).json["error"]).toBe("invalid_request");
  });

  test("for a scope that the client lacks → refused", async () => {
    const { exchange } = await trusting();
    expect((await exchange(await sign(), { scope: "orders:write" })).json["error"]).toBe("invalid_scope");
  });
});

describe("who may exchange", () => {
  test.each([
    [undefined, undefined, false],
    [undefined, "allowed", true],
    [undefined, "refused", false],
    ["allowed", undefined, true],
    ["allowed", "refused", false],
    ["refused", "allowed", false],
  ] as const)("workspace says %s, client says %s → %s", async (ofIssuer, ofClient, isAllowed) => {
    const { exchange, subject, store, workspace, reason } = await exchanging(
      ofIssuer ? { tokenExchange: ofIssuer } : {},
    );
    store.changeClient(workspace, gateway, { tokenExchange: ofClient });
    const { status, json } = await exchange({ subject_token: subject });
    expect([status, json["error"]]).toEqual(isAllowed ? [200, undefined] : [400, "unauthorized_client"]);
    if (!isAllowed) expect(reason()).toMatchObject({ reason: "grant_type_not_allowed" });
  });

  test("metadata names the grant unless the workspace refuses it", async () => {
    for (const tokenExchange of ["allowed", "refused"] as const) {
      const { issuer } = await exchanging({ tokenExchange });
      const asked = { method: "GET", query: "", headers: [], body: Buffer.alloc(0), address: "", correlationId: "" };
      const { body = "" } = await issuer.metadata(path, asked);
      expect(JSON.parse(body)["grant_types_supported"].includes(grantType)).toBe(tokenExchange === "allowed");
    }
  });
});

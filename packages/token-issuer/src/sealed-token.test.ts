import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Failure, isFailure } from "./failure.ts";
import type { Issuer, SigningKey } from "./index.ts";
import { canSeal, seal, sealedLength } from "./sealed-token.ts";
import { tried } from "./testing/properties.ts";
import { clientId, getToken, newWorld, orders, path, post, url } from "./testing/world.ts";
import { unverifiedIssuer, verifyAccessToken } from "./verify-access-token.ts";

const opaque = { accessTokenFormat: "opaque" } as const;
const now = new Date("2026-03-01T12:00:10Z");

function keyOf(issuer: Issuer) {
  const [key] = issuer.keys;
  if (!key || !canSeal(key)) throw new Error("no key");
  return key;
}

const outcome = (issuer: Issuer, token: string, at = now): string => {
  const verified: object | Failure = verifyAccessToken(issuer, token, at);
  if (!isFailure(verified)) return "ok";
  return verified.reason === "malformed_token" ? verified.problem : verified.reason;
};

/** The token with another header; the rest as it is. */
function withHeader(token: string, change: object): string {
  const [first = "", ...rest] = token.slice(4).split(".");
  const header = { ...JSON.parse(Buffer.from(first, "base64url").toString()), ...change };
  return `mma_${[Buffer.from(JSON.stringify(header)).toString("base64url"), ...rest].join(".")}`;
}

describe("an opaque access token", () => {
  test("shows nothing of its claims, and is answered like a JWT by introspection, forward-auth and check", async () => {
    const { issuer } = await newWorld({ ...opaque, customClaims: { team: "billing" } });
    const token = await getToken(issuer);
    expect(token).toMatch(/^mma_[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
    const seen = token
      .slice(4)
      .split(".")
      .map((part) => Buffer.from(part, "base64url").toString("latin1"))
      .join();
    expect(seen).not.toMatch(/orders|billing/);
    const { json } = await post(issuer.introspect, { token });
    expect(json).toMatchObject({ active: true, iss: url, aud: orders, client_id: clientId, team: "billing" });
    expect(await issuer.check(path, token, orders)).toMatchObject({ claims: { jti: json["jti"] } });
    expect(await issuer.check(path, token, "https://api.example.com/stock")).toMatchObject({
      reason: "wrong_audience",
    });
    expect(unverifiedIssuer(token)).toBe(url);
  });

  test("is dead once it is revoked, once it ends, once its client is cut off", async () => {
    const { issuer, clock, store, workspace } = await newWorld(opaque);
    const [one, two] = [await getToken(issuer), await getToken(issuer)];
    const isActive = async (token: string) => (await post(issuer.introspect, { token })).json["active"];
    expect((await post(issuer.revoke, { token: one })).status).toBe(200);
    expect([await isActive(one), await isActive(two)]).toEqual([false, true]);
    clock.advance(2);
    store.changeClient(workspace, clientId, { tokensNotBefore: clock.now() });
    expect(await isActive(two)).toBe(false);
    store.changeClient(workspace, clientId, { tokensNotBefore: undefined });
    clock.advance(900);
    expect(await isActive(two)).toBe(false);
  });

  test("is what the client's own setting says, whatever the workspace's is", async () => {
    const { issuer, store, workspace } = await newWorld(opaque);
    store.changeClient(workspace, clientId, { accessTokenFormat: "jwt" });
    expect(await getToken(issuer)).toMatch(/^eyJ/);
    store.changeIssuer(workspace, { accessTokenFormat: "jwt" });
    store.changeClient(workspace, clientId, { accessTokenFormat: "opaque" });
    expect(await getToken(issuer)).toMatch(/^mma_/);
  });

  test("cannot be opened by another workspace, whatever it says it was sealed with", async () => {
    const [one, other] = [await newWorld(opaque), await newWorld(opaque)];
    const token = await getToken(one.issuer);
    const foreign = keyOf(other.workspace);
    expect(outcome(other.workspace, token)).toBe("unknown_key");
    expect(outcome(other.workspace, withHeader(token, { kid: foreign.kid }))).toBe("bad_signature");
    const stolen: SigningKey = { ...foreign, kid: keyOf(one.workspace).kid };
    expect(outcome({ ...other.workspace, keys: [stolen] }, token)).toBe("bad_signature");
  });

  test("of one issuer with another one's name inside → refused", async () => {
    const { workspace } = await newWorld(opaque);
    const seconds = now.getTime() / 1000;
    const claims = { iss: "https://evil.example", aud: orders, sub: "x", client_id: "x", jti: "j", scope: "s" };
    const text = JSON.stringify({ ...claims, iat: seconds, exp: seconds + 60 });
    expect(outcome(workspace, seal(keyOf(workspace), url, text))).toBe("wrong_issuer");
  });

  test.each<[string, (token: string) => string, string]>([
    ["another algorithm", (token) => withHeader(token, { alg: "none" }), "header"],
    ["another encryption", (token) => withHeader(token, { enc: "A128CBC-HS256" }), "header"],
    ["another type", (token) => withHeader(token, { typ: "JWT" }), "header"],
    ["no salt", (token) => withHeader(token, { salt: undefined }), "header"],
    ["another salt", (token) => withHeader(token, { salt: "x" }), "bad_signature"],
    ["a member more", (token) => withHeader(token, { crit: ["x"] }), "bad_signature"],
    ["an unknown kid", (token) => withHeader(token, { kid: "x" }), "unknown_key"],
    ["no kid", (token) => withHeader(token, { kid: undefined }), "unknown_key"],
    ["a key of its own", (token) => token.replace("..", ".AAAA."), "not_five_parts"],
    ["a part less", (token) => token.slice(0, token.lastIndexOf(".")), "not_five_parts"],
    ["a part more", (token) => `${token}.AAAA`, "not_five_parts"],
    ["a shorter tag", (token) => token.slice(0, -4), "encoding"],
    ["nothing behind the prefix", () => "mma_", "not_five_parts"],
    ["20,000 characters", (token) => token + "A".repeat(20_000), "too_long"],
    ["its prefix twice", (token) => `mma_${token}`, "encoding"],
    ["no prefix", (token) => token.slice(4), "not_three_parts"],
  ])("with %s → refused", async (_what, change, problem) => {
    const { issuer, workspace } = await newWorld(opaque);
    expect(outcome(workspace, change(await getToken(issuer)))).toBe(problem);
  });

  test("with any one character changed → refused", async () => {
    const { issuer, workspace } = await newWorld(opaque);
    const token = await getToken(issuer);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(..."AZaz09-_."), (at, character) => {
        fc.pre(token[at] !== character);
        expect(outcome(workspace, token.slice(0, at) + character + token.slice(at + 1))).not.toBe("ok");
      }),
      tried,
    );
  });

  test("never has the nonce of another one", async () => {
    const { workspace } = await newWorld(opaque);
    const ivs = Array.from({ length: 1000 }, () => seal(keyOf(workspace), url, "{}").split(".")[2]);
    expect(new Set(ivs).size).toBe(1000);
  });

  test("is as long as was said before it was sealed, and at most 2 KiB", async () => {
    const { workspace } = await newWorld(opaque);
    for (let length = 0; length < 50; length++) {
      const claims = JSON.stringify("é".repeat(length));
      expect(seal(keyOf(workspace), url, claims)).toHaveLength(sealedLength(keyOf(workspace), url, claims));
    }
    const large = await newWorld({ ...opaque, customClaims: { text: "x".repeat(1300) } });
    const { status } = await post(large.issuer.token, { grant_type: "client_credentials", resource: orders });
    expect(status).toBe(400);
  });

  test("is good while its key is published, and dead with it", async () => {
    const { issuer, workspace } = await newWorld(opaque);
    const token = await getToken(issuer);
    const key = keyOf(workspace);
    const at = (change: Partial<SigningKey>) => outcome({ ...workspace, keys: [{ ...key, ...change }] }, token);
    expect(at({ retireAt: now })).toBe("ok");
    expect(at({ removeAt: now })).toBe("unknown_key");
    expect(at({ revokedAt: now })).toBe("unknown_key");
    expect(at({ sealingKey: undefined } as unknown as Partial<SigningKey>)).toBe("unknown_key");
  });

  test("where no key can seal → 503, never a JWT instead", async () => {
    const { issuer, store, workspace } = await newWorld(opaque);
    const { sealingKey: _, ...signsOnly } = keyOf(workspace);
    store.changeIssuer(workspace, { keys: [signsOnly] });
    const { status, json } = await post(issuer.token, { grant_type: "client_credentials", resource: orders });
    expect([status, json["access_token"]]).toEqual([503, undefined]);
  });
});

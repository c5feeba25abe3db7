import { calculateJwkThumbprint, createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { send } from "../support/http.ts";
import { askToken, basic, decodeJwt, type Pairs, post } from "../support/token.ts";
import { type StoryClient, setGrant, useWorld } from "../support/world.ts";
import { expectRefusal, expectToken } from "./answers.ts";

const world = useWorld();
let client: StoryClient;
beforeAll(async () => {
  client = await world.tenant().workspace().resource("orders", ["read", "write"]).client();
});

const keysOf = async (issuer: string) =>
  (await send(`${issuer}/.well-known/jwks.json`)).json() as unknown as JSONWebKeySet;

describe.each(["ES256", "EdDSA", "PS256", "RS256"])("signed with %s (RFC 9068 §2.1, RFC 7515)", (alg) => {
  let signed: StoryClient;
  let token: string;
  beforeAll(async () => {
    const tenant = world.tenant();
    signed = await tenant.workspace({ signingAlgorithm: alg }).resource("orders", ["read"]).client();
    token = expectToken(await askToken(signed)).access_token;
  }, 60_000);

  test("the header → exactly typ at+jwt, the algorithm and a kid; no jku, x5u, jwk or crit", () => {
    const { header } = decodeJwt(token);
    expect(header).toEqual({ typ: "at+jwt", alg, kid: expect.any(String) });
  });

  test("the kid → the RFC 7638 thumbprint of a key in the JWKS", async () => {
    const { header } = decodeJwt(token);
    const key = (await keysOf(signed.workspace.issuer)).keys.find(({ kid }) => kid === header["kid"]);
    expect(key).toMatchObject({ alg, use: "sig" });
    expect(await calculateJwkThumbprint(key ?? {})).toBe(header["kid"]);
  });

  test("jose with the JWKS, issuer and audience → accepts it", async () => {
    const { issuer } = signed.workspace;
    const audience = signed.workspace.resource("orders").identifier;
    const keys = createLocalJWKSet(await keysOf(issuer));
    const { payload } = await jwtVerify(token, keys, { issuer, audience, typ: "at+jwt", algorithms: [alg] });
    expect(payload.sub).toBe(signed.clientId);
  });
});

describe("the claims (RFC 9068 §2.2)", () => {
  test("[A3] → exactly iss, aud, sub = client_id = the client, iat, exp, jti and scope", async () => {
    const before = Math.floor(Date.now() / 1000);
    const { access_token } = expectToken(await askToken(client));
    const { claims } = decodeJwt(access_token);
    expect(claims).toEqual({
      iss: client.workspace.issuer,
      aud: client.workspace.resource("orders").identifier,
      sub: client.clientId,
      client_id: client.clientId,
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.any(String),
      scope: "read write",
    });
    const { iat, exp } = claims as { iat: number; exp: number };
    expect(Number.isInteger(iat) && Number.isInteger(exp)).toBe(true);
    expect(iat).toBeGreaterThanOrEqual(before - 1);
    expect(iat).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000));
  });

  test("iss → {origin}/{tenant}/{workspace}, whatever Host or a forwarded header say", async () => {
    const { issuer } = client.workspace;
    expect(issuer).toMatch(new RegExp(`^${world.origin}/tenant-[0-9]+/workspace-[0-9]+$`));
    for (const name of ["Host", "X-Forwarded-Host", "X-Forwarded-Proto"]) {
      const headers: Pairs = [basic(client), [name, "evil.example.com"]];
      const { access_token } = expectToken(
        await post(client.tokenEndpoint, { grant_type: "client_credentials" }, headers),
      );
      expect([name, decodeJwt(access_token).claims["iss"]]).toEqual([name, issuer]);
    }
  });

  test("200 tokens → 200 different jti of at least 128 bits", async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => askToken(client)));
    const ids = answers.map((answer) => String(decodeJwt(expectToken(answer).access_token).claims["jti"]));
    expect(new Set(ids).size).toBe(200);
    // 22 characters of base62 or base64url hold 128 bits or more.
    for (const id of ids) expect(id).toMatch(/^[\w-]{22,64}$/);
    const everyPlaceVaries = [...Array(22).keys()].map((at) => new Set(ids.map((id) => id.at(-1 - at))).size);
    // 21 letters of six bits and a last one of two or more.
    expect(Math.min(...everyPlaceVaries.slice(1))).toBeGreaterThan(8);
    expect(everyPlaceVaries[0]).toBeGreaterThanOrEqual(4);
  });
});

describe("the lifetime", () => {
  const lifetimeOf = async (asked: StoryClient) => {
    const { expires_in, access_token } = expectToken(await askToken(asked));
    const { iat, exp } = decodeJwt(access_token).claims as { iat: number; exp: number };
    expect(exp - iat).toBe(expires_in);
    return expires_in;
  };
  const setLifetime = (accessTokenLifetime: number) => {
    const { id: workspaceId, admin } = client.workspace;
    return admin.mutate("updateWorkspaceSettings", { workspaceId, accessTokenLifetime }, "workspace { id }");
  };

  test("nothing set → 15 minutes, and expires_in = exp − iat", async () => {
    const fresh = await world.tenant().workspace().resource("orders", ["read"]).client();
    expect(await lifetimeOf(fresh)).toBe(900);
  });

  test.each([60, 3600, 86_400])("the workspace says %i s → that long", async (seconds) => {
    expect((await setLifetime(seconds)).userErrors).toEqual([]);
    expect(await lifetimeOf(client)).toBe(seconds);
  });

  test("the client says less → the shorter wins; more → it does not", async () => {
    await setLifetime(600);
    const say = (accessTokenLifetime: number) =>
      client.workspace.admin.must(
        "updateClientSettings",
        { clientId: client.id, accessTokenLifetime },
        "client { id }",
      );
    await say(120);
    expect(await lifetimeOf(client)).toBe(120);
    await say(1200);
    expect(await lifetimeOf(client)).toBe(600);
  });

  test.each([86_401, 0, -1, 59])("%i s → refused, the lifetime stays", async (seconds) => {
    await setLifetime(600);
    expect((await setLifetime(seconds)).userErrors).toMatchObject([{ code: "INVALID_INPUT" }]);
    expect(await lifetimeOf(client)).toBe(600);
  });
});

describe("the size", () => {
  test("scopes that would make it longer than 2 KiB → 400 invalid_scope; fewer of them → a token of at most 2 KiB", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `scope-${index}-${"x".repeat(60)}`);
    const { workspace } = client;
    const wide = await workspace.addResource("wide", names);
    const big = await workspace.addClient({ grants: {} });
    await setGrant(workspace, big.id, "wide", names);
    expectRefusal(await askToken(big, { resource: wide.identifier }), 400, "invalid_scope");
    for (let count = 1; count <= 10; count++) {
      const { access_token } = expectToken(await askToken(big, { scope: names.slice(0, count).join(" ") }));
      expect(access_token.length).toBeLessThanOrEqual(2048);
    }
  });
});

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { send } from "../support/http.ts";
import { askToken, basic, bearer, decodeJwt, fetchToken, post } from "../support/token.ts";
import { expectPrivate, expectToken } from "./answers.ts";
import { type Program, startProgram } from "./program/install.ts";

const orders = "https://orders.example.com/";
let program: Program;
beforeAll(async () => {
  program = await startProgram();
}, 120_000);
afterAll(() => program?.stop());

const issuerOf = (workspace: string) => `${program.origin}/acme/${workspace}`;
const robot = (workspace = "es256") => ({
  tokenEndpoint: `${issuerOf(workspace)}/oauth2/token`,
  clientId: "robot",
  clientSecret: "a-secret-of-more-than-32-characters",
});
const tell = async (path: string, wish: object) =>
  (await send(`${program.origin}/program/${path}`, { method: "POST", body: JSON.stringify(wish) })).json();
const introspect = async (token: string, workspace = "es256") =>
  (await post(`${issuerOf(workspace)}/oauth2/introspect`, { token }, [basic(robot())])).body;
const verify = (token: string, workspace = "es256") =>
  send(`${issuerOf(workspace)}/oauth2/verify?resource=${encodeURIComponent(orders)}`, { headers: [bearer(token)] });
const INACTIVE = '{"active":false}';

/** Both ways to have a token checked agree that it is none. */
async function expectInvalid(token: string, workspace = "es256") {
  expect(await introspect(token, workspace)).toBe(INACTIVE);
  const answer = await verify(token, workspace);
  expect(answer.status).toBe(401);
  expect(answer.headers["www-authenticate"]).toMatch(/^Bearer .*error="invalid_token"/);
}
async function expectValid(token: string, workspace = "es256") {
  expect(JSON.parse(await introspect(token, workspace))).toMatchObject({ active: true });
  expect((await verify(token, workspace)).status).toBe(200);
}

describe("[C6] the packed issuer in somebody else's Node program", () => {
  test("its folder → the package and jose, nothing else: no database, no GraphQL, no web framework", async () => {
    const modules = join(program.folder, "node_modules");
    expect((await readdir(modules)).sort()).toEqual(["@mintmark", "jose"]);
    const manifest = JSON.parse(await readFile(join(modules, "@mintmark/token-issuer/package.json"), "utf8"));
    expect(Object.keys(manifest.dependencies)).toEqual(["jose"]);
    expect(manifest.dependencies.jose).toMatch(/^\d/);
    expect(manifest).not.toHaveProperty("devDependencies.drizzle-orm");
  });

  test.each(["ES256", "EdDSA", "PS256", "RS256"])(
    "%s: a token is issued, verified by jose, introspected, revoked",
    async (alg) => {
      const workspace = alg.toLowerCase();
      const issuer = issuerOf(workspace);
      const answer = await askToken(robot(workspace));
      const { access_token, scope } = expectToken(answer);
      expectPrivate(answer);
      expect(scope).toBe("read");
      const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
      const { payload } = await jwtVerify(access_token, keys, {
        issuer,
        audience: orders,
        typ: "at+jwt",
        algorithms: [alg],
      });
      expect(payload.sub).toBe("robot");
      await expectValid(access_token, workspace);
      await post(`${issuer}/oauth2/revoke`, { token: access_token }, [basic(robot())]);
      await expectInvalid(access_token, workspace);
    },
  );

  test("more than was granted → invalid_scope; a wrong secret → invalid_client; each decision is in its store's log", async () => {
    expect((await askToken(robot(), { scope: "write" })).json()).toMatchObject({ error: "invalid_scope" });
    expect((await askToken({ ...robot(), clientSecret: "x" })).json()).toMatchObject({ error: "invalid_client" });
    const log = (await tell("log", {}))["log"] as unknown[];
    expect(log.length).toBeGreaterThanOrEqual(2);
  });
});

describe("incident 13: expiry to the second", () => {
  test.each([
    [-1000, true],
    [-1, true],
    [0, false],
    [1, false],
    [1000, false],
  ])("exp and %i ms → active: %s", async (offset, active) => {
    const token = await fetchToken(robot());
    const exp = Number(decodeJwt(token).claims["exp"]);
    await tell("clock", { now: exp * 1000 + offset });
    try {
      if (active) await expectValid(token);
      else await expectInvalid(token);
    } finally {
      await tell("clock", {});
    }
  });

  test("iat far ahead of the checker's clock → inactive", async () => {
    const token = await fetchToken(robot());
    await tell("clock", { now: Date.now() - 3_600_000 });
    try {
      expect(await introspect(token)).toBe(INACTIVE);
    } finally {
      await tell("clock", {});
    }
  });
});

describe("incident 3: what the right key signed, in a wrong form → invalid (RFC 8725)", () => {
  let header: Record<string, unknown>;
  let claims: Record<string, unknown>;
  beforeAll(async () => {
    ({ header, claims } = decodeJwt(await fetchToken(robot())));
  });
  const text = JSON.stringify;
  const forge = async (head: string, payload: string) =>
    String((await tell("forge", { workspace: "es256", header: head, payload }))["token"]);

  test("control: the same header and claims, signed again → valid", async () => {
    await expectValid(await forge(text(header), text(claims)));
  });

  const heads: readonly (readonly [string, () => string])[] = [
    ["crit with an unknown name", () => text({ ...header, crit: ["x"], x: 1 })],
    ["crit empty", () => text({ ...header, crit: [] })],
    ["b64: false", () => text({ ...header, b64: false, crit: ["b64"] })],
    ["b64: true", () => text({ ...header, b64: true })],
    ["jwk", () => text({ ...header, jwk: {} })],
    ["jku", () => text({ ...header, jku: "https://evil.example/jwks" })],
    ["x5u", () => text({ ...header, x5u: "https://evil.example/x" })],
    ["x5c", () => text({ ...header, x5c: [] })],
    ["zip", () => text({ ...header, zip: "DEF" })],
    ["alg none", () => text({ ...header, alg: "none" })],
    ["alg HS256", () => text({ ...header, alg: "HS256" })],
    ["alg of another key type", () => text({ ...header, alg: "RS256" })],
    ["alg in another case", () => text({ ...header, alg: "es256" })],
    ["alg absent", () => text({ typ: header["typ"], kid: header["kid"] })],
    ["kid absent", () => text({ typ: header["typ"], alg: header["alg"] })],
    ["kid of nobody", () => text({ ...header, kid: "nobody" })],
    ["kid as a list", () => text({ ...header, kid: [header["kid"]] })],
    ["typ JWT", () => text({ ...header, typ: "JWT" })],
    ["typ absent", () => text({ alg: header["alg"], kid: header["kid"] })],
    ["kid twice", () => text(header).replace("{", `{"kid":"x",`)],
    ["alg twice", () => text(header).replace("{", `{"alg":"ES256",`)],
    ["an array", () => text([header])],
    ["no JSON", () => "{"],
    ["bytes that are no UTF-8 text after the JSON", () => `${text(header)}\0`],
  ];
  test.each(heads)("header with %s → invalid", async (_condition, head) => {
    await expectInvalid(await forge(head(), text(claims)));
  });

  const payloads: readonly (readonly [string, () => string])[] = [
    ["an array", () => text([claims])],
    ["a string", () => text("x")],
    ["null", () => "null"],
    ["nothing", () => ""],
    ["scope twice", () => text(claims).replace("{", `{"scope":"admin",`)],
    ["aud twice", () => text(claims).replace("{", `{"aud":"https://other.example/",`)],
    ["exp twice", () => text(claims).replace("{", `{"exp":9999999999,`)],
    ["exp as a string", () => text({ ...claims, exp: String(claims["exp"]) })],
    ["exp absent", () => text({ ...claims, exp: undefined })],
    ["exp null", () => text({ ...claims, exp: null })],
    ["exp beyond numbers", () => text(claims).replace(/"exp":\d+/, '"exp":1e999')],
    ["exp negative", () => text({ ...claims, exp: -1 })],
    ["iat absent", () => text({ ...claims, iat: undefined })],
    ["jti absent", () => text({ ...claims, jti: undefined })],
    ["scope absent", () => text({ ...claims, scope: undefined })],
    ["aud absent", () => text({ ...claims, aud: undefined })],
    ["aud empty", () => text({ ...claims, aud: [] })],
    ["iss of another issuer", () => text({ ...claims, iss: `${String(claims["iss"])}x` })],
    ["iss with a slash more", () => text({ ...claims, iss: `${String(claims["iss"])}/` })],
    ["iss absent", () => text({ ...claims, iss: undefined })],
    ["sub another than client_id", () => text({ ...claims, sub: "somebody" })],
    ["client_id absent", () => text({ ...claims, client_id: undefined })],
    ["a client nobody knows", () => text({ ...claims, sub: "ghost", client_id: "ghost" })],
    ["nbf far ahead", () => text({ ...claims, nbf: Number(claims["exp"]) })],
  ];
  test.each(payloads)("payload with %s → invalid", async (_condition, payload) => {
    await expectInvalid(await forge(text(header), payload()));
  });

  test("another resource's aud → valid for introspection by its client, refused where that resource is asked for", async () => {
    const answer = await verify(await forge(text(header), text({ ...claims, aud: "https://other.example/" })));
    expect(answer.status).toBe(401);
  });
});

import { beforeAll, describe, expect, test } from "vitest";
import { eventually, send } from "../support/http.ts";
import { withShortLivedKeySets } from "../support/short-lived-key-sets.ts";
import { decodeJwt, fetchToken } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";

const world = useWorld();
let client: StoryClient;
beforeAll(async () => {
  client = await world.tenant().workspace().resource("orders", ["read"]).client();
});

interface Jwk {
  readonly [member: string]: string;
}
const url = (of = client) => `${of.workspace.issuer}/.well-known/jwks.json`;
const keysOf = async (of = client) => (await send(url(of))).json()["keys"] as Jwk[];

describe("the JWK Set (RFC 7517 §5)", () => {
  test.each([
    ["ES256", ["alg", "crv", "kid", "kty", "use", "x", "y"]],
    ["EdDSA", ["alg", "crv", "kid", "kty", "use", "x"]],
    ["PS256", ["alg", "e", "kid", "kty", "n", "use"]],
    ["RS256", ["alg", "e", "kid", "kty", "n", "use"]],
  ])("%s keys → public members only, use sig, their alg", async (signingAlgorithm, members) => {
    const other = await world.tenant().workspace({ signingAlgorithm }).resource("orders", ["read"]).client();
    const keys = await keysOf(other);
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(members);
      expect(key).toMatchObject({ use: "sig", alg: signingAlgorithm });
    }
    const { header } = decodeJwt(await fetchToken(other));
    expect(keys.map(({ kid }) => kid)).toContain(header["kid"]);
  });

  test("kids → unique, and no key stands in two issuers' sets", async () => {
    const other = await world.tenant().workspace().resource("orders", ["read"]).client();
    const kids = [...(await keysOf()), ...(await keysOf(other))].map(({ kid }) => kid);
    expect(new Set(kids).size).toBe(kids.length);
  });

  test("RSA keys → at least 2048 bits and exponent 65537", async () => {
    const story = world.tenant().workspace({ signingAlgorithm: "RS256" });
    for (const { n = "", e } of await keysOf(await story.resource("orders", ["read"]).client())) {
      expect(Buffer.from(n, "base64url").length).toBeGreaterThanOrEqual(256);
      expect(e).toBe("AQAB");
    }
  });
});

describe("caching (RFC 9111, ours)", () => {
  test("GET → Cache-Control: public, max-age=300 and an ETag; any origin may read", async () => {
    const { status, headers } = await send(url(), { headers: [["Origin", "https://app.example.com"]] });
    expect(status).toBe(200);
    expect(headers["content-type"]).toMatch(/^application\/(jwk-set\+)?json/);
    expect(headers["cache-control"]).toBe("public, max-age=300");
    expect(headers["etag"]).toMatch(/^(W\/)?"[^"]+"$/);
    expect(headers["access-control-allow-origin"]).toBe("*");
    expect(headers["set-cookie"]).toBeUndefined();
  });

  test("If-None-Match with the ETag, in a list, weak, or * → 304 without a body", async () => {
    const etag = String((await send(url())).headers["etag"]);
    for (const value of [etag, `"other", ${etag}`, `W/${etag.replace(/^W\//, "")}`, "*"]) {
      const answer = await send(url(), { headers: [["If-None-Match", value]] });
      expect([value, answer.status, answer.body]).toEqual([value, 304, ""]);
      expect(answer.headers["etag"]).toBe(etag);
      expect(answer.headers["cache-control"]).toBe("public, max-age=300");
    }
  });

  test("If-None-Match with another ETag → 200", async () => {
    expect((await send(url(), { headers: [["If-None-Match", '"other"']] })).status).toBe(200);
  });

  test("HEAD → 200 without a body; POST → 405 that names GET", async () => {
    expect(await send(url(), { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
    const answer = await send(url(), { method: "POST", body: "" });
    expect(answer.status).toBe(405);
    expect(answer.headers["allow"]).toMatch(/\bGET\b/);
  });

  test("an unknown issuer → 404", async () => {
    expect((await send(`${world.origin}/no/such/.well-known/jwks.json`)).status).toBe(404);
  });
});

describe("[S8] another algorithm is chosen (ours)", () => {
  test("→ its key is published at once, with a new ETag; the former signs until 2 × max-age has passed; old tokens stay good", async () => {
    const chosen = await withShortLivedKeySets(world, () =>
      world.tenant().workspace().resource("orders", ["read"]).client(),
    );
    const { id: workspaceId, admin } = chosen.workspace;
    const set = (input: object) => admin.must("updateWorkspaceSettings", { workspaceId, ...input }, "workspace { id }");
    const before = await send(url(chosen));
    expect(before.headers["cache-control"]).toBe("public, max-age=1");
    const old = await fetchToken(chosen);

    await set({ signingAlgorithm: "EdDSA" });
    const after = await send(url(chosen));
    expect(after.headers["etag"]).not.toBe(before.headers["etag"]);
    expect(new Set((await keysOf(chosen)).map(({ alg }) => alg))).toEqual(new Set(["ES256", "EdDSA"]));
    expect(decodeJwt(await fetchToken(chosen)).header["alg"]).toBe("ES256");

    const algorithm = async () => decodeJwt(await fetchToken(chosen)).header["alg"];
    await eventually(algorithm, (alg) => alg === "EdDSA", 30);
    expect((await keysOf(chosen)).map(({ kid }) => kid)).toContain(decodeJwt(old).header["kid"]);
  });
});

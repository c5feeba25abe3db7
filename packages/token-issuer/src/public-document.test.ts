import { describe, expect, test } from "vitest";
import { metadata } from "./metadata.ts";
import { newWorld, path, request, url } from "./testing/world.ts";

const get = (headers: [string, string][] = []) => request({ method: "GET", headers });

describe.each(["jwks", "metadata"] as const)("%s", (name) => {
  test("may be read by every page and kept for a while", async () => {
    const { issuer } = await newWorld({ jwksMaxAge: 120 });
    const { status, headers } = await issuer[name](path, get());
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "Content-Type": "application/json",
      "Cache-Control": "public, max-age=120",
      "Access-Control-Allow-Origin": "*",
      ETag: expect.stringMatching(/^"[A-Za-z0-9_-]{43}"$/),
    });
  });

  test("is not sent again to who has it", async () => {
    const { issuer } = await newWorld();
    const { headers } = await issuer[name](path, get());
    const etag = headers["ETag"] ?? "";
    for (const value of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
      const again = await issuer[name](path, get([["If-None-Match", value]]));
      expect([again.status, again.body, again.headers["ETag"]]).toEqual([304, undefined, etag]);
    }
    expect((await issuer[name](path, get([["If-None-Match", '"x"']]))).status).toBe(200);
  });

  test("answers HEAD without a body and OPTIONS with what is allowed", async () => {
    const { issuer } = await newWorld();
    const head = await issuer[name](path, request({ method: "HEAD" }));
    expect([head.status, head.body]).toEqual([200, undefined]);
    const options = await issuer[name](path, request({ method: "OPTIONS" }));
    expect([options.status, options.headers["Allow"]]).toEqual([204, "GET, HEAD"]);
    const post = await issuer[name](path, request());
    expect([post.status, post.headers["Allow"]]).toEqual([405, "GET, HEAD"]);
  });

  test("stays readable while the issuer is suspended, and is absent where there is none", async () => {
    const { issuer, store, workspace } = await newWorld();
    store.changeIssuer(workspace, { status: "suspended" });
    expect((await issuer[name](path, get())).status).toBe(200);
    expect((await issuer[name]({ tenant: "acme", workspace: "PAYMENTS" }, get())).status).toBe(404);
  });
});

test("the JWK Set holds the published keys and only their public members", async () => {
  const { issuer, store, workspace, clock } = await newWorld({ signingAlgorithm: "RS256" });
  const [key] = workspace.keys;
  if (!key) throw new Error("no key");
  const [past, future] = [new Date(clock.now().getTime() - 1), new Date(clock.now().getTime() + 1)];
  store.changeIssuer(workspace, {
    keys: [
      { ...key, publicJwk: { ...key.publicJwk, d: "private", p: "private", kid: "forged" } },
      { ...key, kid: "next", publishAt: clock.now(), activateAt: future },
      { ...key, kid: "retiring", retireAt: past, removeAt: future },
      { ...key, kid: "removed", removeAt: clock.now() },
      { ...key, kid: "revoked", revokedAt: past },
      { ...key, kid: "planned", publishAt: future },
    ],
  });
  const { keys } = JSON.parse((await issuer.jwks(path, get())).body ?? "");
  expect(new Set(keys.map((jwk: { kid: string }) => jwk.kid))).toEqual(new Set([key.kid, "next", "retiring"]));
  for (const jwk of keys) expect(Object.keys(jwk).sort()).toEqual(["alg", "e", "kid", "kty", "n", "use"]);
});

test("the metadata names the stored issuer and endpoints below it, whatever the request says", async () => {
  const { issuer } = await newWorld({ clientAuthenticationMethods: ["client_secret_basic"] });
  const { body } = await issuer.metadata(
    path,
    get([
      ["Host", "evil.example"],
      ["X-Forwarded-Host", "evil.example"],
    ]),
  );
  expect(JSON.parse(body ?? "")).toEqual({
    issuer: url,
    token_endpoint: `${url}/oauth2/token`,
    token_endpoint_auth_methods_supported: ["client_secret_basic"],
    jwks_uri: `${url}/.well-known/jwks.json`,
    introspection_endpoint: `${url}/oauth2/introspect`,
    introspection_endpoint_auth_methods_supported: ["client_secret_basic"],
    introspection_signing_alg_values_supported: ["ES256"],
    revocation_endpoint: `${url}/oauth2/revoke`,
    revocation_endpoint_auth_methods_supported: ["client_secret_basic"],
    dpop_signing_alg_values_supported: ["ES256", "EdDSA", "Ed25519", "PS256", "RS256"],
    grant_types_supported: ["client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange"],
    response_types_supported: [],
  });
});

test("a new signing algorithm whose first key waits → introspection names both: the one before still signs", async () => {
  const { workspace } = await newWorld();
  const changing = { ...workspace, signingAlgorithm: "EdDSA", signingAlgorithmBefore: "ES256" } as const;
  const { introspection_signing_alg_values_supported: algorithms } = JSON.parse(metadata(changing, undefined));
  expect(algorithms).toEqual(["EdDSA", "ES256"]);
});

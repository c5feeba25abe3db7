import { randomUUID } from "node:crypto";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose";
import * as oauth from "oauth4webapi";
import { beforeAll, describe, expect, test } from "vitest";
import { post } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";

const world = useWorld();
const insecure = { [oauth.allowInsecureRequests]: true };
const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

let client: StoryClient;
let server: oauth.AuthorizationServer;
beforeAll(async () => {
  client = await world.tenant().workspace().resource("orders", ["read"]).client();
  const issuer = new URL(client.workspace.issuer);
  const found = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...insecure });
  server = await oauth.processDiscoveryResponse(issuer, found);
});

/** Registers the public half of a new key pair. @returns the private half, and the key's id */
async function register(form: "jwk" | "pem" = "jwk", alg = "ES256", kid: string | undefined = randomUUID()) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), ...(kid && { kid }) };
  const { admin } = client.workspace;
  const made = await admin.must(
    "createClientKey",
    { clientId: client.id, publicKey: form === "jwk" ? JSON.stringify(jwk) : await exportSPKI(publicKey) },
    "clientKey { id kid }",
  );
  const { id, kid: named } = made["clientKey"] as { id: string; kid: string };
  return { id, kid: named, privateKey };
}

const tokenBy = async (privateKey: CryptoKey, kid?: string) => {
  const self = { client_id: client.clientId };
  const auth = oauth.PrivateKeyJwt(kid ? { key: privateKey, kid } : privateKey);
  const answer = await oauth.clientCredentialsGrantRequest(server, self, auth, {}, insecure);
  return oauth.processClientCredentialsResponse(server, self, answer);
};

const assertion = (privateKey: CryptoKey, claims: object = {}) =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: "ES256" })
    .setIssuer(client.clientId)
    .setSubject(client.clientId)
    .setAudience(client.workspace.issuer)
    .setIssuedAt()
    .setExpirationTime("1m")
    .setJti(randomUUID())
    .sign(privateKey);
const present = (client_assertion: string, path = "token", more: Readonly<Record<string, string>> = {}) =>
  post(`${client.workspace.issuer}/oauth2/${path}`, {
    grant_type: "client_credentials",
    client_assertion_type: type,
    client_assertion,
    ...more,
  });

describe("private_key_jwt (RFC 7523 §2.2) with another author's client", () => {
  test.each([
    ["jwk", "ES256"],
    ["pem", "ES256"],
    ["jwk", "EdDSA"],
    ["jwk", "PS256"],
    ["pem", "RS256"],
  ] as const)("a key registered as %s for %s → a token", async (form, alg) => {
    const { privateKey, kid } = await register(form, alg);
    expect(await tokenBy(privateKey, kid)).toMatchObject({ token_type: "bearer", scope: "read" });
  });

  test("the key revoked → refused from the next request on; a second key goes on", async () => {
    const [first, second] = [await register(), await register()];
    await tokenBy(first.privateKey);
    await client.workspace.admin.must("revokeClientKey", { id: first.id }, "clientKey { revokedAt }");
    await expect(tokenBy(first.privateKey)).rejects.toMatchObject({ error: "invalid_client" });
    await tokenBy(second.privateKey);
  });

  test("the key revoked together with the client's tokens → those are inactive", async () => {
    const { id, privateKey } = await register();
    const { access_token: token } = await tokenBy(privateKey);
    const { privateKey: other } = await register();
    const isActive = async () => (await present(await assertion(other), "introspect", { token })).json()["active"];
    expect(await isActive()).toBe(true);
    await client.workspace.admin.must("revokeClientKey", { id, withTokens: true }, "clientKey { revokedAt }");
    expect(await isActive()).toBe(false);
  });

  test("metadata → names the method and its algorithms wherever a client authenticates (RFC 8414 §2)", () => {
    for (const endpoint of ["token", "introspection", "revocation"])
      expect(server).toMatchObject({
        [`${endpoint}_endpoint_auth_methods_supported`]: expect.arrayContaining(["private_key_jwt"]),
        [`${endpoint}_endpoint_auth_signing_alg_values_supported`]: ["ES256", "EdDSA", "Ed25519", "PS256", "RS256"],
      });
  });
});

describe("an assertion is used once (RFC 7523 §3)", () => {
  test("ten at once, and again later → one token", async () => {
    const { privateKey } = await register();
    const once = await assertion(privateKey);
    const answers = await Promise.all(Array.from({ length: 10 }, () => present(once)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(9).fill(401)]);
    const again = await present(once);
    expect([again.status, again.json()["error_description"]]).toEqual([401, expect.stringMatching(/used before/)]);
  });

  test("ten different ones at once → ten tokens", async () => {
    const { privateKey } = await register();
    const all = await Promise.all(Array.from({ length: 10 }, () => assertion(privateKey)));
    const answers = await Promise.all(all.map((one) => present(one)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  test("at introspection and at revocation → each lets it in once", async () => {
    const { privateKey } = await register();
    for (const path of ["introspect", "revoke"]) {
      const once = await assertion(privateKey);
      const statuses = [await present(once, path, { token: "x" }), await present(once, path, { token: "x" })];
      expect(statuses.map(({ status }) => status)).toEqual([200, 401]);
    }
  });
});

describe("what is no public key → refused by name, and nothing is kept", () => {
  test.each([
    ["a private key", async () => JSON.stringify(await exportJWK((await pair()).privateKey)), /private key/],
    ["a word", async () => "mystery", /no public key/],
    ["an unknown curve", async () => JSON.stringify({ kty: "EC", crv: "P-521", x: "AA", y: "AA" }), /kind/],
  ])("%s", async (_, text, message) => {
    const publicKey = await text();
    const answer = await client.workspace.admin.mutate(
      "createClientKey",
      { clientId: client.id, publicKey },
      "__typename",
    );
    expect(answer.userErrors).toMatchObject([{ code: "INVALID_INPUT", path: ["publicKey"] }]);
    expect(JSON.stringify(answer.userErrors)).toMatch(message);
    expect(JSON.stringify(answer)).not.toContain(publicKey);
  });

  test("a key that the client has, under whatever name → ALREADY_EXISTS", async () => {
    const jwk = await exportJWK((await pair()).publicKey);
    const { id: clientId } = await client.workspace.addClient();
    const keep = (more: object) =>
      client.workspace.admin.mutate(
        "createClientKey",
        {
          clientId,
          publicKey: JSON.stringify({ ...jwk, ...more }),
        },
        "__typename",
      );
    expect((await keep({ kid: "one" })).userErrors).toEqual([]);
    for (const more of [{ kid: "one" }, { kid: "two" }, { alg: "ES256" }, {}])
      expect((await keep(more)).userErrors).toMatchObject([{ code: "ALREADY_EXISTS", path: ["publicKey"] }]);
  });
});

const pair = () => generateKeyPair("ES256", { extractable: true });

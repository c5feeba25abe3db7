import { randomUUID } from "node:crypto";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import * as oauth from "oauth4webapi";
import { beforeAll, describe, expect, test } from "vitest";
import { postGraphQL } from "../support/graphql.ts";
import { eventually, send } from "../support/http.ts";
import { basic, decodeJwt, type Pairs, post } from "../support/token.ts";
import { addResourceServer, type StoryClient, useWorld } from "../support/world.ts";

const world = useWorld();
const insecure = { [oauth.allowInsecureRequests]: true };

let client: StoryClient;
let server: oauth.AuthorizationServer;
beforeAll(async () => {
  client = await world.tenant().workspace().resource("orders", ["read"]).client();
  server = await discovered(client.workspace.issuer);
});

async function discovered(issuer: string): Promise<oauth.AuthorizationServer> {
  const found = await oauth.discoveryRequest(new URL(issuer), { algorithm: "oauth2", ...insecure });
  return oauth.processDiscoveryResponse(new URL(issuer), found);
}

const self = (): oauth.Client => ({ client_id: client.clientId });
const bySecret = () => oauth.ClientSecretBasic(client.clientSecret);

/** A token by the other author's client; it repeats by itself what lacked a nonce, once, as its manual says. */
async function obtain(auth: oauth.ClientAuth, DPoP: oauth.DPoPHandle) {
  const ask = async () =>
    oauth.processClientCredentialsResponse(
      server,
      self(),
      await oauth.clientCredentialsGrantRequest(server, self(), auth, {}, { DPoP, ...insecure }),
    );
  return ask().catch((error: unknown) => {
    if (!oauth.isDPoPNonceError(error)) throw error;
    return ask();
  });
}

async function keyPair(alg = "ES256") {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { publicKey, privateKey, jwk: await exportJWK(publicKey), alg };
}
type Keys = Awaited<ReturnType<typeof keyPair>>;

/** A proof by hand. */
const proof = ({ privateKey, jwk, alg }: Keys, claims: object) =>
  new SignJWT({ jti: randomUUID(), ...claims })
    .setIssuedAt()
    .setProtectedHeader({ alg, typ: "dpop+jwt", jwk })
    .sign(privateKey);

const ask = (headers: Pairs) =>
  post(client.tokenEndpoint, { grant_type: "client_credentials" }, [basic(client), ...headers]);
const nonceOf = async (keys: Keys) => {
  const answer = await ask([["DPoP", await proof(keys, { htm: "POST", htu: client.tokenEndpoint })]]);
  return String(answer.headers["dpop-nonce"]);
};
const sha256 = async (text: string) =>
  Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(text))).toString("base64url");

describe("DPoP (RFC 9449) with another author's client", () => {
  test.each(["ES256", "PS256", "RS256", "Ed25519"])(
    "a proof with %s, by secret and by private_key_jwt → a token bound to its key, after a nonce",
    async (alg) => {
      const keys = await keyPair(alg);
      const signing = await generateKeyPair("ES256", { extractable: true });
      const publicKey = JSON.stringify(await exportJWK(signing.publicKey));
      await client.workspace.admin.must("createClientKey", { clientId: client.id, publicKey }, "clientKey { id }");
      for (const auth of [
        bySecret(),
        oauth.ClientSecretPost(client.clientSecret),
        oauth.PrivateKeyJwt(signing.privateKey),
      ]) {
        const answer = await obtain(auth, oauth.DPoP(self(), keys));
        expect(answer.token_type).toBe("dpop");
        expect(decodeJwt(answer.access_token).claims["cnf"]).toEqual({ jkt: await calculateJwkThumbprint(keys.jwk) });
      }
    },
    60_000,
  );

  test("its own check of a token that came with a proof → let in; with another key's → refused", async () => {
    const [keys, others] = [await keyPair(), await keyPair()];
    const { access_token: token } = await obtain(bySecret(), oauth.DPoP(self(), keys));
    const url = "https://orders.example.com/7";
    const requestBy = async (by: Keys) =>
      new Request(url, {
        headers: {
          Authorization: `DPoP ${token}`,
          DPoP: await proof(by, { htm: "GET", htu: url, ath: await sha256(token) }),
        },
      });
    const check = async (by: Keys) =>
      oauth.validateJwtAccessToken(server, await requestBy(by), "https://orders.example.com/", insecure);
    expect((await check(keys)).cnf).toMatchObject({ jkt: await calculateJwkThumbprint(keys.jwk) });
    await expect(check(others)).rejects.toThrow();
  });

  test("metadata → names the algorithms (RFC 9449 §5.1)", () => {
    expect(server.dpop_signing_alg_values_supported).toEqual(["ES256", "EdDSA", "Ed25519", "PS256", "RS256"]);
  });
});

describe("a proof is used once, a nonce is anybody's", () => {
  test("incident 10: ten requests at once with one proof → one token; again later → none", async () => {
    const keys = await keyPair();
    const once = await proof(keys, { htm: "POST", htu: client.tokenEndpoint, nonce: await nonceOf(keys) });
    const all = await Promise.all(Array.from({ length: 10 }, () => ask([["DPoP", once]])));
    expect(all.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(9).fill(400)]);
    expect((await ask([["DPoP", once]])).json()).toMatchObject({ error: "invalid_dpop_proof" });
  });

  test("ten different ones at once with one nonce → ten tokens", async () => {
    const keys = await keyPair();
    const nonce = await nonceOf(keys);
    const all = await Promise.all(
      Array.from({ length: 10 }, () => proof(keys, { htm: "POST", htu: client.tokenEndpoint, nonce })),
    );
    const answers = await Promise.all(all.map((one) => ask([["DPoP", one]])));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  test("another workspace's nonce → use_dpop_nonce with one of this", async () => {
    const keys = await keyPair();
    const far = await world.tenant().workspace().resource("orders", ["read"]).client();
    const theirs = await post(far.tokenEndpoint, { grant_type: "client_credentials" }, [
      basic(far),
      ["DPoP", await proof(keys, { htm: "POST", htu: far.tokenEndpoint })],
    ]);
    const nonce = String(theirs.headers["dpop-nonce"]);
    const answer = await ask([["DPoP", await proof(keys, { htm: "POST", htu: client.tokenEndpoint, nonce })]]);
    expect([answer.status, answer.json()["error"]]).toEqual([400, "use_dpop_nonce"]);
    expect(answer.headers["dpop-nonce"]).toMatch(/^[\w-]+$/);
  });
});

describe("a client whose tokens have to be bound (dpop_bound_access_tokens)", () => {
  test("required for it → no bearer token from the next request on; by its workspace → for everybody there", async () => {
    const own = await world.tenant().workspace().resource("orders", ["read"]).client();
    const status = async (one: StoryClient) => {
      const answer = await post(one.tokenEndpoint, { grant_type: "client_credentials" }, [basic(one)]);
      return answer.status === 200 ? 200 : answer.json()["error"];
    };
    const beside = await own.workspace.addClient();
    const { admin, id: workspaceId } = own.workspace;
    await admin.must("updateClientSettings", { clientId: own.id, dpop: "REQUIRED" }, "client { id }");
    const refused = async (one: StoryClient) =>
      eventually(
        () => status(one),
        (it) => it === "invalid_request",
      );
    await refused(own);
    expect(await status(beside)).toBe(200);
    await admin.must("updateWorkspaceSettings", { workspaceId, dpop: "REQUIRED" }, "workspace { id }");
    await refused(beside);
    // The stricter wins: the client cannot take it back.
    await admin.must("updateClientSettings", { clientId: beside.id, dpop: "OPTIONAL" }, "client { id }");
    expect(await status(beside)).toBe("invalid_request");
  });
});

describe("a bound token at the forward-auth endpoint, and introspected", () => {
  const verify = (headers: Pairs) =>
    send(`${client.workspace.issuer}/oauth2/verify?resource=https://orders.example.com/&scope=read`, { headers });
  const forwarded: Pairs = [
    ["X-Forwarded-Method", "DELETE"],
    ["X-Forwarded-Proto", "https"],
    ["X-Forwarded-Host", "orders.example.com"],
    ["X-Forwarded-Uri", "/7?now=1"],
  ];

  test("with a proof for the forwarded request → 200 once; as a bearer token → 401 that asks for DPoP", async () => {
    const keys = await keyPair();
    const { access_token: token } = await obtain(bySecret(), oauth.DPoP(self(), keys));
    const claims = { htm: "DELETE", htu: "https://orders.example.com/7", ath: await sha256(token) };
    const shown: Pairs = [...forwarded, ["Authorization", `DPoP ${token}`], ["DPoP", await proof(keys, claims)]];
    expect((await verify(shown)).status).toBe(200);
    expect((await verify(shown)).status).toBe(401);
    const stolen = await verify([...forwarded, ["Authorization", `Bearer ${token}`]]);
    expect([stolen.status, stolen.headers["www-authenticate"]]).toEqual([401, expect.stringMatching(/^DPoP .*algs=/)]);
  });

  test("introspection → its binding and its type, to whom it may concern", async () => {
    const keys = await keyPair();
    const { access_token: token } = await obtain(bySecret(), oauth.DPoP(self(), keys));
    const api = await client.workspace.addClient({ grants: {} });
    await addResourceServer(client.workspace, "orders", api.id);
    const answer = await post(`${client.workspace.issuer}/oauth2/introspect`, { token }, [basic(api)]);
    expect(answer.json()).toMatchObject({
      active: true,
      token_type: "DPoP",
      cnf: { jkt: await calculateJwkThumbprint(keys.jwk) },
    });
  });
});

describe("Mintmark's own Admin API takes bound tokens", () => {
  test("[S13] with a proof → answered, once; as a bearer token, or with another address's proof → 401", async () => {
    const { adminClient } = await world.tenant().ready();
    const keys = await keyPair();
    const api = await discovered(adminClient.tokenEndpoint.replace("/oauth2/token", ""));
    const me: oauth.Client = { client_id: adminClient.clientId };
    const DPoP = oauth.DPoP(me, keys);
    const auth = oauth.ClientSecretBasic(adminClient.clientSecret);
    const request = () =>
      oauth.clientCredentialsGrantRequest(api, me, auth, { resource: adminClient.resource }, { DPoP, ...insecure });
    const first = oauth.processClientCredentialsResponse(api, me, await request());
    const { access_token: token } = await first.catch(async () =>
      oauth.processClientCredentialsResponse(api, me, await request()),
    );

    const body = new TextEncoder().encode(JSON.stringify({ query: "{ viewer { __typename } }" }));
    const headers = new Headers({ "Content-Type": "application/json" });
    const url = new URL(world.graphqlUrl);
    const answer = await oauth.protectedResourceRequest(token, "POST", url, headers, body, { DPoP, ...insecure });
    expect(answer.status).toBe(200);

    const call = (pairs: [string, string][]) =>
      postGraphQL(world.graphqlUrl, { query: "{ viewer { __typename } }" }, pairs);
    const stolen = await call([["Authorization", `Bearer ${token}`]]);
    expect([stolen.status, stolen.headers["www-authenticate"]]).toEqual([401, expect.stringMatching(/^DPoP .*algs=/)]);
    const claims = { htm: "POST", htu: world.graphqlUrl, ath: await sha256(token) };
    const by = async (change: object = {}): Promise<[string, string][]> => [
      ["Authorization", `DPoP ${token}`],
      ["DPoP", await proof(keys, { ...claims, ...change })],
    ];
    const once = await by();
    expect([(await call(once)).status, (await call(once)).status]).toEqual([200, 401]);
    for (const change of [{ htm: "GET" }, { htu: `${world.graphqlUrl}x` }, { ath: "x" }])
      expect((await call(await by(change))).status).toBe(401);
  });
});

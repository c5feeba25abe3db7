import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { type JWK, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { createTokenIssuer, DocumentUnavailable, type SigningAlgorithm } from "../index.ts";
import { basic, clientId, forgedJwt, newWorld, orders, post, secret, storeWith, url } from "../testing/world.ts";

const grant = { grant_type: "client_credentials", resource: orders };
const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const now = Date.parse("2026-03-01T12:00:00Z") / 1000;

const pairs: Readonly<Record<SigningAlgorithm, { readonly publicKey: KeyObject; readonly privateKey: KeyObject }>> = {
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  EdDSA: generateKeyPairSync("ed25519"),
  PS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
};
const jwkOf = (alg: SigningAlgorithm): JWK => pairs[alg].publicKey.export({ format: "jwk" }) as JWK;

let drawn = 0;
const claims = () => ({
  iss: clientId,
  sub: clientId,
  aud: url,
  iat: now,
  exp: now + 60,
  jti: `jti-${drawn++}`,
});

interface Change {
  readonly alg?: SigningAlgorithm;
  readonly key?: KeyObject;
  readonly header?: object;
  readonly claims?: Readonly<Record<string, unknown>>;
}

const sign = ({ alg = "ES256", key = pairs[alg].privateKey, header = {}, claims: change = {} }: Change = {}) =>
  new SignJWT({ ...claims(), ...change } as never).setProtectedHeader({ alg, ...header }).sign(key);

/** The client `billing` with a key named `k1`, and without any secret that is used here. */
async function keyed(alg: SigningAlgorithm = "ES256", kid: string | undefined = "k1") {
  const world = await newWorld({ clientAuthenticationMethods: ["private_key_jwt", "client_secret_basic"] });
  const key = world.store.addKey(world.workspace, clientId, { publicJwk: jwkOf(alg), ...(kid && { kid }) });
  const ask = (client_assertion: string, more: Readonly<Record<string, string>> = {}) =>
    post(world.issuer.token, { ...grant, client_assertion_type: type, client_assertion, ...more }, []);
  const reason = async (assertion: string, more?: Readonly<Record<string, string>>) => {
    const { status } = await ask(assertion, more);
    const last = world.store.tokenLog.at(-1);
    return status === 200 ? "issued" : last?.outcome === "refused" ? last.reason : "not recorded";
  };
  return { ...world, key, ask, reason };
}

describe("private_key_jwt (RFC 7523 §2.2, §3)", () => {
  test.each(["ES256", "EdDSA", "PS256", "RS256"] as const)("%s → a token; the log names the key", async (alg) => {
    const { ask, store, key } = await keyed(alg);
    expect((await ask(await sign({ alg, header: { kid: "k1" } }))).status).toBe(200);
    expect(store.tokenLog).toMatchObject([{ outcome: "issued", method: "private_key_jwt", credentialId: key.id }]);
  });

  test("alg Ed25519, as RFC 9864 names it → a token", async () => {
    const { ask } = await keyed("EdDSA");
    expect((await ask(await sign({ alg: "EdDSA", header: { alg: "Ed25519" } }))).status).toBe(200);
  });

  test("neither kid nor typ, while one key fits → a token; so with typ JWT and client-authentication+jwt", async () => {
    const { ask } = await keyed();
    for (const header of [{}, { typ: "JWT" }, { typ: "client-authentication+jwt" }])
      expect((await ask(await sign({ header }))).status).toBe(200);
  });

  test("one of several keys, without a kid → the one that signed", async () => {
    const { ask, store, workspace } = await keyed();
    const other = store.addKey(workspace, clientId, { publicJwk: jwkOf("EdDSA"), kid: "k2" });
    expect((await ask(await sign({ alg: "EdDSA" }))).status).toBe(200);
    expect(store.tokenLog).toMatchObject([{ credentialId: other.id }]);
  });

  test("an hour's life, as a common library signs it, and a clock that is 20 s wrong → a token", async () => {
    const { ask } = await keyed();
    expect((await ask(await sign({ claims: { exp: now + 3600 } }))).status).toBe(200);
    expect((await ask(await sign({ claims: { iat: now + 20, nbf: now + 20, exp: now + 80 } }))).status).toBe(200);
    expect((await ask(await sign({ claims: { exp: now - 20 } }))).status).toBe(200);
  });

  test("an audience of one in an array, and client_id beside it → a token", async () => {
    const { ask } = await keyed();
    expect((await ask(await sign({ claims: { aud: [url] } }), { client_id: clientId })).status).toBe(200);
  });

  test("the same assertion again, one after another and ten at once → one token each, 401 for the rest", async () => {
    const { ask, reason } = await keyed();
    const [one, many] = [await sign(), await sign()];
    expect([(await ask(one)).status, await reason(one)]).toEqual([200, "assertion_replayed"]);
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await ask(many)).status));
    expect(statuses.toSorted()).toEqual([200, ...Array<number>(9).fill(401)]);
  });

  test("the same jti by another client → a token for each", async () => {
    const { ask, store, workspace } = await keyed();
    store.addKey(workspace, "stranger", { publicJwk: jwkOf("EdDSA") });
    const jti = "the same";
    expect((await ask(await sign({ claims: { jti } }))).status).toBe(200);
    const other = await sign({ alg: "EdDSA", claims: { iss: "stranger", sub: "stranger", jti } });
    expect((await ask(other, { resource: "https://api.example.com/stock" })).status).toBe(200);
  });

  const refused: readonly (readonly [name: string, change: Change, reason: string])[] = [
    ["another issuer's audience", { claims: { aud: `${url}x` } }, "wrong_assertion_claim"],
    ["the token endpoint as its audience", { claims: { aud: `${url}/oauth2/token` } }, "token_endpoint_audience"],
    ["the token endpoint beside another", { claims: { aud: [`${url}/oauth2/token`, url] } }, "wrong_assertion_claim"],
    ["introspection as its audience", { claims: { aud: `${url}/oauth2/introspect` } }, "wrong_assertion_claim"],
    ["two audiences", { claims: { aud: [url, "https://b.example.com"] } }, "wrong_assertion_claim"],
    ["no audience", { claims: { aud: undefined } }, "wrong_assertion_claim"],
    ["an iss that is not its sub", { claims: { iss: "stranger" } }, "wrong_assertion_claim"],
    ["no sub", { claims: { sub: undefined } }, "wrong_assertion_claim"],
    ["no end", { claims: { exp: undefined } }, "wrong_assertion_claim"],
    ["an end that has passed", { claims: { exp: now - 31 } }, "wrong_assertion_claim"],
    ["an end of tomorrow", { claims: { exp: now + 86_400 } }, "wrong_assertion_claim"],
    ["an end that is no number", { claims: { exp: "soon" } }, "wrong_assertion_claim"],
    ["a start that lies ahead", { claims: { nbf: now + 60 } }, "wrong_assertion_claim"],
    ["an issue that lies ahead", { claims: { iat: now + 60 } }, "wrong_assertion_claim"],
    ["no jti", { claims: { jti: undefined } }, "wrong_assertion_claim"],
    ["an endless jti", { claims: { jti: "j".repeat(256) } }, "wrong_assertion_claim"],
    ["the type of an access token", { header: { typ: "at+jwt" } }, "malformed_assertion"],
    ["a key of its own in the header", { header: { jwk: jwkOf("ES256") } }, "malformed_assertion"],
    ["another client's id", { claims: { iss: "stranger", sub: "stranger" } }, "unknown_client_key"],
    ["nobody's id", { claims: { iss: "nobody", sub: "nobody" } }, "unknown_client"],
    ["a kid that it does not have", { header: { kid: "k9" } }, "unknown_client_key"],
    ["another key", { key: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey }, "unknown_client_key"],
    ["an algorithm that does not fit", { alg: "EdDSA", header: { kid: "k1" } }, "unknown_client_key"],
  ];
  test.each(refused)("%s → 401", async (_, change, reason) => {
    const world = await keyed();
    expect(await world.reason(await sign(change))).toBe(reason);
  });

  test("an RSA key that names its algorithm → good for that one alone (RFC 8725 §3.1)", async () => {
    const { reason, store, workspace } = await keyed();
    store.addKey(workspace, clientId, { publicJwk: { ...jwkOf("PS256"), alg: "PS256" }, kid: "rsa" });
    const header = { kid: "rsa" };
    expect(await reason(await sign({ alg: "RS256", key: pairs.PS256.privateKey, header }))).toBe("unknown_client_key");
    expect(await reason(await sign({ alg: "PS256", header }))).toBe("issued");
  });

  test("incident 3: alg none, HMAC under what is public, and text that is no JWT → 401", async () => {
    const { reason } = await keyed();
    const payload = JSON.stringify(claims());
    const none = forgedJwt('{"alg":"none"}', payload);
    expect(await reason(none)).toBe("unknown_client_key");
    const pem = String(pairs.ES256.publicKey.export({ format: "pem", type: "spki" }));
    for (const key of [JSON.stringify(jwkOf("ES256")), pem, pem.trim(), "", secret])
      expect(await reason(forgedJwt('{"alg":"HS256","kid":"k1"}', payload, key))).toBe("unknown_client_key");
    expect([await reason("x"), await reason("a.b.c")]).toEqual(["malformed_assertion", "malformed_assertion"]);
  });

  test("a client whose switch is on may name the token endpoint, by either of its paths; a stranger learns nothing of it", async () => {
    const { ask, reason, store, workspace } = await keyed();
    const at = (path: string) => sign({ claims: { aud: `${url}${path}` } });
    const foreign = { claims: { iss: "nobody", sub: "nobody", aud: `${url}/oauth2/token` } };
    expect(await reason(await sign(foreign))).toBe("unknown_client");
    store.changeClient(workspace, clientId, { acceptsTokenEndpointAudience: true });
    for (const path of ["/oauth2/token", "/oauth/token", ""]) expect((await ask(await at(path))).status).toBe(200);
    expect(await reason(await at("/oauth2/introspect"))).toBe("wrong_assertion_claim");
    const key = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    expect(await reason(await sign({ key, claims: { aud: `${url}/oauth2/token` } }))).toBe("unknown_client_key");
  });

  test("a key that has expired, is not valid yet, or was revoked → 401, told apart in the log", async () => {
    const { reason, store, workspace, clock } = await keyed();
    const at = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000);
    const keys = (await store.findClient(workspace, clientId))?.keys ?? [];
    const seen: string[] = [];
    for (const change of [{ expiresAt: at(0) }, { notBefore: at(1) }, { revokedAt: at(-1) }]) {
      store.changeClient(workspace, clientId, { keys: keys.map((key) => ({ ...key, ...change })) });
      seen.push(await reason(await sign()));
    }
    expect(seen).toEqual(["client_key_expired", "client_key_not_yet_valid", "client_key_revoked"]);
  });

  test("whatever is wrong with client or key → one and the same answer", async () => {
    const { ask } = await keyed();
    const wrong = [{ claims: { iss: "nobody", sub: "nobody" } }, { header: { kid: "k9" } }, { alg: "EdDSA" as const }];
    const answers = new Set<string>();
    for (const change of wrong) answers.add(JSON.stringify(await ask(await sign(change))));
    expect(answers.size).toBe(1);
  });

  test("an issuer or a client that does not allow it → 401", async () => {
    const { reason, store, workspace } = await keyed();
    store.changeClient(workspace, clientId, { clientAuthenticationMethods: new Set(["client_secret_basic"]) });
    expect(await reason(await sign())).toBe("method_not_allowed_for_client");
    store.changeClient(workspace, clientId, { clientAuthenticationMethods: undefined });
    store.changeIssuer(workspace, { clientAuthenticationMethods: new Set(["client_secret_basic"]) });
    expect(await reason(await sign())).toBe("method_not_allowed_for_client");
  });

  test("beside a secret, with another client_id, without its type or with another one → refused by name", async () => {
    const { issuer, reason } = await keyed();
    const assertion = { ...grant, client_assertion_type: type, client_assertion: await sign() };
    const { json } = await post(issuer.token, assertion, [basic(clientId, secret)]);
    expect(json["error"]).toBe("invalid_request");
    expect(await reason(await sign(), { client_id: "stranger" })).toBe("client_ids_differ");
    expect(await reason(await sign(), { client_assertion_type: "" })).toBe("missing_parameter");
    expect(await reason(await sign(), { client_assertion_type: "saml2-bearer" })).toBe(
      "unsupported_client_authentication",
    );
  });

  test("at introspection and revocation → lets in once", async () => {
    const { issuer } = await keyed();
    for (const endpoint of [issuer.introspect, issuer.revoke]) {
      const form = { token: "x", client_assertion_type: type, client_assertion: await sign() };
      expect([(await post(endpoint, form, [])).status, (await post(endpoint, form, [])).status]).toEqual([200, 401]);
    }
  });

  test("a revocation that is judged twice, since the token's key came a moment ago → done, with one assertion", async () => {
    const { issuer, store, clock, workspace, ask } = await keyed();
    const token = String((await ask(await sign())).json["access_token"]);
    const stale = storeWith(store, {
      findIssuer: async (tenant, name, freshness) => {
        const found = await store.findIssuer(tenant, name);
        return found && freshness === "cached" ? { ...found, keys: [] } : found;
      },
    });
    const behind = createTokenIssuer({ store: stale, clock });
    const form = { token, client_assertion_type: type, client_assertion: await sign() };
    expect((await post(behind.revoke, form, [])).status).toBe(200);
    const asked = { token, client_assertion_type: type, client_assertion: await sign() };
    expect((await post(issuer.introspect, asked, [])).json).toEqual({ active: false });
    expect(workspace.keys).toHaveLength(1);
  });

  test("headers whose members are no texts → 401, and an inactive token, never 500", async () => {
    const { issuer, reason } = await keyed();
    const deep = "[".repeat(4000) + "]".repeat(4000);
    for (const kid of ['{"toString":null}', deep, "7", "null"]) {
      const jwt = forgedJwt(`{"alg":"ES256","kid":${kid}}`, JSON.stringify(claims()));
      expect(await reason(jwt)).toBe("malformed_assertion");
      expect((await post(issuer.introspect, { token: jwt })).json).toEqual({ active: false });
    }
  });

  test("ten keys of one kind → two are tried without a kid, the one that is named with it", async () => {
    const { store, workspace, reason } = await keyed("ES256", undefined);
    const pairs = Array.from({ length: 3 }, () => generateKeyPairSync("ec", { namedCurve: "P-256" }));
    for (const [at, { publicKey }] of pairs.entries())
      store.addKey(workspace, clientId, { publicJwk: publicKey.export({ format: "jwk" }) as JWK, kid: `more-${at}` });
    const last = pairs.at(-1)?.privateKey;
    if (!last) throw new Error("no key");
    expect(await reason(await sign({ key: last }))).toBe("unknown_client_key");
    expect(await reason(await sign({ key: last, header: { kid: "more-2" } }))).toBe("issued");
  });

  test("metadata names the method and its algorithms (RFC 8414 §2)", async () => {
    const { issuer } = await keyed();
    const { body } = await issuer.metadata(
      { tenant: "acme", workspace: "payments" },
      { method: "GET", query: "", headers: [], body: new Uint8Array(), address: "", correlationId: "" },
    );
    expect(JSON.parse(body ?? "")).toMatchObject({
      token_endpoint_auth_methods_supported: ["private_key_jwt", "client_secret_basic"],
      token_endpoint_auth_signing_alg_values_supported: ["ES256", "EdDSA", "Ed25519", "PS256", "RS256"],
    });
  });
});

describe("jwks_uri (RFC 7591 §2)", () => {
  const jwksUri = "https://client.example/jwks.json";

  /** The client `billing` with an address of keys alone, and a host there that says what `answer` says. */
  async function addressed() {
    const host = { asked: 0, answer: async () => ({ keys: [{ ...jwkOf("ES256"), kid: "k1" }] }) as object };
    const fetchDocument = async () => {
      host.asked++;
      return (await host.answer()) as Readonly<Record<string, unknown>>;
    };
    const world = await newWorld({ clientAuthenticationMethods: ["private_key_jwt"] }, {});
    const issuer = createTokenIssuer({ ...world, fetchDocument });
    const id = world.store.addKeySet(world.workspace, clientId, jwksUri);
    const reason = async (client_assertion: string) => {
      const { status } = await post(issuer.token, { ...grant, client_assertion_type: type, client_assertion }, []);
      const last = world.store.tokenLog.at(-1);
      return status === 200 ? "issued" : last?.outcome === "refused" ? last.reason : status;
    };
    return { ...world, host, id, reason };
  }

  test("a key there → a token; the log names the address's row, and the keys are asked for once", async () => {
    const { reason, store, host, id } = await addressed();
    for (let again = 0; again < 3; again++) expect(await reason(await sign({ header: { kid: "k1" } }))).toBe("issued");
    expect([host.asked, store.tokenLog.at(-1)]).toMatchObject([1, { credentialId: id }]);
  });

  test("rotated under way → the new key counts at once", async () => {
    const { reason, host } = await addressed();
    await reason(await sign({ header: { kid: "k1" } }));
    host.answer = async () => ({ keys: [{ ...jwkOf("EdDSA"), kid: "k2" }] });
    expect(await reason(await sign({ alg: "EdDSA", header: { kid: "k2" } }))).toBe("issued");
    expect([await reason(await sign({ header: { kid: "k1" } })), host.asked]).toEqual(["unknown_client_key", 2]);
  });

  test("rotated under way, and signed without a kid → the new key counts at once; one of its own is found without asking", async () => {
    const { reason, store, workspace, host } = await addressed();
    for (let again = 0; again < 3; again++) expect(await reason(await sign())).toBe("issued");
    expect(host.asked).toBe(1);
    const next = generateKeyPairSync("ec", { namedCurve: "P-256" });
    host.answer = async () => ({ keys: [next.publicKey.export({ format: "jwk" })] });
    expect([await reason(await sign({ key: next.privateKey })), host.asked]).toEqual(["issued", 2]);
    expect([await reason(await sign()), host.asked]).toEqual(["unknown_client_key", 2]);
    store.addKey(workspace, clientId, { publicJwk: jwkOf("EdDSA"), kid: "own" });
    expect([await reason(await sign({ alg: "EdDSA" })), host.asked]).toEqual(["issued", 2]);
  });

  test("a key that is registered beside it → found without asking the address", async () => {
    const { reason, store, workspace, host } = await addressed();
    store.addKey(workspace, clientId, { publicJwk: jwkOf("EdDSA"), kid: "own" });
    expect([await reason(await sign({ alg: "EdDSA", header: { kid: "own" } })), host.asked]).toEqual(["issued", 0]);
  });

  test("nobody there, a revoked address, or no way out → refused, told apart in the log", async () => {
    const { reason, store, workspace, host } = await addressed();
    const signed = () => sign({ header: { kid: "k1" } });
    host.answer = () => Promise.reject(new DocumentUnavailable(jwksUri, "not_public"));
    expect(await reason(await signed())).toBe("key_set_unavailable");
    expect(store.tokenLog.at(-1)).toMatchObject({ evidence: { address: jwksUri, problem: "not_public" } });
    const [set] = (await store.findClient(workspace, clientId))?.keySets ?? [];
    if (!set) throw new Error("no address");
    store.changeClient(workspace, clientId, { keySets: [{ ...set, revokedAt: new Date(0) }] });
    const before = host.asked;
    expect([await reason(await signed()), host.asked]).toEqual(["unknown_client_key", before]);
  });

  test("a host that never answers makes no other client wait, with an address or without", async () => {
    const { reason, store, workspace, host } = await addressed();
    store.addKey(workspace, "stranger", { publicJwk: jwkOf("EdDSA") });
    host.answer = () => new Promise(() => undefined);
    const waiting = Promise.all([1, 2, 3].map(async () => reason(await sign({ header: { kid: "k1" } }))));
    const other = { iss: "stranger", sub: "stranger" };
    expect(await reason(await sign({ alg: "EdDSA", claims: other }))).toBe("resource_not_granted");
    expect(await Promise.race([waiting, "waits"])).toBe("waits");
    expect(host.asked).toBe(1);
  });
});

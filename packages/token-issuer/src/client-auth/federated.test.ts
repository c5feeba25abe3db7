import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { type JWK, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { createTokenIssuer, type NewFederatedCredential } from "../index.ts";
import { clientId, newWorld, orders, post, url } from "../testing/world.ts";

const grant = { grant_type: "client_credentials", resource: orders };
const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const now = Date.parse("2026-03-01T12:00:00Z") / 1000;

const github = "https://token.actions.githubusercontent.com";
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const publicJwk = pair.publicKey.export({ format: "jwk" }) as JWK;

/** What a job of GitHub Actions says, as its documentation shows it. */
const job = {
  iss: github,
  aud: url,
  sub: "repo:acme/shop:ref:refs/heads/main",
  repository: "acme/shop",
  repository_id: "456789",
  repository_owner: "acme",
  repository_owner_id: "123456",
  ref: "refs/heads/main",
  environment: "production",
  iat: now,
  nbf: now - 300,
  exp: now + 300,
  jti: "b2c5a1d0-0000-4000-8000-000000000001",
};
const wanted: NewFederatedCredential = { issuer: github, claims: { sub: job.sub, environment: "production" } };

type Claims = Readonly<Record<string, unknown>>;
const sign = (claims: Claims = {}, header: object = {}, key: KeyObject = pair.privateKey) =>
  new SignJWT({ ...job, ...claims } as never)
    .setProtectedHeader({ alg: "RS256", kid: "g1", typ: "JWT", ...header })
    .sign(key);

async function federated(...credentials: readonly NewFederatedCredential[]) {
  const asked: string[] = [];
  const documents: Record<string, object> = {
    [`${github}/.well-known/openid-configuration`]: { issuer: github, jwks_uri: `${github}/.well-known/jwks` },
    [`${github}/.well-known/jwks`]: { keys: [{ ...publicJwk, kid: "g1", use: "sig", alg: "RS256" }] },
  };
  const world = await newWorld({ clientAuthenticationMethods: ["federated_jwt", "private_key_jwt"] });
  const fetchDocument = async (address: string) => {
    asked.push(address);
    return (documents[address] ?? {}) as Readonly<Record<string, unknown>>;
  };
  const issuer = createTokenIssuer({ ...world, fetchDocument });
  const trusted = credentials.map((one) => world.store.addFederatedCredential(world.workspace, clientId, one));
  const ask = (client_assertion: string, more: Readonly<Record<string, string>> = { client_id: clientId }) =>
    post(issuer.token, { ...grant, client_assertion_type: type, client_assertion, ...more }, []);
  const refusal = async (token: string, more?: Readonly<Record<string, string>>) => {
    const { status } = await ask(token, more);
    const last = world.store.tokenLog.at(-1);
    return status === 200
      ? { reason: "issued" }
      : last?.outcome === "refused"
        ? { ...last.evidence, reason: last.reason }
        : {};
  };
  return { ...world, asked, documents, trusted, ask, refusal };
}

describe("a token of another issuer (RFC 7523 §2.2, RFC 7521 §4.2)", () => {
  test("[B3] that a federated credential trusts → an access token, again and again; the log names the credential", async () => {
    const { ask, store, trusted, asked } = await federated(wanted);
    const token = await sign();
    expect([(await ask(token)).status, (await ask(token)).status]).toEqual([200, 200]);
    const [credential] = trusted;
    expect(store.tokenLog.at(-1)).toMatchObject({ method: "federated_jwt", credentialId: credential?.id });
    expect(asked).toHaveLength(2);
  });

  test("[B3] with keys that were pasted → nobody is asked", async () => {
    const { ask, asked } = await federated({ ...wanted, keys: [{ kid: "g1", publicJwk }] });
    expect([(await ask(await sign())).status, asked]).toEqual([200, []]);
  });

  test("[B3] of a SPIFFE workload, which needs no iss → an access token", async () => {
    const sub = "spiffe://acme.example/ns/shop/sa/billing";
    const { ask, refusal } = await federated({
      issuer: "spiffe://acme.example",
      claims: { sub },
      keys: [{ kid: "g1", publicJwk }],
    });
    expect((await ask(await sign({ iss: undefined, sub }, { typ: "JOSE" }))).status).toBe(200);
    const other = await refusal(await sign({ iss: undefined, sub: "spiffe://evil.example/ns/shop/sa/billing" }));
    expect(other).toMatchObject({ rule: "iss", presented: "spiffe://evil.example" });
  });

  test("[B3] of Kubernetes, whose claims lie in objects → judged by JSON Pointer", async () => {
    const account = { namespace: "shop", serviceaccount: { name: "billing", uid: "8f1d" } };
    const claims = { "/kubernetes.io/serviceaccount/uid": "8f1d" };
    const { ask, refusal } = await federated({ ...wanted, claims });
    expect((await ask(await sign({ "kubernetes.io": account, aud: [url] }))).status).toBe(200);
    const other = { ...account, serviceaccount: { name: "billing", uid: "8f1e" } };
    expect(await refusal(await sign({ "kubernetes.io": other }))).toMatchObject({
      rule: "/kubernetes.io/serviceaccount/uid",
      presented: "8f1e",
      distance: 1,
    });
  });

  test("[B3] whose issuer rotated its key, and names none → an access token at once", async () => {
    const { ask, documents, asked } = await federated(wanted);
    const token = (key: KeyObject) => sign({}, { kid: undefined }, key);
    expect((await ask(await token(pair.privateKey))).status).toBe(200);
    const next = generateKeyPairSync("rsa", { modulusLength: 2048 });
    documents[`${github}/.well-known/jwks`] = { keys: [next.publicKey.export({ format: "jwk" })] };
    expect([(await ask(await token(next.privateKey))).status, asked.length]).toEqual([200, 4]);
    expect([(await ask(await token(pair.privateKey))).status, asked.length]).toEqual([401, 4]);
  });

  test("[B3] whose issuer speaks of itself (iss = sub) → judged as its, with near misses", async () => {
    const { ask, refusal, store } = await federated({ ...wanted, claims: { sub: github, environment: "production" } });
    expect((await ask(await sign({ sub: github }))).status).toBe(200);
    expect(store.tokenLog.at(-1)).toMatchObject({ method: "federated_jwt", clientId });
    expect(await refusal(await sign({ sub: github, environment: "staging" }))).toMatchObject({
      reason: "federated_rule_missed",
      rule: "environment",
      difference: "characters",
    });
    const elsewhere = "https://gitlab.example";
    expect(await refusal(await sign({ iss: elsewhere, sub: elsewhere }))).toMatchObject({
      reason: "federated_rule_missed",
      rule: "iss",
      presented: elsewhere,
    });
  });

  test("[B3] with two credentials of which one fits → an access token by that one", async () => {
    const { ask, store, trusted } = await federated({ issuer: "https://gitlab.com", claims: { sub: "x" } }, wanted);
    expect((await ask(await sign())).status).toBe(200);
    expect(store.tokenLog).toMatchObject([{ credentialId: trusted[1]?.id }]);
  });
});

describe("[B3] a near miss names the rule that fails, and how it differs", () => {
  const misses: readonly (readonly [name: string, claims: Claims, evidence: object])[] = [
    [
      "another case in sub",
      { sub: "repo:acme/Shop:ref:refs/heads/main" },
      { rule: "sub", difference: "letter_case", distance: 1 },
    ],
    [
      "ids inside sub",
      { sub: "repo:acme@123456/shop@456789:ref:refs/heads/main" },
      { rule: "sub", difference: "ids_added", distance: 14 },
    ],
    [
      "another branch",
      { sub: "repo:acme/shop:ref:refs/heads/dev" },
      { rule: "sub", difference: "characters", distance: 4 },
    ],
    ["a branch that goes on", { sub: `${job.sub}-2` }, { rule: "sub", difference: "begins_alike", distance: 2 }],
    [
      "another environment",
      { environment: "staging" },
      { rule: "environment", expected: "production", presented: "staging", difference: "characters" },
    ],
    ["no environment", { environment: undefined }, { rule: "environment", difference: "missing", presented: "" }],
    ["a list in its place", { environment: ["production"] }, { rule: "environment", presented: '["production"]' }],
    ["a slash behind the audience", { aud: `${url}/` }, { rule: "aud", difference: "trailing_slash", distance: 1 }],
    ["two audiences", { aud: [url, "https://b.example"] }, { rule: "aud", difference: "characters", failing: 1 }],
    ["no audience", { aud: undefined }, { rule: "aud", difference: "missing" }],
    ["an issuer with a slash", { iss: `${github}/` }, { rule: "iss", difference: "trailing_slash", distance: 1 }],
    ["white space", { environment: "production " }, { rule: "environment", difference: "white_space", distance: 1 }],
    ["two of them", { aud: "https://b.example", environment: "staging" }, { rule: "aud", failing: 2 }],
  ];
  test.each(misses)("%s", async (_, claims, evidence) => {
    const { refusal, trusted, asked } = await federated(wanted);
    const credentialId = trusted[0]?.id;
    expect(await refusal(await sign(claims))).toMatchObject({
      reason: "federated_rule_missed",
      credentialId,
      ...evidence,
    });
    // Whose rules it misses is not worth a question to anybody.
    expect(asked).toEqual([]);
  });

  test("a list that is printed like the rule's text is not that text", async () => {
    const { refusal } = await federated({ ...wanted, claims: { environment: '["production"]' } });
    expect(await refusal(await sign({ environment: ["production"] }))).toMatchObject({ rule: "environment" });
    expect(await refusal(await sign({ environment: '["production"]' }))).toEqual({ reason: "issued" });
  });

  test("of several credentials the nearest is named: fewest rules, then fewest characters", async () => {
    const near = { ...wanted, claims: { sub: "repo:acme/shop:ref:refs/heads/mair" } };
    const { refusal, trusted } = await federated({ issuer: "https://gitlab.com", claims: { sub: "x" } }, near, {
      ...wanted,
      claims: { sub: "repo:acme/stock:ref:refs/heads/dev" },
    });
    expect(await refusal(await sign())).toMatchObject({ credentialId: trusted[1]?.id, rule: "sub", distance: 1 });
  });
});

describe("a token of another issuer is refused", () => {
  test.each([
    ["after its end", { exp: now - 31 }],
    ["without an end", { exp: undefined }],
    ["before its beginning", { nbf: now + 60 }],
    ["issued tomorrow", { iat: now + 86_400 }],
  ])("%s", async (_, claims) => {
    const { refusal } = await federated(wanted);
    expect(await refusal(await sign(claims))).toMatchObject({ reason: "wrong_assertion_claim" });
  });

  test("signed by another key, under its kid and under another", async () => {
    const { refusal } = await federated(wanted);
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    for (const kid of ["g1", "g2"])
      expect(await refusal(await sign({}, { kid }, privateKey))).toMatchObject({
        reason: "unknown_federated_key",
        kid,
      });
  });

  test("that a client signed for itself, beside another's client_id: 400, whatever the other trusts", async () => {
    const { ask, refusal } = await federated({ ...wanted, claims: { sub: "stranger" } });
    const own = await sign({ iss: "stranger", sub: "stranger" });
    expect(await refusal(own)).toMatchObject({ reason: "client_ids_differ" });
    expect((await ask(own)).json["error"]).toBe("invalid_request");
    // A client whose id is an address signs for itself beside its own id: that is never somebody else's token.
    const itself = await sign({ sub: github });
    expect(await refusal(itself, { client_id: github })).toMatchObject({
      reason: "unknown_client",
      method: "private_key_jwt",
    });
    expect(await refusal(itself, {})).toMatchObject({ reason: "unknown_client", method: "private_key_jwt" });
  });

  test("without a client_id: it would be nobody's", async () => {
    const { refusal } = await federated(wanted);
    expect(await refusal(await sign(), {})).toMatchObject({ reason: "wrong_assertion_claim", claim: "iss" });
  });

  test("by a client that trusts nobody, or that is not there, alike", async () => {
    const { ask, refusal } = await federated(wanted);
    const [one, other] = [{ client_id: "stranger" }, { client_id: "nobody" }];
    expect([await refusal(await sign(), one), await refusal(await sign(), other)]).toMatchObject([
      { reason: "no_federated_credential" },
      { reason: "unknown_client" },
    ]);
    const wrong = { environment: "staging" };
    const answers = [
      await ask(await sign(), one),
      await ask(await sign(), other),
      await ask(await sign(wrong)),
      await ask(await sign({}, { kid: "g9" })),
    ];
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  test("where its credential was revoked, has expired or has not begun, told apart in the log", async () => {
    const { refusal, store, workspace, trusted, clock } = await federated(wanted);
    const seen: unknown[] = [];
    const at = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000);
    for (const change of [{ revokedAt: at(-1) }, { expiresAt: at(0) }, { notBefore: at(1) }]) {
      store.changeClient(workspace, clientId, { federated: trusted.map((one) => ({ ...one, ...change })) });
      seen.push((await refusal(await sign())).reason);
    }
    expect(seen).toEqual([
      "federated_credential_revoked",
      "federated_credential_expired",
      "federated_credential_not_yet_valid",
    ]);
  });

  test("where its issuer's document names another issuer", async () => {
    const { refusal, documents } = await federated(wanted);
    documents[`${github}/.well-known/openid-configuration`] = {
      issuer: "https://evil.example",
      jwks_uri: `${github}/.well-known/jwks`,
    };
    expect(await refusal(await sign())).toMatchObject({ reason: "key_set_unavailable", problem: "issuer_differs" });
  });

  test("where the client's methods leave it out", async () => {
    const { refusal, store, workspace } = await federated(wanted);
    store.changeClient(workspace, clientId, { clientAuthenticationMethods: new Set(["private_key_jwt"]) });
    expect(await refusal(await sign())).toMatchObject({ reason: "method_not_allowed_for_client" });
  });
});

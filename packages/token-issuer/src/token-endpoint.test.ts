import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { createTokenIssuer, type IssuerRequest, type SigningAlgorithm, StoreUnavailable } from "./index.ts";
import {
  basic,
  clientId,
  form,
  formType,
  getToken,
  newWorld,
  orders,
  path,
  post,
  request,
  secret,
  stock,
  storeWith,
  url,
} from "./testing/world.ts";

const grant = { grant_type: "client_credentials" };

describe("a token", () => {
  test("is given for Basic and for a posted secret", async () => {
    const { issuer } = await newWorld();
    const byBasic = await post(issuer.token, grant);
    const byPost = await post(issuer.token, { ...grant, client_id: clientId, client_secret: secret }, []);
    for (const { status, headers, json } of [byBasic, byPost]) {
      expect(status).toBe(200);
      expect(json).toEqual({
        access_token: expect.any(String),
        token_type: "Bearer",
        expires_in: 900,
        scope: "orders:read orders:write",
      });
      expect(headers).toEqual({
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        Pragma: "no-cache",
        "X-Content-Type-Options": "nosniff",
      });
    }
  });

  test.each<SigningAlgorithm>(["ES256", "EdDSA", "PS256", "RS256"])(
    "in %s is accepted by another library from the JWK Set alone",
    async (alg) => {
      const { issuer, clock } = await newWorld({ signingAlgorithm: alg });
      const keys = createLocalJWKSet(JSON.parse((await issuer.jwks(path, request({ method: "GET" }))).body ?? ""));
      const token = await getToken(issuer, { scope: "orders:read" });
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer: url,
        audience: orders,
        typ: "at+jwt",
        currentDate: clock.now(),
      });
      const iat = Math.floor(clock.now().getTime() / 1000);
      expect(Object.keys(protectedHeader).sort()).toEqual(["alg", "kid", "typ"]);
      expect(payload).toEqual({
        iss: url,
        aud: orders,
        sub: clientId,
        client_id: clientId,
        iat,
        exp: iat + 900,
        jti: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
        scope: "orders:read",
      });
      expect(token.length).toBeLessThan(2048);
    },
  );

  test("has a jti of its own each time", async () => {
    const { issuer, store } = await newWorld();
    for (let count = 0; count < 20; count++) await getToken(issuer);
    expect(new Set(store.tokenLog.map((row) => row.outcome === "issued" && row.jti)).size).toBe(20);
  });

  test("lives as long as the shorter of issuer and client say", async () => {
    const { issuer, store, workspace } = await newWorld({ accessTokenLifetime: 600 });
    store.changeClient(workspace, clientId, { accessTokenLifetime: 60 });
    expect((await post(issuer.token, grant)).json["expires_in"]).toBe(60);
    store.changeClient(workspace, clientId, { accessTokenLifetime: 6000 });
    expect((await post(issuer.token, grant)).json["expires_in"]).toBe(600);
  });

  test("collapses repeated scopes", async () => {
    const { issuer } = await newWorld();
    expect((await post(issuer.token, { ...grant, scope: "orders:read orders:read" })).json["scope"]).toBe(
      "orders:read",
    );
  });

  test("of more than 2 KiB is refused before it is recorded", async () => {
    const { issuer, store, workspace } = await newWorld();
    const scopes = Array.from({ length: 200 }, (_, index) => `a-long-scope-name:${index}`);
    store.addResource(workspace, stock, scopes);
    store.changeClient(workspace, clientId, { grants: new Map([[stock, new Set(scopes)]]) });
    expect((await post(issuer.token, grant)).json["error"]).toBe("invalid_scope");
    expect(store.tokenLog).toMatchObject([{ outcome: "refused", reason: "token_too_large" }]);
  });

  test("is recorded with everything the log needs, and with no secret", async () => {
    const { issuer, store, workspace, secretId } = await newWorld();
    await post(issuer.token, { ...grant, scope: "orders:read" }, [basic(), ["User-Agent", "x".repeat(400)]]);
    expect(store.tokenLog).toEqual([
      {
        outcome: "issued",
        correlationId: "req_0123456789abcdefghijkl",
        at: new Date("2026-03-01T12:00:00.250Z"),
        address: "192.0.2.7",
        agent: "x".repeat(256),
        jti: expect.any(String),
        client: clientId,
        clientId,
        credentialId: secretId,
        method: "client_secret_basic",
        resource: orders,
        scope: "orders:read",
        kid: workspace.keys[0]?.kid,
        issuedAt: new Date("2026-03-01T12:00:00Z"),
        expiresAt: new Date("2026-03-01T12:15:00Z"),
        replays: [],
      },
    ]);
  });
});

describe("onIssued", () => {
  test("hears of each token that is handed out, with its issuer and how long it took, and of nothing else", async () => {
    const { store, clock, workspace } = await newWorld();
    const heard: [string, number][] = [];
    const onIssued = (issuer: { url: string }, milliseconds: number) => heard.push([issuer.url, milliseconds]);
    const issuer = createTokenIssuer({ store, clock, onIssued });
    const token = await getToken(issuer);
    await post(issuer.token, { ...grant, scope: "nope" });
    await post(issuer.token, grant, [basic(clientId, "wrong")]);
    await post(issuer.introspect, { token });
    await issuer.token(path, request({ method: "OPTIONS" }));
    await issuer.jwks(path, request({ method: "GET" }));
    expect(heard).toEqual([[workspace.url, expect.any(Number)]]);
    expect(heard[0]?.[1]).toBeGreaterThan(0);
    expect(heard[0]?.[1]).toBeLessThan(10_000);
    const away = () => Promise.reject(new StoreUnavailable("away"));
    await post(
      createTokenIssuer({ store: storeWith(store, { appendToTokenLog: away }), clock, onIssued }).token,
      grant,
    );
    expect(heard).toHaveLength(1);
  });
});

describe("a request", () => {
  const status = async (change: Parameters<typeof request>[0]) => {
    const { issuer } = await newWorld();
    const response = await issuer.token(path, request({ headers: [formType, basic()], ...change }));
    return `${response.status} ${JSON.parse(response.body ?? "{}").error ?? "ok"}`;
  };
  const body = form(grant);

  test.each<[string, Parameters<typeof request>[0], string]>([
    ["with unknown parameters", { body: `${body}&foo=bar` }, "200 ok"],
    ["with the same client_id beside Basic", { body: `${body}&client_id=${clientId}` }, "200 ok"],
    [
      "with a lower-case scheme",
      { headers: [formType, ["authorization", basic()[1].replace("Basic", "bAsIc")]], body },
      "200 ok",
    ],
    ["with an empty scope", { body: `${body}&scope=` }, "200 ok"],
    ["without grant_type", { body: "scope=x" }, "400 invalid_request"],
    ["with an empty grant_type", { body: "grant_type=" }, "400 invalid_request"],
    ["with an empty body", { body: "" }, "400 invalid_request"],
    ["for another grant", { body: "grant_type=password" }, "400 unsupported_grant_type"],
    ["for the grant in another case", { body: "grant_type=Client_Credentials" }, "400 unsupported_grant_type"],
    ["in JSON", { headers: [["Content-Type", "application/json"], basic()], body: "{}" }, "400 invalid_request"],
    ["without content type", { headers: [basic()], body }, "400 invalid_request"],
    ["with a repeated parameter", { body: `${body}&${body}` }, "400 invalid_request"],
    ["with a secret in the query", { query: "client_secret=x", body }, "400 invalid_request"],
    ["with an escaped name of a secret in the query", { query: "a=1&client%5Fsecret=x", body }, "400 invalid_request"],
    ["with something harmless in the query", { query: "trace=1", body }, "200 ok"],
    ["with two Authorization headers", { headers: [formType, basic(), basic()], body }, "400 invalid_request"],
    ["with Basic and a posted secret", { body: `${body}&client_secret=${secret}` }, "400 invalid_request"],
    ["with Basic and an assertion", { body: `${body}&client_assertion=x` }, "400 invalid_request"],
    ["with two client ids", { body: `${body}&client_id=other` }, "400 invalid_request"],
    ["without authentication", { headers: [formType], body }, "401 invalid_client"],
    ["with an id alone", { headers: [formType], body: `${body}&client_id=${clientId}` }, "401 invalid_client"],
    ["with malformed Basic", { headers: [formType, ["Authorization", "Basic %%%"]], body }, "401 invalid_client"],
    [
      "with Basic without a colon",
      { headers: [formType, ["Authorization", "Basic YWJj"]], body },
      "401 invalid_client",
    ],
    ["with a Bearer token", { headers: [formType, ["Authorization", "Bearer x"]], body }, "401 invalid_client"],
    ["with an empty Authorization header", { headers: [formType, ["Authorization", ""]], body }, "401 invalid_client"],
    ["with an unknown scope", { body: `${body}&scope=orders:none` }, "400 invalid_scope"],
    ["with a scope in another case", { body: `${body}&scope=Orders:read` }, "400 invalid_scope"],
    ["with a granted and an ungranted scope", { body: `${body}&scope=orders:read+orders:delete` }, "400 invalid_scope"],
    ["with a malformed scope", { body: `${body}&scope=a++b` }, "400 invalid_scope"],
    ["for an unknown resource", { body: `${body}&resource=https://x.example` }, "400 invalid_target"],
    ["for a near miss", { body: `${body}&resource=${orders}/` }, "400 invalid_target"],
    ["for a relative resource", { body: `${body}&resource=/orders` }, "400 invalid_target"],
    ["for an ungranted resource", { body: `${body}&audience=${stock}` }, "400 invalid_target"],
    ["for two resources", { body: `${body}&resource=${orders}&resource=${stock}` }, "400 invalid_target"],
    ["for two that differ", { body: `${body}&resource=${orders}&audience=${stock}` }, "400 invalid_request"],
    ["for a resource by its alias", { body: `${body}&audience=${orders}` }, "200 ok"],
  ])("%s", async (_what, change, wanted) => expect(await status(change)).toBe(wanted));

  test("by GET is told to POST", async () => {
    const { issuer } = await newWorld();
    const response = await issuer.token(path, request({ method: "GET" }));
    expect([response.status, response.headers["Allow"]]).toEqual([405, "POST"]);
  });

  test("of another origin gets no permission", async () => {
    const { issuer } = await newWorld();
    const response = await issuer.token(path, request({ method: "OPTIONS" }));
    expect([response.status, response.headers]).toEqual([204, { Allow: "POST" }]);
  });

  test("that is too large gets 413 and the connection is closed", async () => {
    const { issuer } = await newWorld();
    const tooLarge: IssuerRequest = { ...request({ headers: [formType, basic()] }), body: "too-large" };
    const response = await issuer.token(path, tooLarge);
    expect([response.status, response.headers["Connection"]]).toEqual([413, "close"]);
  });

  test("at an unknown issuer gets 404", async () => {
    const { issuer, store } = await newWorld();
    expect((await issuer.token({ tenant: "acme", workspace: "none" }, request({ body }))).status).toBe(404);
    expect((await issuer.token({ tenant: "Acme", workspace: "payments" }, request({ body }))).status).toBe(404);
    expect(store.tokenLog).toEqual([]);
  });

  test("to a suspended issuer is refused once the client is known", async () => {
    const { issuer, store, workspace } = await newWorld();
    store.changeIssuer(workspace, { status: "suspended" });
    expect((await post(issuer.token, grant)).json["error"]).toBe("unauthorized_client");
    expect((await post(issuer.token, grant, [basic(clientId, "wrong")])).json["error"]).toBe("invalid_client");
  });
});

describe("a refusal", () => {
  test("names the request and where it is explained", async () => {
    const { issuer } = await newWorld();
    const { json } = await post(issuer.token, { ...grant, scope: "nope" });
    expect(json).toMatchObject({
      correlation_id: "req_0123456789abcdefghijkl",
      error_uri: "https://id.example.com/explain?request=req_0123456789abcdefghijkl",
    });
  });

  test("is recorded with its reason, its evidence and who asked", async () => {
    const { issuer, store } = await newWorld();
    await post(issuer.token, { ...grant, scope: "orders:delete" });
    await post(issuer.token, grant, [basic("nobody", "x")]);
    expect(store.tokenLog).toMatchObject([
      {
        outcome: "refused",
        reason: "scope_not_granted",
        evidence: { endpoint: "token", scope: ["orders:delete"], resource: orders },
        client: clientId,
        clientId,
      },
      { outcome: "refused", reason: "unknown_client", client: undefined, clientId: "nobody" },
    ]);
  });

  test("never repeats a secret, neither to the caller nor to the log", async () => {
    const { issuer, store } = await newWorld();
    const canary = "mms_canary_canary_canary";
    const answers = [
      await post(issuer.token, grant, [basic(clientId, canary)]),
      await post(issuer.token, { ...grant, client_id: clientId, client_secret: canary }, []),
      await post(issuer.token, grant, [["Authorization", canary]]),
      await post(issuer.token, grant, [["Authorization", `Basic ${canary}`]]),
      await issuer.token(path, request({ query: `client_secret=${canary}`, body: form(grant) })),
    ];
    expect(JSON.stringify([answers, store.tokenLog])).not.toContain(canary);
    expect(store.tokenLog).toHaveLength(5);
  });
});

describe("when the store fails", () => {
  const away = () => Promise.reject(new StoreUnavailable("away"));

  const broken = () => Promise.reject(new Error("disk full"));

  test.each([away, broken])("to keep the row, no token leaves", async (appendToTokenLog) => {
    const { store, clock } = await newWorld();
    const issuer = createTokenIssuer({ store: storeWith(store, { appendToTokenLog }), clock });
    const { status, headers, json } = await post(issuer.token, grant);
    expect([status, headers["Retry-After"], json["access_token"]]).toEqual([503, "5", undefined]);
  });

  test.each([away, broken])(
    "to keep a refusal, the answer is 503, not 500 and not the refusal",
    async (appendToTokenLog) => {
      const { store, clock } = await newWorld();
      const heard: unknown[] = [];
      const onUnexpectedError = (error: unknown) => heard.push(error);
      const issuer = createTokenIssuer({ store: storeWith(store, { appendToTokenLog }), clock, onUnexpectedError });
      expect((await post(issuer.token, grant, [basic(clientId, "wrong")])).status).toBe(503);
      expect(heard).toEqual([expect.any(StoreUnavailable)]);
    },
  );

  test.each(["findIssuer", "findClient"] as const)("in %s, the answer is 503, never 401", async (method) => {
    const { store, clock } = await newWorld();
    const issuer = createTokenIssuer({ store: storeWith(store, { [method]: away }), clock });
    expect((await post(issuer.token, grant)).status).toBe(503);
  });

  test("in a way nobody foresaw, the answer is 500 and says nothing", async () => {
    const { store, clock } = await newWorld();
    const heard: unknown[] = [];
    const issuer = createTokenIssuer({
      store: storeWith(store, { findClient: () => Promise.reject(new Error("password=hunter2")) }),
      clock,
      onUnexpectedError: (error, correlationId) => heard.push(error, correlationId),
    });
    const { status, body } = await post(issuer.token, grant);
    expect(status).toBe(500);
    expect(body).not.toContain("hunter2");
    expect(heard).toEqual([expect.any(Error), "req_0123456789abcdefghijkl"]);
  });

  test("the answer waits for the row", async () => {
    const { store, clock } = await newWorld();
    const order: string[] = [];
    const appendToTokenLog = async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      order.push("durable");
    };
    const issuer = createTokenIssuer({
      store: storeWith(store, { appendToTokenLog: appendToTokenLog as never }),
      clock,
    });
    await post(issuer.token, grant).then(() => order.push("answered"));
    expect(order).toEqual(["durable", "answered"]);
  });

  test("to open the signing key, no token leaves", async () => {
    const { store, clock, workspace } = await newWorld();
    store.changeIssuer(workspace, { keys: workspace.keys.map((key) => ({ ...key, privateKey: away })) });
    expect((await post(createTokenIssuer({ store, clock }).token, grant)).status).toBe(503);
  });
});

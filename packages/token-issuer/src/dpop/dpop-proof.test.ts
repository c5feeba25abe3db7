import { hash, randomUUID } from "node:crypto";
import fc from "fast-check";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import type { IssuerRequest } from "../index.ts";
import { promptly, tried } from "../testing/properties.ts";
import { basic, form, formType, newWorld, orders, path, post, request, url } from "../testing/world.ts";

type Pairs = [string, string][];
type World = Awaited<ReturnType<typeof newWorld>>;

let keys: { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey };
let jwk: JWK;
let world: World;
beforeAll(async () => {
  keys = await generateKeyPair("ES256", { extractable: true });
  jwk = await exportJWK(keys.publicKey);
  world = await newWorld();
});

const tokenUrl = `${url}/oauth2/token`;
const seconds = () => Math.floor(world.clock.now().getTime() / 1000);

interface Change {
  readonly header?: object;
  readonly claims?: object;
  readonly key?: CryptoKey;
}

/** A good proof for the token endpoint but for what is changed; `undefined` leaves a member out. */
const proof = ({ header = {}, claims = {}, key = keys.privateKey }: Change = {}) =>
  new SignJWT(JSON.parse(JSON.stringify({ htm: "POST", htu: tokenUrl, iat: seconds(), jti: randomUUID(), ...claims })))
    .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk, ...header })
    .sign(key);

const ask = (...proofs: string[]) => askAt(world, ...proofs);
const askAt = ({ issuer }: World, ...proofs: string[]) =>
  post(issuer.token, { grant_type: "client_credentials" }, [
    basic(),
    ...proofs.map((text): [string, string] => ["DPoP", text]),
  ]);

/** A nonce, as the token endpoint gives it. */
async function nonce(): Promise<string> {
  const { headers, json } = await ask(await proof());
  expect(json["error"]).toBe("use_dpop_nonce");
  return String(headers["DPoP-Nonce"]);
}
const proven = async (change: Change = {}) => proof({ ...change, claims: { nonce: await nonce(), ...change.claims } });

async function boundToken(): Promise<string> {
  const { json } = await ask(await proven());
  return String(json["access_token"]);
}

const forwarded: Pairs = [
  ["X-Forwarded-Method", "GET"],
  ["X-Forwarded-Proto", "https"],
  ["X-Forwarded-Host", "api.example.com"],
  ["X-Forwarded-Uri", "/orders/7?page=2"],
];
const verify = (headers: Pairs) =>
  world.issuer.verify(path, request({ method: "GET", query: `resource=${encodeURIComponent(orders)}`, headers }));
const resourceProof = (token: string, change: Change = {}) =>
  proof({
    ...change,
    claims: {
      htm: "GET",
      htu: "https://api.example.com/orders/7",
      ath: hash("sha256", token, "base64url"),
      ...change.claims,
    },
  });

describe("a proof at the token endpoint (RFC 9449 §4.3, §5)", () => {
  test("a good one with a nonce → a token of type DPoP that is bound to its key, and the next nonce", async () => {
    const { status, json, headers } = await ask(await proven());
    expect([status, json["token_type"]]).toEqual([200, "DPoP"]);
    expect(headers["DPoP-Nonce"]).toMatch(/^[\w-]{20,}$/);
    const payload = JSON.parse(Buffer.from(String(json["access_token"]).split(".")[1] ?? "", "base64url").toString());
    expect(payload.cnf).toEqual({ jkt: await calculateJwkThumbprint(jwk) });
  });

  test.each([
    ["a typ of another token", { header: { typ: "JWT" } }, "type"],
    ["no typ", { header: { typ: undefined } }, "type"],
    ["no key", { header: { jwk: undefined } }, "key"],
    ["a key that is no object", { header: { jwk: "x" } }, "key"],
    ["a key of another kind", { header: { jwk: { kty: "OKP", crv: "Ed25519", x: "AAAA" } } }, "key"],
    ["no signature algorithm", { header: { crit: ["b64"], b64: true } }, "forbidden_header"],
    ["a key by reference", { header: { jku: "https://evil.example.com/keys" } }, "forbidden_header"],
  ])("%s → invalid_dpop_proof", async (_, change, problem) => {
    const { status, json } = await ask(await proven(change));
    expect([status, json["error"]]).toEqual([400, "invalid_dpop_proof"]);
    expect(world.store.tokenLog.at(-1)).toMatchObject({ evidence: { problem, at: "token" } });
  });

  test("a private key in its header → refused, and told so", async () => {
    const { json } = await ask(await proven({ header: { jwk: await exportJWK(keys.privateKey) } }));
    expect(json["error_description"]).toMatch(/private key/);
  });

  test("signed by another key than the one in its header → refused", async () => {
    const { privateKey } = await generateKeyPair("ES256");
    expect((await ask(await proven({ key: privateKey }))).json["error"]).toBe("invalid_dpop_proof");
    expect(world.store.tokenLog.at(-1)).toMatchObject({ evidence: { problem: "signature" } });
  });

  test.each(["none", "HS256"])("alg %s → refused", async (alg) => {
    const [header = "", payload = "", signature = ""] = (await proven()).split(".");
    const read = JSON.parse(Buffer.from(header, "base64url").toString());
    const forged = Buffer.from(JSON.stringify({ ...read, alg })).toString("base64url");
    expect((await ask([forged, payload, signature].join("."))).json["error"]).toBe("invalid_dpop_proof");
    expect(world.store.tokenLog.at(-1)).toMatchObject({ evidence: { problem: "algorithm" } });
  });

  test.each([
    ["htm", { htm: "GET" }],
    ["htm", { htm: undefined }],
    ["htm", { htm: "post" }],
    ["htu", { htu: `${url}/oauth2/introspect` }],
    ["htu", { htu: undefined }],
    ["htu", { htu: "mystery" }],
    ["htu", { htu: tokenUrl.toUpperCase() }],
    ["iat", { iat: undefined }],
    ["iat", { iat: "1" }],
    ["exp", { exp: 1 }],
    ["exp", { exp: "soon" }],
    ["nbf", { nbf: 9e9 }],
    ["jti", { jti: undefined }],
    ["jti", { jti: "" }],
    ["jti", { jti: 7 }],
    ["jti", { jti: "x".repeat(256) }],
  ])("a wrong %s: %j → refused by its name", async (claim, claims) => {
    const { status, json } = await ask(await proven({ claims }));
    expect([status, json["error"]]).toEqual([400, "invalid_dpop_proof"]);
    expect(world.store.tokenLog.at(-1)).toMatchObject({ evidence: { claim } });
  });

  test("iat at its edges: 89 s ago and 30 s ahead are taken, 90 s and 31 s are not", async () => {
    const at = async (offset: number) => (await ask(await proven({ claims: { iat: seconds() + offset } }))).status;
    expect([await at(-89), await at(-90), await at(30), await at(31)]).toEqual([200, 400, 200, 400]);
  });

  test("htu with a query, a fragment, the default port, another case of the host → the same address", async () => {
    for (const htu of [
      `${tokenUrl}?a=b#c`,
      tokenUrl.replace("id.example.com", "ID.example.com:443"),
      `${url}/oauth/token`,
    ])
      expect((await ask(await proven({ claims: { htu } }))).status).toBe(200);
  });

  test("two headers → refused, also when they are the same", async () => {
    const one = await proven();
    expect((await ask(one, one)).json["error"]).toBe("invalid_dpop_proof");
    expect((await ask(one)).status).toBe(200);
  });

  test("the same proof again, or ten times at once → one token", async () => {
    const one = await proven();
    const all = await Promise.all(Array.from({ length: 10 }, () => ask(one)));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await ask(one)).json).toMatchObject({ error: "invalid_dpop_proof" });
  });

  test("a proof that was refused for something else was not used by it", async () => {
    const one = await proven();
    const headers: Pairs = [basic(), ["DPoP", one]];
    const refused = await post(world.issuer.token, { grant_type: "client_credentials", scope: "none" }, headers);
    expect(refused.json["error"]).toBe("invalid_scope");
    expect((await ask(one)).status).toBe(200);
  });

  test("a client that proved nothing → invalid_client, whatever its proof", async () => {
    const headers: Pairs = [basic("billing", "wrong"), ["DPoP", "x"]];
    expect((await post(world.issuer.token, { grant_type: "client_credentials" }, headers)).status).toBe(401);
  });
});

describe("nonces (RFC 9449 §8)", () => {
  test("a foreign, a mended and a passed one → use_dpop_nonce with a new one", async () => {
    const other = await newWorld({ url: `${url}-other` });
    const { headers: theirs } = await askAt(other, await proof({ claims: { htu: `${url}-other/oauth2/token` } }));
    const foreign = String(theirs["DPoP-Nonce"]);
    const first = await nonce();
    const mended = `${first.startsWith("B") ? "C" : "B"}${first.slice(1)}`;
    for (const bad of ["", "x", mended, foreign, 7, first.slice(0, -1)]) {
      const { status, json, headers } = await ask(await proof({ claims: { nonce: bad } }));
      expect([status, json["error"], typeof headers["DPoP-Nonce"]]).toEqual([400, "use_dpop_nonce", "string"]);
    }
    world.clock.advance(299);
    expect((await ask(await proof({ claims: { nonce: first } }))).status).toBe(200);
    world.clock.advance(1);
    expect((await ask(await proof({ claims: { nonce: first } }))).json["error"]).toBe("use_dpop_nonce");
  });

  test("a token request without a proof → no nonce: nothing of DPoP costs or shows there", async () => {
    expect((await ask()).headers).not.toHaveProperty("DPoP-Nonce");
  });
});

test("a bound token is exchanged for a bound one, never for a bearer token (RFC 8693)", async () => {
  const own = await newWorld({ tokenExchange: "allowed" });
  const iat = own.clock.now().getTime() / 1000;
  const grants = async (form: Readonly<Record<string, string>>, claims?: object) => {
    const proofs: Pairs = claims ? [["DPoP", await proof({ claims: { iat, ...claims } })]] : [];
    return post(own.issuer.token, form, [basic(), ...proofs]);
  };
  const { headers } = await grants({ grant_type: "client_credentials" }, {});
  const proven = { nonce: headers["DPoP-Nonce"] };
  const { json } = await grants({ grant_type: "client_credentials" }, proven);
  const exchange = {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
    subject_token: String(json["access_token"]),
  };
  expect((await grants(exchange)).json["error"]).toBe("invalid_request");
  expect(own.store.tokenLog.at(-1)).toMatchObject({ evidence: { why: "token_bound" } });
  expect((await grants(exchange, proven)).json["token_type"]).toBe("DPoP");
});

describe("clients that must bind their tokens (RFC 9449 §5.2)", () => {
  test.each(["client", "issuer"])(
    "required by the %s → without a proof invalid_request, with one a token",
    async (who) => {
      const own = await newWorld(who === "issuer" ? { dpop: "required" } : {});
      if (who === "client") own.store.changeClient(own.workspace, "billing", { dpop: "required" });
      const before = world;
      world = own;
      const { status, json } = await ask();
      expect([status, json["error"], json["error_description"]]).toEqual([
        400,
        "invalid_request",
        expect.stringMatching(/DPoP header/),
      ]);
      expect((await ask(await proven())).status).toBe(200);
      world = before;
    },
  );
});

describe("a bound token at a resource (RFC 9449 §7)", () => {
  test("with a proof of its key for this request → let in, once", async () => {
    const token = await boundToken();
    const headers: Pairs = [...forwarded, ["Authorization", `DPoP ${token}`], ["DPoP", await resourceProof(token)]];
    expect((await verify(headers)).status).toBe(200);
    const again = await verify(headers);
    expect([again.status, again.headers["WWW-Authenticate"]]).toEqual([
      401,
      expect.stringMatching(/^DPoP .*algs=.*error="invalid_dpop_proof"/),
    ]);
  });

  test("as a bearer token → 401 that asks for DPoP", async () => {
    const answer = await verify([...forwarded, ["Authorization", `Bearer ${await boundToken()}`]]);
    expect([answer.status, answer.headers["WWW-Authenticate"]]).toEqual([
      401,
      expect.stringMatching(/^DPoP .*algs=.*error="invalid_token"/),
    ]);
  });

  test("a bearer token under DPoP, with a good proof → 401", async () => {
    const token = String((await ask()).json["access_token"]);
    const headers: Pairs = [...forwarded, ["Authorization", `DPoP ${token}`], ["DPoP", await resourceProof(token)]];
    expect((await verify(headers)).status).toBe(401);
  });

  test("a proof of another key → 401 invalid_token", async () => {
    const token = await boundToken();
    const other = await generateKeyPair("ES256", { extractable: true });
    const change = { header: { jwk: await exportJWK(other.publicKey) }, key: other.privateKey };
    const stolen: Pairs = [
      ["Authorization", `DPoP ${token}`],
      ["DPoP", await resourceProof(token, change)],
    ];
    const answer = await verify([...forwarded, ...stolen]);
    expect([answer.status, answer.headers["WWW-Authenticate"]]).toEqual([
      401,
      expect.stringMatching(/error="invalid_token"/),
    ]);
  });

  test.each([
    ["ath of another token", { ath: hash("sha256", "other", "base64url") }],
    ["no ath", { ath: undefined }],
    ["another method", { htm: "POST" }],
    ["another address", { htu: "https://api.example.com/orders/8" }],
    ["another host", { htu: "https://evil.example.com/orders/7" }],
    ["an old one", { iat: 1 }],
  ])("%s → 401 invalid_dpop_proof", async (_, claims) => {
    const token = await boundToken();
    const headers: Pairs = [
      ["Authorization", `DPoP ${token}`],
      ["DPoP", await resourceProof(token, { claims })],
    ];
    const answer = await verify([...forwarded, ...headers]);
    expect([answer.status, answer.headers["WWW-Authenticate"]]).toEqual([
      401,
      expect.stringMatching(/error="invalid_dpop_proof"/),
    ]);
  });

  test("no proof, and two → 401", async () => {
    const token = await boundToken();
    const one: [string, string] = ["DPoP", await resourceProof(token)];
    for (const proofs of [[], [one, one]])
      expect((await verify([...forwarded, ["Authorization", `DPoP ${token}`], ...proofs])).status).toBe(401);
  });

  test.each([0, 1, 2, 3])(
    "a proxy that leaves out, empties or doubles its header %i → 400, never let in",
    async (at) => {
      const token = await boundToken();
      const shown: Pairs = [
        ["Authorization", `DPoP ${token}`],
        ["DPoP", await resourceProof(token)],
      ];
      const [name = ""] = forwarded[at] ?? [];
      for (const said of [
        forwarded.toSpliced(at, 1),
        forwarded.with(at, [name, ""]),
        [...forwarded, [name, "x"] as [string, string]],
      ])
        expect((await verify([...said, ...shown])).status).toBe(400);
    },
  );

  test("the request named in the query → counts before what headers say, when it is whole", async () => {
    const token = await boundToken();
    const ask = async (query: Readonly<Record<string, string>>) => {
      const shown: Pairs = [
        ["Authorization", `DPoP ${token}`],
        ["DPoP", await resourceProof(token)],
      ];
      const whole = new URLSearchParams({ resource: orders, ...query }).toString();
      const headers: Pairs = [["X-Forwarded-Host", "id.example.com"], ...shown];
      return (await world.issuer.verify(path, request({ method: "GET", query: whole, headers }))).status;
    };
    const [method, at] = ["GET", "https://api.example.com/orders/7"];
    expect(await ask({ method, url: at })).toBe(200);
    expect([await ask({ method: "PUT", url: at }), await ask({ method, url: `${at}1` })]).toEqual([401, 401]);
    expect([await ask({ method }), await ask({ url: at })]).toEqual([400, 400]);
  });

  test("introspection says of it what it is bound to, and its type", async () => {
    const token = await boundToken();
    const { json } = await post(world.issuer.introspect, { token });
    expect(json).toMatchObject({ active: true, token_type: "DPoP", cnf: { jkt: await calculateJwkThumbprint(jwk) } });
  });

  test("checked by a program without its request → refused; with it, let in once", async () => {
    const token = await boundToken();
    const check = async (proofs: string[], target?: { method: string; url: string }) =>
      world.issuer.check(path, { scheme: "DPoP", token, proofs }, orders, target);
    const target = { method: "GET", url: "https://api.example.com/orders/7" };
    expect(await world.issuer.check(path, token, orders)).toMatchObject({ reason: "token_bound" });
    expect(await check([await resourceProof(token)])).toMatchObject({ reason: "target_unknown" });
    const once = await resourceProof(token);
    expect(await check([once], target)).toHaveProperty("claims");
    expect(await check([once], target)).toMatchObject({ reason: "dpop_proof_replayed" });
    expect(await world.issuer.recheck(path, token, orders)).toHaveProperty("claims");
  });
});

/** A property takes a request for each of its cases. */
const LONG = 600_000;

describe("whatever stands in a DPoP header", () => {
  const asked = async (text: string): Promise<number> => {
    const headers: IssuerRequest["headers"] = [formType, basic(), ["DPoP", text]];
    const asking = request({ headers, body: form({ grant_type: "client_credentials" }) });
    return (await promptly(async () => world.issuer.token(path, asking))).status;
  };

  test(
    "any text → 400, never a token and never 500",
    () =>
      fc.assert(
        fc.asyncProperty(fc.string({ unit: "binary", maxLength: 300 }), async (text) => (await asked(text)) === 400),
        tried,
      ),
    LONG,
  );

  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom("ES256", "dpop+jwt", "EC", "P-256", "POST", ""),
  );
  const part = (names: readonly string[]) =>
    fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
  const encode = (object: object) => Buffer.from(JSON.stringify(object)).toString("base64url");

  test(
    "any header with any claims, signed or not → 400, never a token and never 500",
    () =>
      fc.assert(
        fc.asyncProperty(
          part(["alg", "typ", "kid", "crit"]),
          fc.option(part(["kty", "crv", "x", "y", "n", "e", "d", "k", "alg", "use"]), { nil: undefined }),
          part(["htm", "htu", "iat", "jti", "nonce", "ath"]),
          fc.uint8Array({ minLength: 1, maxLength: 600 }),
          fc.boolean(),
          async (header, key, claims, signature, isTyped) => {
            const typed = isTyped ? { alg: "ES256", typ: "dpop+jwt", jwk } : {};
            const first = encode({ ...header, ...(key && { jwk: key }), ...typed });
            const text = `${first}.${encode(claims)}.${Buffer.from(signature).toString("base64url")}`;
            return (await asked(text)) === 400;
          },
        ),
        tried,
      ),
    LONG,
  );

  test(
    "any claims signed by its key → 400, never a token and never 500",
    () =>
      fc.assert(
        fc.asyncProperty(part(["htm", "htu", "iat", "jti", "nonce", "ath"]), async (claims) => {
          const signed = new SignJWT(claims).setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk });
          return (await asked(await signed.sign(keys.privateKey).catch(() => "x"))) === 400;
        }),
        tried,
      ),
    LONG,
  );
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAssertion, readAssertionUse } from "./client-auth/client-assertion.ts";
import { readBasic } from "./client-auth/client-secret-basic.ts";
import { readPublicKey } from "./client-auth/read-public-key.ts";
import { readCompactJws } from "./compact-jws.ts";
import { isFailure } from "./failure.ts";
import { parseForm, parseQuery } from "./form.ts";
import { resourceProblem } from "./resource-indicator.ts";
import { parseScope } from "./scope.ts";
import { parseJsonObject } from "./strict-json.ts";
import { prompt, tried } from "./testing/properties.ts";
import { getToken, newWorld, url } from "./testing/world.ts";
import { verifyAccessToken } from "./verify-access-token.ts";

/** Any text: every code point, lone surrogates too, and now and then one that is long. */
const anyText = fc.oneof(
  { weight: 20, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  { weight: 10, arbitrary: fc.string({ unit: "grapheme-ascii", maxLength: 60 }) },
  { weight: 5, arbitrary: fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)) },
  { weight: 1, arbitrary: fc.tuple(anyOf("a ", "%4", "\\", '"', "[", "a.", "é"), fc.nat(3000)).map(repeated) },
);

function anyOf(...texts: string[]) {
  return fc.constantFrom(...texts);
}
function repeated([text, times]: [string, number]) {
  return text.repeat(times);
}

/** A text with up to three places changed: a character in, out, twice or another. */
const damaged = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(text, fc.array(fc.tuple(fc.nat(), fc.nat(3), anyText), { minLength: 1, maxLength: 3 }))
    .map(([whole, changes]) =>
      changes.reduce((now, [where, kind, other]) => {
        const at = now.length === 0 ? 0 : where % now.length;
        const [before, here, after] = [now.slice(0, at), now.slice(at, at + 1), now.slice(at + 1)];
        return (
          [before + other + here + after, before + after, before + here + here + after, before + other + after][kind] ??
          ""
        );
      }, whole),
    );

const base64 = (text: string) => Buffer.from(text).toString("base64");
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("no input makes a parser throw or hang:", () => {
  test("Basic, of any text or of a pair that was damaged", () => {
    const pair = fc.tuple(anyText, anyText).map(([id, secret]) => `${id}:${secret}`);
    const whole = fc.oneof(anyText, pair.map(base64), damaged(pair).map(base64), damaged(pair.map(base64)));
    fc.assert(
      fc.property(whole, (text) => {
        const read = prompt(() => readBasic(text));
        if (isFailure(read)) expect(read).toEqual({ reason: "malformed_basic" });
        else expect([typeof read.clientId, typeof read.secret]).toEqual(["string", "string"]);
      }),
      tried,
    );
  });

  test("a form and a query", () => {
    const pairs = fc.array(fc.tuple(anyText, anyText), { maxLength: 6 }).map((all) => `${new URLSearchParams(all)}`);
    fc.assert(
      fc.property(fc.oneof(anyText, damaged(pairs)), (text) => {
        prompt(() => parseForm(Buffer.from(text)));
        prompt(() => parseForm(Buffer.from(text, "latin1")));
        prompt(() => parseQuery(text));
      }),
      tried,
    );
  });

  test("a scope: what is read is in the grammar, and nothing else is read", () => {
    const scope = fc.array(fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]{1,9}$/), { maxLength: 5 });
    const isOne = (text: string) =>
      text !== "" &&
      text
        .split(" ")
        .every((name) => name !== "" && [...name].every((c) => c > " " && c < "\x7f" && c !== '"' && c !== "\\"));
    fc.assert(
      fc.property(fc.oneof(anyText, damaged(scope.map((names) => names.join(" ")))), (text) => {
        expect(!isFailure(prompt(() => parseScope(text)))).toBe(isOne(text));
      }),
      tried,
    );
  });

  test("a resource indicator", () => {
    fc.assert(
      fc.property(fc.oneof(anyText, damaged(fc.webUrl())), (text) => {
        const problem = prompt(() => resourceProblem(text));
        if (problem === undefined) expect(text).toMatch(/^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+$/);
      }),
      tried,
    );
  });

  test("JSON: what is read is an object that JSON.parse reads alike", () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(fc.oneof(anyText, damaged(json)), (text) => {
        const read = prompt(() => parseJsonObject(text));
        if (typeof read !== "string") expect(read).toEqual(JSON.parse(text));
      }),
      tried,
    );
  });

  test("a public key, as JWK or PEM", () => {
    const member = fc.constantFrom("kty", "crv", "x", "y", "n", "e", "kid", "alg", "use", "d");
    const value = fc.oneof(
      anyOf("EC", "P-256", "OKP", "Ed25519", "RSA", "AQAB", "ES256"),
      fc.base64String(),
      fc.jsonValue(),
    );
    const jwk = fc.dictionary(member, value).map((members) => JSON.stringify(members));
    const pem = fc.base64String().map((body) => `-----BEGIN PUBLIC KEY-----\n${body}\n-----END PUBLIC KEY-----`);
    fc.assert(
      fc.property(fc.oneof(anyText, jwk, damaged(jwk), damaged(pem)), (text) => {
        prompt(() => readPublicKey(text));
      }),
      tried,
    );
  });
});

describe("no JWT is believed but the one that was signed:", () => {
  const now = new Date("2026-03-01T12:00:01Z");

  test("an access token of which a part is another", async () => {
    const { issuer, workspace } = await newWorld();
    const token = await getToken(issuer);
    expect(verifyAccessToken(workspace, token, now)).toHaveProperty("claims");
    const [header = "", payload = "", signature = ""] = token.split(".");
    const forged = fc
      .tuple(fc.jsonValue(), fc.jsonValue(), fc.base64String())
      .map(([h, p, s]) => `${part(h)}.${part(p)}.${s}`);
    // Often the last character: its lowest bits say nothing, so that it has sixteen spellings for one signature.
    const respelt = fc
      .tuple(
        fc.oneof(fc.constant(token.length - 1), fc.nat(token.length - 1)),
        fc.base64String({ minLength: 4, maxLength: 4 }),
      )
      .map(
        ([at, [letter = ""]]) => token.slice(0, at) + letter.replace("+", "-").replace("/", "_") + token.slice(at + 1),
      );
    const swapped = fc.jsonValue().map((value) => `${header}.${part(value)}.${signature}`);
    const renamed = fc
      .dictionary(anyOf("alg", "typ", "kid", "crit", "jwk"), fc.jsonValue())
      .map((members) => `${part(members)}.${payload}.${signature}`);
    fc.assert(
      fc.property(fc.oneof(anyText, forged, swapped, renamed, respelt, damaged(fc.constant(token))), (text) => {
        if (text === token) return;
        expect(isFailure(prompt(() => verifyAccessToken(workspace, text, now)))).toBe(true);
      }),
      tried,
    );
  });

  test("a client assertion: what is read has a client, and one instant at which it ends", async () => {
    const { workspace } = await newWorld();
    const instant = fc.oneof(fc.integer({ min: 1772366000, max: 1772372000 }), fc.double(), fc.jsonValue());
    const claims = fc.record(
      {
        iss: fc.oneof(fc.constant("billing"), anyText),
        sub: fc.oneof(fc.constant("billing"), anyText),
        aud: fc.oneof(fc.constant<unknown>(url), fc.constant([url]), fc.array(anyText), fc.jsonValue()),
        exp: instant,
        iat: instant,
        nbf: instant,
        jti: fc.oneof(anyText, fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const header = fc.dictionary(
      anyOf("alg", "typ", "kid", "crit"),
      fc.oneof(anyOf("ES256", "JWT", "none"), fc.jsonValue()),
    );
    const jwt = fc
      .tuple(header, claims, fc.base64String())
      .map(([h, c, s]) => `${part(h)}.${part(c)}.${s.replaceAll(/[+/=]/g, "")}`);
    const kind = "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    fc.assert(
      fc.property(fc.oneof(jwt, jwt, damaged(jwt), anyText), (text) => {
        prompt(() => readCompactJws(text));
        const form = parseForm(Buffer.from(`${kind}&client_assertion=${encodeURIComponent(text.toWellFormed())}`));
        const read = isFailure(form) ? form : prompt(() => readAssertion(form));
        if (isFailure(read) || !("assertion" in read)) return;
        expect(read.clientId).not.toBe("");
        const use = prompt(() => readAssertionUse(workspace, read.assertion, now));
        if (!isFailure(use)) expect(use.endsAt.getTime()).toBeGreaterThan(now.getTime());
      }),
      tried,
    );
  });
});

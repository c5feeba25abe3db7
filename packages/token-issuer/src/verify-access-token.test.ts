import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { exportSPKI, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { type Failure, isFailure } from "./failure.ts";
import type { Issuer, SigningKey } from "./index.ts";
import { signBytes } from "./signature.ts";
import { clientId, forgedJwt, getToken, newWorld, orders, url } from "./testing/world.ts";
import { unverifiedIssuer, verifyAccessToken } from "./verify-access-token.ts";

const now = new Date("2026-03-01T12:00:10Z");
const seconds = now.getTime() / 1000;
const good = {
  iss: url,
  aud: orders,
  sub: clientId,
  client_id: clientId,
  iat: seconds - 10,
  exp: seconds + 100,
  jti: "abcdefghijklmnopqrstuv",
  scope: "orders:read",
};

async function workspace(): Promise<{ issuer: Issuer; key: SigningKey }> {
  const { workspace: issuer } = await newWorld();
  const [key] = issuer.keys;
  if (!key) throw new Error("no key");
  return { issuer, key };
}

/** Signs any header and payload text with the issuer's real key. */
async function signed(key: SigningKey, payload: string | object, header: string | object = {}): Promise<string> {
  const text = (part: string | object) => (typeof part === "string" ? part : JSON.stringify(part));
  const whole = typeof header === "string" ? header : { alg: key.alg, typ: "at+jwt", kid: key.kid, ...header };
  const input = [whole, payload].map((part) => Buffer.from(text(part)).toString("base64url")).join(".");
  const signature = signBytes(key.alg, await key.privateKey(), Buffer.from(input));
  return `${input}.${signature.toString("base64url")}`;
}

const outcome = (issuer: Issuer, token: string): string => {
  const verified: object | Failure = verifyAccessToken(issuer, token, now);
  if (!isFailure(verified)) return "ok";
  return verified.reason === "malformed_token" ? verified.problem : verified.reason;
};

describe("a token signed with the issuer's key", () => {
  const header = (change: object) => ({ header: change });
  const claims = (change: object) => ({ payload: { ...good, ...change } });

  test.each<[string, { payload?: string | object; header?: string | object }, string]>([
    ["that is whole", {}, "ok"],
    ["of the long type", header({ typ: "application/at+jwt" }), "ok"],
    ["for several audiences", claims({ aud: [orders, "https://b.example"] }), "ok"],
    ["with a claim named reason", claims({ reason: "nightly run" }), "ok"],
    ["of another type", header({ typ: "JWT" }), "type"],
    ["with crit", header({ crit: ["exp"] }), "forbidden_header"],
    ["with b64", header({ b64: false }), "forbidden_header"],
    ["with a key of its own", header({ jwk: {} }), "forbidden_header"],
    ["with an address of keys", header({ jku: "https://evil.example" }), "forbidden_header"],
    ["with an unknown kid", header({ kid: "x" }), "unknown_key"],
    ["that says none", header({ alg: "none" }), "wrong_algorithm"],
    ["that says HS256", header({ alg: "HS256" }), "wrong_algorithm"],
    ["with an array for claims", { payload: "[]" }, "json"],
    ["with a repeated claim", { payload: `${JSON.stringify(good).slice(0, -1)},"aud":"x"}` }, "duplicate_member"],
    ["that is no JSON", { payload: "hello" }, "json"],
    ["of another issuer", claims({ iss: "https://evil.example" }), "wrong_issuer"],
    ["of the issuer with a slash", claims({ iss: `${url}/` }), "wrong_issuer"],
    ["with exp as text", claims({ exp: "9999999999" }), "claims"],
    ["with an empty audience", claims({ aud: [] }), "claims"],
    ["with sub and client_id apart", claims({ sub: "other" }), "claims"],
    ["bound to a key and a certificate", claims({ cnf: { jkt: "k", "x5t#S256": "c" } }), "ok"],
    ["bound to what nobody here can check", claims({ cnf: { jkt: "k", kid: "x" } }), "claims"],
    ["bound to a text", claims({ cnf: "k" }), "claims"],
    ["bound to a number", claims({ cnf: { jkt: 7 } }), "claims"],
    ["that ends a second from now", claims({ exp: seconds + 1 }), "ok"],
    ["that ends now", claims({ exp: seconds }), "token_expired"],
    ["that ended a second ago", claims({ exp: seconds - 1 }), "token_expired"],
    ["that ends at zero", claims({ exp: 0 }), "token_expired"],
    ["that ended before all time", claims({ exp: -1e300 }), "token_expired"],
    ["from the far future", claims({ iat: 1e300, exp: 2e300 }), "token_not_yet_valid"],
    ["not valid before long", claims({ nbf: seconds + 600 }), "token_not_yet_valid"],
    ["with a nonsensical nbf", claims({ nbf: "soon" }), "claims"],
  ])("%s", async (_what, { payload = good, header: change }, wanted) => {
    const { issuer, key } = await workspace();
    expect(outcome(issuer, await signed(key, payload, change))).toBe(wanted);
  });

  test.each(["iss", "aud", "sub", "client_id", "iat", "exp", "jti", "scope"])(
    "incident 21: without %s is refused",
    async (absent) => {
      const { issuer, key } = await workspace();
      expect(outcome(issuer, await signed(key, { ...good, [absent]: undefined }))).toBe("claims");
    },
  );

  test.each([
    ["alg", "wrong_algorithm"],
    ["typ", "type"],
    ["kid", "unknown_key"],
  ])("incident 21: without %s in its header is refused", async (absent, wanted) => {
    const { issuer, key } = await workspace();
    expect(outcome(issuer, await signed(key, good, { [absent]: undefined }))).toBe(wanted);
  });

  test("with a repeated header member is refused", async () => {
    const { issuer, key } = await workspace();
    const header = `{"alg":"ES256","typ":"at+jwt","kid":"${key.kid}","kid":"${key.kid}"}`;
    expect(outcome(issuer, await signed(key, good, header))).toBe("duplicate_member");
  });

  test("is refused once a single character of it is changed", async () => {
    const { issuer, key } = await workspace();
    const token = await signed(key, good);
    for (let at = 0; at < token.length; at += 7) {
      const other = token[at] === "A" ? "B" : "A";
      expect(outcome(issuer, token.slice(0, at) + other + token.slice(at + 1))).not.toBe("ok");
    }
  });

  test("has one spelling only", async () => {
    const { issuer, key } = await workspace();
    const token = await signed(key, good);
    // 64 bytes leave four bits over in the last character; a lax decoder ignores them.
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const stray = alphabet[alphabet.indexOf(token.at(-1) ?? "") + 1];
    expect(Buffer.from(`${token.slice(0, -1)}${stray}`.split(".")[2] ?? "", "base64url")).toHaveLength(64);
    expect(outcome(issuer, token.slice(0, -1) + stray)).toBe("encoding");
    for (const other of [`${token}=`, `${token}.`, ` ${token}`, token.replaceAll("-", "+"), `${token}\n`]) {
      if (other !== token) expect(outcome(issuer, other)).not.toBe("ok");
    }
  });

  test("over 16 KiB is not looked at", async () => {
    const { issuer, key } = await workspace();
    expect(outcome(issuer, await signed(key, { ...good, more: "x".repeat(16_384) }))).toBe("too_long");
  });

  test("is refused once the key is revoked or removed", async () => {
    const { issuer, key } = await workspace();
    const token = await signed(key, good);
    expect(outcome({ ...issuer, keys: [{ ...key, retireAt: now }] }, token)).toBe("ok");
    expect(outcome({ ...issuer, keys: [{ ...key, revokedAt: now }] }, token)).toBe("unknown_key");
    expect(outcome({ ...issuer, keys: [{ ...key, removeAt: now }] }, token)).toBe("unknown_key");
    expect(outcome({ ...issuer, keys: [{ ...key, publishAt: new Date(now.getTime() + 1) }] }, token)).toBe(
      "unknown_key",
    );
  });
});

describe("a token signed with something else", () => {
  test("as HMAC over the public key in any form is refused", async () => {
    const { issuer, key } = await workspace();
    const publicKey = createPublicKey({ key: key.publicJwk, format: "jwk" });
    const secrets = [await exportSPKI(publicKey as KeyObject), JSON.stringify(key.publicJwk), ""];
    for (const secret of secrets) {
      for (const alg of ["HS256", "ES256", "none", "None"]) {
        const header = JSON.stringify({ alg, typ: "at+jwt", kid: key.kid });
        expect(outcome(issuer, forgedJwt(header, JSON.stringify(good), secret))).not.toBe("ok");
      }
    }
  });

  test("as a foreign key under our kid is refused", async () => {
    const { issuer, key } = await workspace();
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const jwt = new SignJWT(good).setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: key.kid });
    expect(outcome(issuer, await jwt.sign(privateKey))).toBe("bad_signature");
  });

  test("as nothing, zeros or a zero half is refused", async () => {
    const { issuer, key } = await workspace();
    const [header, payload, signature = ""] = (await signed(key, good)).split(".");
    const halves = Buffer.from(signature, "base64url");
    const zero = Buffer.alloc(32);
    const wrong = [
      Buffer.alloc(64),
      Buffer.concat([zero, halves.subarray(32)]),
      Buffer.concat([halves.subarray(0, 32), zero]),
    ];
    for (const bytes of [...wrong, halves.subarray(1), Buffer.concat([halves, zero])]) {
      expect(outcome(issuer, `${header}.${payload}.${bytes.toString("base64url")}`)).toBe("bad_signature");
    }
    expect(outcome(issuer, `${header}.${payload}.`)).toBe("encoding");
    expect(outcome(issuer, `${header}.${payload}`)).toBe("not_three_parts");
  });

  test("of another workspace of the same store is refused", async () => {
    const [ours, theirs] = [await newWorld(), await newWorld()];
    expect(outcome(ours.workspace, await getToken(theirs.issuer))).toBe("unknown_key");
  });
});

test("the claimed issuer can be read without believing it", () => {
  expect(unverifiedIssuer(forgedJwt("{}", '{"iss":"https://a.example"}'))).toBe("https://a.example");
  expect(unverifiedIssuer("mmt_abc")).toBeUndefined();
});

describe("incident 14: a token whose signature was checked before", () => {
  const later = (at: number) => new Date(now.getTime() + at * 1000);
  const reason = (issuer: Issuer, token: string, at: Date) => {
    const verified = verifyAccessToken(issuer, token, at);
    return isFailure(verified) ? verified.reason : verified.claims.jti;
  };

  test("ends with its exp", async () => {
    const { issuer, key } = await workspace();
    const token = await signed(key, good);
    expect(reason(issuer, token, now)).toBe(good.jti);
    expect(reason(issuer, token, later(99))).toBe(good.jti);
    expect(reason(issuer, token, later(100))).toBe("token_expired");
  });

  test("ends with its key", async () => {
    const { issuer, key } = await workspace();
    const token = await signed(key, good);
    expect(reason(issuer, token, now)).toBe(good.jti);
    const without = { ...issuer, keys: issuer.keys.map((one) => ({ ...one, revokedAt: now })) };
    expect(reason(without, token, later(1))).toBe("unknown_key");
    expect(reason({ ...issuer, keys: [] }, token, later(1))).toBe("unknown_key");
  });

  test("is none of another issuer's, and lends its signature to no other token", async () => {
    const { issuer, key } = await workspace();
    const other = await workspace();
    const token = await signed(key, good);
    expect(reason(issuer, token, now)).toBe(good.jti);
    expect(reason(other.issuer, token, now)).toBe("unknown_key");
    const [head, , signature] = token.split(".");
    const wider = Buffer.from(JSON.stringify({ ...good, scope: "orders:write" })).toString("base64url");
    expect(reason(issuer, `${head}.${wider}.${signature}`, now)).toBe("bad_signature");
    expect(reason(issuer, token, now)).toBe(good.jti);
  });
});

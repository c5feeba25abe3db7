import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { type ExpectedIdToken, IdTokenReader, idTokenProblem } from "./id-token.ts";

const now = new Date("2026-03-01T12:00:00Z");
const seconds = now.getTime() / 1000;
const expected: ExpectedIdToken = { issuer: "https://id.example", clientId: "mintmark", nonce: "n-1" };
const right = {
  iss: "https://id.example",
  aud: "mintmark",
  sub: "ada",
  exp: seconds + 300,
  iat: seconds,
  nonce: "n-1",
};

describe("the claims of an ID token", () => {
  test.each([
    ["right → believed", {}, undefined],
    ["a list of this one audience → believed", { aud: ["mintmark"] }, undefined],
    ["its azp is this client → believed", { azp: "mintmark" }, undefined],
    ["another issuer", { iss: "https://id.example/" }, "issuer"],
    ["no issuer", { iss: undefined }, "issuer"],
    ["another audience", { aud: "other" }, "audience"],
    ["one more audience, whatever azp says", { aud: ["mintmark", "other"], azp: "mintmark" }, "audience"],
    ["no audience", { aud: [] }, "audience"],
    ["another azp", { azp: "other" }, "authorized_party"],
    ["no subject", { sub: undefined }, "subject"],
    ["an empty subject", { sub: "" }, "subject"],
    ["a subject that is no text", { sub: 7 }, "subject"],
    ["a subject of 255 characters → believed", { sub: "x".repeat(255) }, undefined],
    ["a subject of 256", { sub: "x".repeat(256) }, "subject"],
    ["a subject with a line break", { sub: "ada\n" }, "subject"],
    ["it ends a second from now → believed", { exp: seconds + 1 }, undefined],
    ["it ends now", { exp: seconds }, "expired"],
    ["it ended a second ago", { exp: seconds - 1 }, "expired"],
    ["its end is after 2038-01-19 → believed", { exp: 4_102_444_800 }, undefined],
    ["no end", { exp: undefined }, "expired"],
    ["an end that is text", { exp: String(seconds + 300) }, "expired"],
    ["an end that is no number", { exp: Number.NaN }, "expired"],
    ["it begins in 60 s, by a clock that is ahead → believed", { nbf: seconds + 60 }, undefined],
    ["it begins later", { nbf: seconds + 61 }, "early"],
    ["it is made in 60 s, by a clock that is ahead → believed", { iat: seconds + 60 }, undefined],
    ["it is made later", { iat: seconds + 61 }, "early"],
    ["it does not say when it was made", { iat: undefined }, "early"],
    ["ten minutes old → believed", { iat: seconds - 600 }, undefined],
    ["older", { iat: seconds - 601 }, "old"],
    ["another nonce", { nonce: "n-2" }, "nonce"],
    ["no nonce", { nonce: undefined }, "nonce"],
  ])("%s", (_, change, problem) => {
    expect(idTokenProblem({ ...right, ...change }, expected, now)).toBe(problem);
  });
});

const pair = (kid: string) => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: "jwk" }), kid, use: "sig" } };
};
const place = { place: "ten_1", jwksUri: "https://id.example/jwks" };

/** A reader of somebody's keys, who may exchange them. */
function reader(...keys: ReturnType<typeof pair>[]) {
  const asked: string[] = [];
  const made = new IdTokenReader(
    async (address) => {
      asked.push(address);
      return { keys: keys.map(({ jwk }) => jwk) };
    },
    { now: () => now, sleep: async () => undefined },
  );
  const read = async (by: ReturnType<typeof pair>, claims: object = {}, header: object = {}) => {
    const token = await new SignJWT({ ...right, ...claims } as never)
      .setProtectedHeader({ alg: "ES256", kid: by.kid, typ: "JWT", ...header })
      .sign(by.privateKey);
    return made.read(token, place, expected);
  };
  return { asked, read, keys };
}

describe("an ID token", () => {
  test("of the provider's key → who it is; an address only as it is asserted", async () => {
    const key = pair("a");
    const claims = { email: "ada@acme.example", email_verified: "true", name: "Ada", auth_time: seconds - 5 };
    expect(await reader(key).read(key, claims)).toEqual({
      subject: "ada",
      email: "ada@acme.example",
      emailVerified: true,
      name: "Ada",
      authTime: new Date((seconds - 5) * 1000),
    });
    expect(await reader(key).read(key, { email: 7, email_verified: 1, auth_time: "soon" })).toEqual({
      subject: "ada",
      email: undefined,
      emailVerified: false,
      name: undefined,
      authTime: undefined,
    });
  });

  test("of another key, under its own kid or the provider's → unknown_key", async () => {
    const key = pair("a");
    expect(await reader(key).read(pair("a"))).toEqual({ problem: "unknown_key" });
    expect(await reader(key).read(pair("b"))).toEqual({ problem: "unknown_key" });
  });

  test("of a key that the provider has since exchanged → its keys are asked for anew", async () => {
    const [old, next] = [pair("a"), pair("b")];
    const { read, keys, asked } = reader(old);
    await read(old);
    keys.splice(0, 1, next);
    expect(await read(next)).toMatchObject({ subject: "ada" });
    expect(asked.length).toBe(2);
  });

  test("of another kind, or by an algorithm that shares its key → no key is asked for", async () => {
    const key = pair("a");
    const { read, asked } = reader(key);
    expect(await read(key, {}, { typ: "at+jwt" })).toEqual({ problem: "kind" });
    expect(await read(key, {}, { typ: "logout+jwt" })).toEqual({ problem: "kind" });
    const made = new IdTokenReader(async () => ({}), { now: () => now, sleep: async () => undefined });
    for (const alg of ["HS256", "HS512", "none", "ES256K", "RSA-OAEP"]) {
      const header = Buffer.from(JSON.stringify({ alg })).toString("base64url");
      const payload = Buffer.from(JSON.stringify(right)).toString("base64url");
      expect(await made.read(`${header}.${payload}.AAAA`, place, expected)).toEqual({ problem: "algorithm" });
    }
    expect(asked).toEqual([]);
  });

  test("whose provider publishes no key → what the address has", async () => {
    expect(await reader().read(pair("a"))).toEqual({ keys: "no_keys" });
  });

  test.each(["", "a.b", "a.b.c.d", "....", "x".repeat(20_000)])("that is none (%#) → malformed", async (token) => {
    const made = new IdTokenReader(async () => ({}), { now: () => now, sleep: async () => undefined });
    expect(await made.read(token, place, expected)).toEqual({ problem: "malformed" });
  });
});

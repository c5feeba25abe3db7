import { describe, expect, test } from "vitest";
import { decodeJwt, isSignedBy } from "./jwt.ts";

const base64url = (data: ArrayBuffer | string) =>
  Buffer.from(typeof data === "string" ? data : new Uint8Array(data)).toString("base64url");

const algorithms = {
  ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  EdDSA: { name: "Ed25519" },
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
  PS256: {
    name: "RSA-PSS",
    hash: "SHA-256",
    saltLength: 32,
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
} as const;

async function signed(alg: keyof typeof algorithms) {
  const algorithm = algorithms[alg];
  const pair = (await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  const content = `${base64url(JSON.stringify({ alg, kid: "k" }))}.${base64url('{"sub":"ü"}')}`;
  const signature = await crypto.subtle.sign(algorithm, pair.privateKey, new TextEncoder().encode(content));
  const jwk = { ...(await crypto.subtle.exportKey("jwk", pair.publicKey)), kid: "k" };
  return { token: `${content}.${base64url(signature)}`, jwk };
}

describe("a signature of each algorithm", () => {
  test.each(Object.keys(algorithms) as (keyof typeof algorithms)[])("%s", async (alg) => {
    const { token, jwk } = await signed(alg);
    const decoded = decodeJwt(token);
    if (!decoded) throw new Error("not decoded");
    expect(decoded.claims).toEqual({ sub: "ü" });
    expect(await isSignedBy(decoded, [jwk])).toBe(true);
    expect(await isSignedBy(decoded, [{ ...jwk, kid: "other" }])).toBe(false);
    expect(await isSignedBy(decoded, [(await signed(alg)).jwk])).toBe(false);
    expect(await isSignedBy({ ...decoded, signed: new TextEncoder().encode("else") }, [jwk])).toBe(false);
  });
});

test("what is no JWT is not decoded", () => {
  for (const word of ["", "a.b", "a.b.c.d", "!.!.!", "e30.bm8.x"]) expect(decodeJwt(word)).toBeUndefined();
});

test("a token without a known algorithm is signed by nobody", async () => {
  const { token, jwk } = await signed("ES256");
  const decoded = decodeJwt(token);
  if (!decoded) throw new Error("not decoded");
  expect(await isSignedBy({ ...decoded, header: { alg: "none", kid: "k" } }, [jwk])).toBe(false);
});

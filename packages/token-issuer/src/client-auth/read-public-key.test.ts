import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { calculateJwkThumbprint, type JWK } from "jose";
import { expect, test } from "vitest";
import { readPublicKey } from "../index.ts";

const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const json = (key: KeyObject, more: object = {}) =>
  JSON.stringify({ ...(key.export({ format: "jwk" }) as object), ...more });
const pem = (key: KeyObject, type: "spki" | "pkcs8") => key.export({ format: "pem", type }).toString();

test("a JWK → its public members, its kid or else its thumbprint", async () => {
  const jwk = ec.publicKey.export({ format: "jwk" }) as JWK;
  const thumbprint = await calculateJwkThumbprint(jwk);
  const named = readPublicKey(json(ec.publicKey, { kid: "k1", use: "sig", x5t: "noise" }));
  expect(named).toEqual({ kid: "k1", thumbprint, publicJwk: jwk });
  expect(readPublicKey(json(ec.publicKey))).toMatchObject({ kid: thumbprint });
});

test("PEM of P-256, Ed25519 and RSA → the same key as its JWK", () => {
  const ed = generateKeyPairSync("ed25519");
  for (const { publicKey } of [ec, ed, rsa])
    expect(readPublicKey(pem(publicKey, "spki"))).toEqual(readPublicKey(json(publicKey)));
});

test("an RSA key that names its algorithm → kept to it", () => {
  expect(readPublicKey(json(rsa.publicKey, { alg: "PS256" }))).toMatchObject({ publicJwk: { alg: "PS256" } });
});

test.each([
  ["a private JWK", json(ec.privateKey), "private"],
  ["a private PEM", pem(rsa.privateKey, "pkcs8"), "private"],
  ["a symmetric JWK", '{"kty":"oct","k":"AAAA"}', "private"],
  ["a short RSA key", json(generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey), "size"],
  ["a huge RSA key", json(rsa.publicKey, { n: Buffer.alloc(1024, 255).toString("base64url") }), "size"],
  ["RSA with an exponent of 1", json(rsa.publicKey, { e: "AQ" }), "size"],
  ["RSA with an even exponent", json(rsa.publicKey, { e: "AQAC" }), "size"],
  ["RSA with a huge exponent", json(rsa.publicKey, { e: Buffer.alloc(200, 255).toString("base64url") }), "size"],
  ["P-384", json(generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey), "kind"],
  ["X25519", json(generateKeyPairSync("x25519").publicKey), "kind"],
  ["an algorithm that does not fit", json(ec.publicKey, { alg: "RS256" }), "kind"],
  ["RSA-PSS", pem(generateKeyPairSync("rsa-pss", { modulusLength: 2048 }).publicKey, "spki"), "kind"],
  [
    "a curve that JWK does not know",
    pem(generateKeyPairSync("ec", { namedCurve: "brainpoolP256r1" }).publicKey, "spki"),
    "kind",
  ],
  ["a kid with a line's end", json(ec.publicKey, { kid: "a\r\nb" }), "kid"],
  ["a kid with half a character", json(ec.publicKey, { kid: "\ud800" }), "kid"],
  ["an empty kid", json(ec.publicKey, { kid: "" }), "kid"],
  ["a kid that is a number", json(ec.publicKey, { kid: 7 }), "kid"],
  ["a point that is not on the curve", json(ec.publicKey, { x: "AAAA" }), "kind"],
  ["half a JSON", "{", "unreadable"],
  ["a set of keys", '{"keys":[]}', "unreadable"],
  ["a word", "key", "unreadable"],
  ["nothing", "", "unreadable"],
])("%s → %3$s", (_, text, problem) => {
  expect(readPublicKey(text)).toBe(problem);
});

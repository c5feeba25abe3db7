import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { compactDecrypt, decodeProtectedHeader, type JWK } from "jose";
import { expect, test } from "vitest";
import { type RecipientKey, readRecipientKey, sealTo } from "./recipient-key.ts";

const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const json = (key: KeyObject, more: object = {}) =>
  JSON.stringify({ ...(key.export({ format: "jwk" }) as object), ...more });

const recipient = (text: string): RecipientKey => {
  const read = readRecipientKey(text);
  if (typeof read === "string") throw new Error(read);
  return read;
};

test.each([
  ["ECDH-ES", ec],
  ["RSA-OAEP-256", rsa],
] as const)(
  "[A9] sealed by %s → somebody else's library opens it with the private key, and with no other",
  async (alg, pair) => {
    const sealed = sealTo(recipient(json(pair.publicKey, { kid: "mine" })), { client_secret: "mms_ü" });
    expect(decodeProtectedHeader(sealed)).toMatchObject({ alg, enc: "A256GCM", cty: "json", kid: "mine" });
    const { plaintext } = await compactDecrypt(sealed, pair.privateKey);
    expect(JSON.parse(Buffer.from(plaintext).toString())).toEqual({ client_secret: "mms_ü" });
    const { privateKey } =
      alg === "ECDH-ES"
        ? generateKeyPairSync("ec", { namedCurve: "P-256" })
        : generateKeyPairSync("rsa", { modulusLength: 2048 });
    await expect(compactDecrypt(sealed, privateKey)).rejects.toThrow("decryption operation failed");
  },
);

test("the same sealed twice → nothing of it is the same", () => {
  for (const { publicKey } of [ec, rsa]) {
    const to = recipient(json(publicKey));
    const [a = "", b = ""] = [sealTo(to, {}), sealTo(to, {})];
    expect(a.split(".").slice(2)).not.toEqual(b.split(".").slice(2));
    expect(a.split(".")[3]).not.toBe(b.split(".")[3]);
  }
});

test("a key → its public members and kid alone", () => {
  const jwk = ec.publicKey.export({ format: "jwk" }) as JWK;
  expect(recipient(json(ec.publicKey, { use: "enc", alg: "ECDH-ES", x5t: "noise" })).publicJwk).toEqual(jwk);
});

test.each([
  ["a private key", json(ec.privateKey), "private"],
  ["P-384", json(generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey), "kind"],
  ["Ed25519, which cannot decrypt", json(generateKeyPairSync("ed25519").publicKey), "kind"],
  ["a key that signs", json(ec.publicKey, { use: "sig" }), "kind"],
  ["RSA with PKCS #1 v1.5", json(rsa.publicKey, { alg: "RSA1_5" }), "kind"],
  ["a short RSA key", json(generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey), "size"],
  ["a kid with a line's end", json(ec.publicKey, { kid: "a\nb" }), "kid"],
  ["a list", "[]", "unreadable"],
  ["null", "null", "unreadable"],
  ["PEM", ec.publicKey.export({ format: "pem", type: "spki" }).toString(), "unreadable"],
])("%s → %3$s", (_, text, problem) => {
  expect(readRecipientKey(text)).toBe(problem);
});

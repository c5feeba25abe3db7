import { createPrivateKey } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { generateSigningKey, type SigningKey } from "./index.ts";
import { derToConcatenated, signatureLength, signBytes, verifyBytes } from "./signature.ts";
import { tried } from "./testing/properties.ts";

/** DER of two positive integers, as OpenSSL writes it: minimal, with a sign byte where the top bit is set. */
function der(r: bigint, s: bigint): Buffer {
  const integer = (value: bigint) => {
    const hex = value.toString(16);
    const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex");
    const signed = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
    return Buffer.concat([Buffer.of(2, signed.length), signed]);
  };
  const body = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

test("DER becomes r and s of full width, however short the integers", () => {
  const integer = fc.oneof(fc.bigInt(1n, 2n ** 256n - 1n), fc.bigInt(1n, 70_000n), fc.bigInt(2n ** 240n, 2n ** 249n));
  fc.assert(
    fc.property(integer, integer, (r, s) => {
      const hex = [r, s].map((value) => value.toString(16).padStart(64, "0")).join("");
      expect(derToConcatenated(der(r, s)).toString("hex")).toBe(hex);
    }),
    tried,
  );
});

test.each(["ES256", "EdDSA", "PS256", "RS256"] as const)(
  "%s verifies what it signed and its length is known",
  async (alg) => {
    const generated = await generateSigningKey(alg);
    const privateKey = createPrivateKey({ key: generated.privateKey, format: "der", type: "pkcs8" });
    const key = { kid: generated.kid, alg, publicJwk: generated.publicJwk } as unknown as SigningKey;
    for (let count = 0; count < 20; count++) {
      const bytes = Buffer.from(`message ${count}`);
      const signature = signBytes(alg, privateKey, bytes);
      expect(verifyBytes(key, bytes, signature)).toBe(true);
      expect(verifyBytes(key, Buffer.from("other"), signature)).toBe(false);
      expect(signature.toString("base64url")).toHaveLength(signatureLength(key));
    }
  },
);

test("a generated key publishes no private member", async () => {
  const { publicJwk, kid } = await generateSigningKey("ES256");
  expect(Object.keys(publicJwk).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x", "y"]);
  expect(kid).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

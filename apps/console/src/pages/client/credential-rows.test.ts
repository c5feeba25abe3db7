import { expect, test } from "vitest";
import { algorithmOf, shortKid } from "./credential-rows.ts";

test.each([
  [{ kty: "EC", crv: "P-256" }, "ES256"],
  [{ kty: "OKP", crv: "Ed25519" }, "EdDSA"],
  [{ kty: "RSA" }, "PS256, RS256"],
  [{ kty: "RSA", alg: "PS256" }, "PS256"],
])("%j → %s", (jwk, kind) => {
  expect(algorithmOf(jwk)).toBe(kind);
});

test("a thumbprint → its start; a short kid → itself", () => {
  expect(shortKid("a".repeat(43))).toBe(`${"a".repeat(16)}…`);
  expect(shortKid("build-2027")).toBe("build-2027");
});

import { expect, test } from "vitest";
import { secretsOf } from "./sso-attempt.ts";
import { syntheticEmail } from "./sso-identity.ts";

const key = { tenantId: "ten_1", issuer: "https://id.example", subject: "ada" };

test("each tenant, issuer and subject has an address of its own, that nobody can receive mail at", () => {
  const others = [
    { ...key, tenantId: "ten_2" },
    { ...key, issuer: "https://id.example/" },
    { ...key, subject: "Ada" },
    { ...key, issuer: "https://id.exampl", subject: "eada" },
  ];
  expect(new Set([key, ...others].map(syntheticEmail)).size).toBe(5);
  expect(syntheticEmail(key)).toBe(syntheticEmail({ ...key }));
  expect(syntheticEmail(key)).toMatch(/^[0-9a-f]{64}@sso\.invalid$/);
});

test("nonce and code verifier are drawn from both secrets, and are not each other", () => {
  const secrets = secretsOf("state", "browser");
  const all = [secrets, secretsOf("other", "browser"), secretsOf("state", "other")];
  expect(new Set(all.flatMap(({ nonce, codeVerifier }) => [nonce, codeVerifier])).size).toBe(6);
  expect(secretsOf("state", "browser")).toEqual(secrets);
  // RFC 7636 §4.1
  expect(secrets.codeVerifier).toMatch(/^[A-Za-z0-9._~-]{43,128}$/);
});

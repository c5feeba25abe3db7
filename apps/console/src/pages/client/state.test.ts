import { expect, test } from "vitest";
import { clientState, credentialState, lastUse, noMoreSecrets, soleSecret } from "./state.ts";

const DAY = 86_400_000;
const now = Date.parse("2026-11-22T12:00:00Z");
const iso = (days: number) => new Date(now + days * DAY).toISOString();
const secret = (more: object = {}) => ({
  __typename: "ClientSecret",
  createdAt: iso(-100),
  notBefore: iso(-100),
  lastUsedAt: iso(-1),
  ...more,
});

test.each([
  ["in use", {}, "active", true],
  ["never used", { lastUsedAt: null }, "never", true],
  ["to begin", { notBefore: iso(1) }, "transition", true],
  ["ending", { expiresAt: iso(3) }, "attention", true],
  ["replaced by another one", { expiresAt: iso(2), isRetiring: true }, "transition", true],
  ["over", { expiresAt: iso(-1) }, "broken", false],
  ["revoked", { revokedAt: iso(-1), expiresAt: iso(3) }, "off", false],
])("a secret that is %s", (_, more, status, works) => {
  expect(credentialState(secret(more), now)).toMatchObject({ status, works });
});

test.each([
  ["disabled", "DISABLED", [secret()], "off"],
  ["with no secret", "ACTIVE", [], "attention"],
  ["with only revoked ones", "ACTIVE", [secret({ revokedAt: iso(-1) })], "attention"],
  ["with only expired ones", "ACTIVE", [secret({ expiresAt: iso(-1) })], "broken"],
  ["with one ending and one not", "ACTIVE", [secret({ expiresAt: iso(2) }), secret()], "active"],
  ["with all ending", "ACTIVE", [secret({ expiresAt: iso(2) })], "attention"],
  ["never used", "ACTIVE", [secret({ lastUsedAt: null })], "never"],
  ["whose secrets may not be seen", "ACTIVE", null, "active"],
])("a client %s", (_, status, nodes, expected) => {
  expect(clientState({ status, credentials: nodes && { nodes } }, now).status).toBe(expected);
});

test("the last use is the latest of all secrets, revoked ones too", () => {
  const used = [
    secret({ lastUsedAt: iso(-3), lastUsedAddress: "a" }),
    secret({ lastUsedAt: iso(-2), lastUsedAddress: "b", revokedAt: iso(-1) }),
    secret({ lastUsedAt: null }),
  ];
  expect(lastUse(used)).toEqual({ at: now - 2 * DAY, address: "b" });
  expect(lastUse([])).toBeNull();
});

test("a further secret needs the permission and a place; ended secrets take none", () => {
  const settings = { clientSecretLimit: { value: 1 } };
  const may = ["client-secret:write"];
  const holding = (...nodes: ReturnType<typeof secret>[]) => ({ credentials: { nodes }, settings });
  expect(noMoreSecrets(holding(), [], now)).toContain("client-secret:write");
  expect(noMoreSecrets(holding(secret()), may, now)).toContain("1 active");
  expect(noMoreSecrets(holding(secret({ revokedAt: iso(-1) })), may, now)).toBeUndefined();
  expect(noMoreSecrets({ ...holding(secret()), settings: null }, may, now)).toBeUndefined();
  expect(noMoreSecrets(holding(secret({ __typename: "ClientKey" })), may, now)).toBeUndefined();
});

test("a client rotates while one of its rotations runs, and says how far that has come", () => {
  const rotation = { formerId: "sec_a", formerIssued: 1, successorIssued: 2 };
  const client = (state: string) => ({
    status: "ACTIVE",
    credentials: { nodes: [secret()] },
    secretRotations: [{ ...rotation, state }],
  });
  expect(clientState(client("RUNNING"), now)).toMatchObject({ status: "transition", word: "Rotating, 66% moved" });
  expect(clientState(client("RETIRED"), now).status).toBe("active");
});

test("a rotation needs no further word where one secret works, and it is not being replaced already", () => {
  const key = { ...secret(), __typename: "ClientKey" };
  const ended = secret({ revokedAt: iso(-1) });
  const only = secret();
  expect(soleSecret([key, ended, only], now)).toBe(only);
  expect(soleSecret([only, secret()], now)).toBeUndefined();
  expect(soleSecret([secret({ isRetiring: true })], now)).toBeUndefined();
  expect(soleSecret([key, ended], now)).toBeUndefined();
});

import { expect, test } from "vitest";
import type { GeneratedType } from "../../gql/graphql.ts";
import { canMakeTokens, limitReached, markOf, permissionWords, tokenCeiling, tokenState } from "./state.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const token = {
  createdAt: "2026-01-01T00:00:00Z",
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: "2026-11-22T11:00:00Z",
} as const;

test("a token works until it has ended or was revoked; what somebody did is said first", () => {
  expect(tokenState(token, now)).toMatchObject({ word: "Active", works: true });
  expect(tokenState({ ...token, lastUsedAt: null }, now)).toMatchObject({ word: "Never used", works: true });
  expect(tokenState({ ...token, expiresAt: "2026-11-25T12:00:00Z" }, now)).toMatchObject({ word: "Expiring" });
  expect(tokenState({ ...token, expiresAt: "2026-11-22T12:00:00Z" }, now)).toMatchObject({
    word: "Expired",
    works: false,
  });
  const over = { ...token, revokedAt: "2026-11-01T00:00:00Z", expiresAt: "2026-11-02T00:00:00Z" };
  expect(tokenState(over, now)).toMatchObject({ word: "Revoked", works: false });
});

test("its mark has our prefix only where the value has it", () => {
  expect(markOf({ hint: "8c21", isImported: false })).toBe("mmt_…8c21");
  expect(markOf({ hint: "8c21", isImported: true })).toBe("…8c21");
  expect(markOf({ hint: "sha256:ab12", isImported: true })).toBe("sha256:ab12");
});

test("what it may do is said in a line: everything, the first API and how many more, or nothing that is left", () => {
  const at = (resourceName: string, scopes: string[]) => ({
    resourceId: "res_1",
    identifier: "https://api.example.com/",
    resourceName,
    scopes,
  });
  expect(permissionWords({ followsGrants: true, permissions: [] })).toBe("Provider: everything");
  expect(permissionWords({ followsGrants: false, permissions: [at("Ledger", ["a", "b"])] })).toBe("2 scopes at Ledger");
  const two = [at("Ledger", ["a"]), at("Invoices", ["c"])];
  expect(permissionWords({ followsGrants: false, permissions: two })).toBe("1 scope at Ledger, 1 more");
  expect(permissionWords({ followsGrants: false, permissions: [] })).toBe("Nothing any more");
});

const settings = {
  generatedTypes: { value: ["STATIC_TOKEN"] as GeneratedType[] },
  apiTokens: { value: "ON", level: "WORKSPACE" },
  apiTokenLimit: { value: 2 },
  staticTokenLifetime: { value: null, level: "DEFAULT" },
  staticTokenExpiry: { value: "OPTIONAL", level: "DEFAULT" },
} as const;

test("the settings say until when a token may live, and whether it has to end", () => {
  expect(tokenCeiling(settings)).toEqual({ days: null, from: "" });
  const capped = { ...settings, staticTokenLifetime: { value: 30, level: "TENANT" } } as const;
  expect(tokenCeiling(capped)).toEqual({ days: 30, from: "by the tenant" });
  const ending = { ...settings, staticTokenExpiry: { value: "REQUIRED", level: "WORKSPACE" } } as const;
  expect(tokenCeiling(ending)).toEqual({ days: null, from: "", endsBy: "by the workspace" });
});

test("[F2] tokens are made where they are on, and where the tenant chose their type", () => {
  expect(canMakeTokens(settings)).toBe(true);
  expect(canMakeTokens({ ...settings, apiTokens: { value: "OFF", level: "WORKSPACE" } })).toBe(false);
  expect(canMakeTokens({ ...settings, generatedTypes: { value: ["CLIENT_CREDENTIALS"] } })).toBe(false);
});

test("only tokens that work count against the limit", () => {
  expect(limitReached(settings, [token, token], now)).toBe(2);
  expect(limitReached(settings, [token, { ...token, revokedAt: "2026-11-01T00:00:00Z" }], now)).toBeUndefined();
});

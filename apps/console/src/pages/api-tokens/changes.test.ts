import { expect, test } from "vitest";
import { changesOf, editedOf } from "./changes.ts";
import type { ApiToken } from "./documents.ts";
import { choicesOf, scopeKey, withdrawn } from "./scopes.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const token: ApiToken = {
  __typename: "ApiToken",
  id: "tok_1",
  name: "till",
  hint: "8c21",
  createdAt: "2026-11-01T00:00:00Z",
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
  lastUsedAddress: null,
  isImported: false,
  isMadeByOperator: false,
  followsGrants: false,
  permissions: [
    {
      resourceId: "res_1",
      identifier: "https://ledger.example.com/",
      resourceName: "Ledger",
      scopes: ["ledger:read", "ledger:old"],
    },
  ],
};
const choices = choicesOf({
  grants: [
    {
      id: "grt_1",
      scopes: ["ledger:read", "ledger:write"],
      resource: {
        id: "res_1",
        name: "Ledger",
        identifier: "https://ledger.example.com/",
        isOwnApi: false,
        scopes: [{ name: "ledger:read", description: "Read it" }],
      },
    },
  ],
});

test("the client's grants are the choices, with what each scope is for where that may be seen", () => {
  expect(choices[0]?.scopes.map(({ name, description }) => [name, description])).toEqual([
    ["ledger:read", "Read it"],
    ["ledger:write", ""],
  ]);
});

test("what stays is left out of the change; nothing changed is no change", () => {
  const before = editedOf(token);
  expect(changesOf(token, before, choices, now)).toBeUndefined();
  expect(changesOf(token, { ...before, name: " shop " }, choices, now)).toEqual({ id: "tok_1", name: "shop" });
  const never = { ...before, expiry: { preset: "never", day: "" } } as const;
  expect(changesOf(token, never, choices, now)).toEqual({ id: "tok_1", expiresAt: null });
  expect(changesOf(token, { ...before, power: "all" }, choices, now)).toEqual({
    id: "tok_1",
    permissions: { all: true },
  });
});

test("permissions that change leave out what the client is no longer granted, and the form names it", () => {
  const before = editedOf(token);
  expect(withdrawn(before.chosen, choices)).toEqual(["ledger:old"]);
  const wider = { ...before, chosen: new Set([...before.chosen, scopeKey("res_1", "ledger:write")]) };
  expect(changesOf(token, wider, choices, now)).toEqual({
    id: "tok_1",
    permissions: { chosen: [{ resourceId: "res_1", scopes: ["ledger:read", "ledger:write"] }] },
  });
});

import { expect, test } from "vitest";
import { apartFrom, changedIn, draftOf, draftProblem, inputOf, isSetting } from "./draft.ts";
import { fromWords, kinds, type SettingsHere, valueWords } from "./kinds.ts";

const none = { value: null, level: "DEFAULT", own: null, inheritedValue: null, inheritedLevel: "DEFAULT" } as const;
const both = ["CLIENT_SECRET_BASIC", "CLIENT_SECRET_POST"] as const;
const settings = {
  accessTokenLifetime: { ...none, value: 300, level: "WORKSPACE", own: 7200, inheritedValue: 300 },
  clientSecretLifetime: none,
  clientSecretLimit: { ...none, value: 5, level: "TENANT", inheritedValue: 5, inheritedLevel: "TENANT" },
  clientTokenLimit: none,
  clientAuthenticationMethods: { ...none, value: [...both], inheritedValue: [...both] },
  whenDatabaseAway: { ...none, value: "STOP", level: "WORKSPACE", own: "STOP", inheritedValue: "CONTINUE" },
} as unknown as SettingsHere;
const before = {
  name: "a",
  ...draftOf(settings, [
    "accessTokenLifetime",
    "clientSecretLifetime",
    "clientSecretLimit",
    "clientAuthenticationMethods",
    "whenDatabaseAway",
  ]),
};

test("what the level says itself stands in the form, even where a stricter one counts; the rest is inherited", () => {
  expect(before).toEqual({
    name: "a",
    accessTokenLifetime: "7200",
    clientSecretLifetime: null,
    clientSecretLimit: null,
    clientAuthenticationMethods: null,
    whenDatabaseAway: "STOP",
  });
});

test("what changed is sent as the schema wants it, inherited as null, each member to its own mutation", () => {
  const after = {
    ...before,
    name: "b",
    accessTokenLifetime: null,
    clientSecretLimit: " 3 ",
    whenDatabaseAway: "CONTINUE",
  };
  expect(changedIn(before, after)).toEqual(["name", "accessTokenLifetime", "clientSecretLimit", "whenDatabaseAway"]);
  expect(inputOf(before, after, isSetting)).toEqual({
    accessTokenLifetime: null,
    clientSecretLimit: 3,
    whenDatabaseAway: "CONTINUE",
  });
  expect(inputOf(before, after, (member) => !isSetting(member))).toEqual({ name: "b" });
  expect(inputOf(before, { ...before, name: " a " }, () => true)).toBeNull();
});

test("a number that is none and no method at all are told before anything is sent", () => {
  expect(draftProblem({ ...before, clientSecretLimit: "many" })).toEqual({
    member: "clientSecretLimit",
    problem: "number",
  });
  expect(draftProblem({ ...before, clientAuthenticationMethods: [] })?.member).toBe("clientAuthenticationMethods");
  expect(draftProblem(before)).toBeUndefined();
});

test("a value is said in its unit, with the level that it comes from", () => {
  expect(fromWords(kinds.accessTokenLifetime, 900, "TENANT")).toBe("15 min, set by the tenant.");
  expect(fromWords(kinds.workspaceTokenLimit, null, "DEFAULT")).toBe("No limit, the default.");
  expect(valueWords(kinds.maxStale, null)).toContain("15 min with one");
  expect(valueWords(kinds.whenDatabaseAway, "STOP")).toBe("Stop");
  expect(valueWords(kinds.clientAuthenticationMethods, [...both])).toBe("client_secret_basic, client_secret_post");
});

test("what was typed while a form was being saved, and not sent with it, is what differs from what was", () => {
  const sent = { name: "orders ", whenDatabaseAway: "STOP", dpop: null };
  const now = { name: "orders", whenDatabaseAway: null, accessTokenLifetime: "300" };
  expect(apartFrom(now, sent)).toEqual({ whenDatabaseAway: null, accessTokenLifetime: "300" });
  expect(apartFrom(sent, sent)).toEqual({});
});

import { expect, test } from "vitest";
import { draftsOf, identifierProblem, repeated, scopeProblem } from "./rules.ts";

test.each(["orders:read", "a", "https://x/y", "!#$"])("%s is a scope", (name) => {
  expect(scopeProblem(name)).toBeUndefined();
});

test.each(["a b", 'a"b', "a\\b", "é", "x".repeat(129)])("%s is none", (name) => {
  expect(scopeProblem(name)).toBeDefined();
});

test.each(["https://api.example.com/orders", "urn:acme:kyc", "http://localhost:8080/", "https://a.example/%7Eb"])(
  "%s is an identifier",
  (uri) => expect(identifierProblem(uri)).toBeUndefined(),
);

test.each([
  "orders",
  "/orders",
  "https://",
  "https:orders",
  "https://a/#x",
  "https://a b",
  "https://u:p@a/",
  "https://a/é",
])("%s is none", (uri) => expect(identifierProblem(uri)).toBeDefined());

test("a paste of many lines makes many scopes", () => {
  expect(draftsOf("orders:read\tSee orders\n\n- orders:write  Change orders\r\norders:all")).toEqual([
    { name: "orders:read", description: "See orders" },
    { name: "orders:write", description: "Change orders" },
    { name: "orders:all", description: "" },
  ]);
});

test("a name that stands there twice is found at its second place", () => {
  const named = (name: string) => ({ name, description: "" });
  expect([...repeated([named("a"), named(""), named("b"), named("a"), named("")])]).toEqual([3]);
});

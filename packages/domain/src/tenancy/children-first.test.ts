import { describe, expect, test } from "vitest";
import { childrenFirst } from "./children-first.ts";

describe("the order in which a tenant's tables are emptied", () => {
  test("a table that refers to others → comes before them", () => {
    const tables = [
      { name: "workspaces", parents: ["tenants"] },
      { name: "clients", parents: ["workspaces"] },
      { name: "assignments", parents: ["clients", "roles", "workspaces"] },
      { name: "roles", parents: ["workspaces"] },
      { name: "token_log", parents: [] },
    ];
    expect(childrenFirst(tables)).toEqual(["assignments", "token_log", "clients", "roles", "workspaces"]);
  });

  test("a table that refers to itself → no circle", () => {
    expect(childrenFirst([{ name: "secrets", parents: ["secrets"] }])).toEqual(["secrets"]);
  });

  test("two that refer to each other → an error that names them", () => {
    const tables = [
      { name: "a", parents: ["b"] },
      { name: "b", parents: ["a"] },
    ];
    expect(() => childrenFirst(tables)).toThrow(/a, b/);
  });
});

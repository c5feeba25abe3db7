import { describe, expect, test } from "vitest";
import { boundedPowers, commonScopes } from "./bounded-power.ts";
import type { Power } from "./principal.ts";

const power = (scopes: readonly string[], target = "all", builtInRole?: string): Power => ({
  scopes: new Set(scopes),
  target,
  builtInRole,
});

describe("[F8] a power that an owner bounds", () => {
  test("a scope that only one of the two holds → gone", () => {
    expect([...commonScopes(new Set(["client:read", "audit:read"]), new Set(["client:read", "role:read"]))]).toEqual([
      "client:read",
    ]);
  });

  test("one writes and the other reads → both read", () => {
    expect([...commonScopes(new Set(["client:write"]), new Set(["client:read"]))]).toEqual(["client:read"]);
    expect([...commonScopes(new Set(["client:read"]), new Set(["client:write"]))]).toEqual(["client:read"]);
  });

  test("everywhere, bounded by a role for one workspace → there alone", () => {
    expect(boundedPowers([power(["client:read"])], [power(["client:read"], "wsp_a", "developer")])).toEqual([
      power(["client:read"], "wsp_a", "developer"),
    ]);
  });

  test("one workspace each, and not the same → nothing", () => {
    expect(boundedPowers([power(["client:read"], "wsp_b")], [power(["client:read"], "wsp_a")])).toEqual([]);
  });

  test("bounded by nobody → nothing", () => {
    expect(boundedPowers([power(["client:read"])], [])).toEqual([]);
  });
});

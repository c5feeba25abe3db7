import { expect, test } from "vitest";
import { type ScopeRow, tickOf } from "./scope-grid.tsx";

const row = (id: string, lockedReason?: string): ScopeRow => ({
  id,
  name: id,
  description: "",
  granted: false,
  ...(lockedReason === undefined ? {} : { lockedReason }),
});

test.each([
  ["nothing is chosen", [], false],
  ["a part is", ["a"], "mixed"],
  ["all that may be changed is, so that the next press unticks it", ["a", "b"], true],
  ["only a locked one is", ["locked"], "mixed"],
] as const)("%s → %o: %s", (_, chosen, ticked) =>
  expect(tickOf({ scopes: [row("a"), row("b"), row("locked", "not held")] }, new Set(chosen))).toBe(ticked),
);

test("all are locked → the box tells what is chosen", () => {
  const scopes = [row("a", "not held"), row("b", "not held")];
  expect([[], ["a"], ["a", "b"]].map((chosen) => tickOf({ scopes }, new Set(chosen)))).toEqual([false, "mixed", true]);
});

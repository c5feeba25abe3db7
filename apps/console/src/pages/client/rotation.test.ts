import { expect, test } from "vitest";
import { movedPercent, overlapsUpTo, withRotations } from "./rotation.ts";

test.each([
  [0, 0, null],
  [3, 0, 0],
  [1, 2, 66],
  [1, 199, 99],
  [0, 4, 100],
])(
  "%i tokens for the old secret and %i for the new one: %s percent have moved",
  (formerIssued, successorIssued, said) => {
    expect(movedPercent({ formerIssued, successorIssued })).toBe(said);
  },
);

test("both secrets work for a usual time or for that of the settings, and never beyond the limit", () => {
  expect(overlapsUpTo(2_592_000, 172_800)).toEqual([3600, 86_400, 172_800, 604_800, 2_592_000]);
  expect(overlapsUpTo(200_000, 5400)).toEqual([3600, 5400, 86_400, 172_800]);
});

test("a secret retires while its rotation runs, and not after", () => {
  const rows = [{ id: "sec_a" }, { id: "sec_b" }];
  const rotations = [
    { formerId: "sec_a", state: "RETIRED" },
    { formerId: "sec_b", state: "RUNNING" },
  ];
  expect(withRotations(rows, rotations)).toEqual([{ id: "sec_a" }, { id: "sec_b", isRetiring: true }]);
  expect(withRotations(rows, null)).toEqual(rows);
});

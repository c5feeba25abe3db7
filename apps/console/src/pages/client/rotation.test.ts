import { expect, test } from "vitest";
import { movedPercent, withRotations } from "./rotation.ts";

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

test("a secret retires while its rotation runs, and not after", () => {
  const rows = [{ id: "sec_a" }, { id: "sec_b" }];
  const rotations = [
    { formerId: "sec_a", state: "RETIRED" },
    { formerId: "sec_b", state: "RUNNING" },
  ];
  expect(withRotations(rows, rotations)).toEqual([{ id: "sec_a" }, { id: "sec_b", isRetiring: true }]);
  expect(withRotations(rows, null)).toEqual(rows);
});

import { expect, test } from "vitest";
import { countWords, isOtherLimit, limitOf, stateOf } from "./state.ts";

test("a deleted tenant is called deleted, though it is suspended too", () => {
  expect(stateOf({ status: "SUSPENDED", deletedAt: "2026-11-27T05:00:00.000Z" })).toBe("deleted");
  expect(stateOf({ status: "SUSPENDED", deletedAt: null })).toBe("suspended");
  expect(stateOf({ status: "ACTIVE", deletedAt: null })).toBe("active");
});

test("a count is told with its limit, where there is one; zero is a limit", () => {
  expect(countWords(3, null)).toBe("3");
  expect(countWords(3, 10)).toBe("3 of 10");
  expect(countWords(0, 0)).toBe("0 of 0");
  expect(countWords(undefined, 10)).toBe("");
});

test("a limit is a whole number, or nothing", () => {
  expect([limitOf(""), limitOf(" "), limitOf("0"), limitOf("12,000")]).toEqual([null, null, 0, 12_000]);
  expect([limitOf("-1"), limitOf("1.5"), limitOf("ten"), limitOf("12345678901")]).toEqual(Array(4).fill(undefined));
});

test("a limit that is written otherwise is the same limit", () => {
  expect([isOtherLimit("1000", 1000), isOtherLimit("1,000", 1000), isOtherLimit("", null)]).toEqual(
    Array(3).fill(false),
  );
  expect([isOtherLimit("1001", 1000), isOtherLimit("", 1000), isOtherLimit("ten", null)]).toEqual(Array(3).fill(true));
});

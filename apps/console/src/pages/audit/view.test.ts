import { expect, test } from "vitest";
import { differences } from "./diff.ts";
import { dayStart, filterOf, isFiltered } from "./view.ts";

test("a day begins at midnight of the zone, and its end is the next day's beginning", () => {
  expect(dayStart("2026-11-22", "utc")).toBe("2026-11-22T00:00:00.000Z");
  expect(dayStart("2026-12-31", "utc", 1)).toBe("2027-01-01T00:00:00.000Z");
  expect(dayStart("22 Nov", "utc")).toBeNull();
  expect(dayStart("0001-01-01", "utc")).toBeNull();
  expect(dayStart(undefined, "local")).toBeNull();
});

test("what an address says wrongly does not narrow the list", () => {
  expect(filterOf({ outcome: "MAYBE", from: "x" }, "utc")).toMatchObject({ outcome: null, from: null });
  expect(isFiltered({})).toBe(false);
  expect(isFiltered({ actor: "cli" })).toBe(true);
});

test("only what differs is shown, by its path; lists as their items", () => {
  const before = { name: "a", scopes: ["x"], settings: { jwksMaxAge: 300, other: 1 }, version: 1 };
  const after = { name: "a", scopes: ["x", "y"], settings: { jwksMaxAge: 60, other: 1 }, version: 2 };
  expect(differences(before, after)).toEqual([
    { path: "scopes", before: "x", after: "x y" },
    { path: "settings.jwksMaxAge", before: "300", after: "60" },
  ]);
});

test("a thing that was made has nothing before, one that was removed nothing after", () => {
  expect(differences(null, { name: "", at: null })).toEqual([
    { path: "name", before: undefined, after: "(empty)" },
    { path: "at", before: undefined, after: "(none)" },
  ]);
  expect(differences({ name: "a" }, null)).toEqual([{ path: "name", before: "a", after: undefined }]);
});

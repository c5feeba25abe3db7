import { expect, test } from "vitest";
import { endOf, expiryProblem, expiryWrong, firstExpiry, isAllowed } from "./expiry.ts";

const DAY = 86_400_000;
const now = Date.parse("2026-11-22T12:00:00Z");

test.each([
  [null, "90"],
  [365, "90"],
  [90, "90"],
  [40, "30"],
  [1, "1"],
  [0, "date"],
])("with a ceiling of %s days the form starts at %s", (ceiling, preset) => {
  expect(firstExpiry(ceiling).preset).toBe(preset);
});

test.each([
  [null, 365, "365"],
  [90, 365, "90"],
  [null, 30, "30"],
])("with a ceiling of %s days a form that proposes %s starts at %s", (ceiling, days, preset) => {
  expect(firstExpiry(ceiling, days).preset).toBe(preset);
});

test("never is allowed only without a ceiling", () => {
  expect(isAllowed("never", null)).toBe(true);
  expect(isAllowed("never", 3650)).toBe(false);
  expect(expiryProblem({ preset: "never", day: "" }, 30, now)).toBe("ceiling");
  expect(expiryProblem({ preset: "365", day: "" }, 30, now)).toBe("ceiling");
  expect(expiryProblem({ preset: "30", day: "" }, 30, now)).toBeUndefined();
});

test("where it has to end never is no choice, and who says so is told", () => {
  const ceiling = { days: null, from: "", endsBy: "by the workspace" };
  expect(isAllowed("never", null, true)).toBe(false);
  expect(isAllowed("365", null, true)).toBe(true);
  expect(expiryWrong({ preset: "never", day: "" }, ceiling, now)).toBe("It has to end: set by the workspace.");
  expect(expiryWrong({ preset: "7", day: "" }, ceiling, now)).toBeUndefined();
});

test("a preset ends on a full minute, so that what the form shows is what is sent", () => {
  const later = now + 17_345;
  expect(endOf({ preset: "7", day: "" }, later)).toBe(now + 7 * DAY - 60_000);
});

test("a preset ends within its days, another date with its day", () => {
  expect(endOf({ preset: "never", day: "" }, now)).toBeNull();
  expect(endOf({ preset: "7", day: "" }, now)).toBeLessThan(now + 7 * DAY);
  expect(endOf({ preset: "date", day: "2027-01-31" }, now)).toBe(new Date(2027, 0, 31, 23, 59, 59).getTime());
  expect(expiryProblem({ preset: "date", day: "" }, null, now)).toBe("past");
  expect(expiryProblem({ preset: "date", day: "2026-11-01" }, null, now)).toBe("past");
  expect(expiryProblem({ preset: "date", day: "2027-01-31" }, 30, now)).toBe("ceiling");
});

import { describe, expect, test } from "vitest";
import { allowedBy, endOf, startExpiry, tokenLives } from "./limits.ts";

const settings = (life: number, level: string, days: number | null) => ({
  accessTokenLifetime: { value: life, level },
  clientSecretLifetime: { value: days },
});
const free = allowedBy(null);
const strict = allowedBy(settings(600, "WORKSPACE", 14));

describe("a workspace's ceilings", () => {
  test("the program's default is no ceiling, a value that somebody set is", () => {
    expect(free).toEqual({ tokenLife: 900, longestToken: 86_400, longestSecret: null });
    expect(allowedBy(settings(900, "DEFAULT", null))).toEqual(free);
    expect(strict).toEqual({ tokenLife: 600, longestToken: 600, longestSecret: 14 });
  });

  test("the longest preset that fits stands in for one that does not", () => {
    expect(startExpiry(90, free)).toBe("90");
    expect(startExpiry(90, strict)).toBe("7");
  });

  test("the choices of a token's life end at the ceiling and hold the one chosen", () => {
    expect(tokenLives(strict, null)).toEqual([60, 300]);
    expect(tokenLives(free, 1234)).toContain(1234);
  });
});

test("a secret ends after its days, on the evening of its day, or never", () => {
  const now = Date.parse("2026-11-26T12:00:00Z");
  expect(endOf("never", "", now)).toBeNull();
  expect(endOf("7", "", now)).toBeLessThanOrEqual(now + 7 * 86_400_000);
  expect(endOf("date", "", now)).toBeUndefined();
  expect(endOf("date", "2026-11-25", now)).toBeUndefined();
  expect(endOf("date", "2027-01-31", now)).toBe(new Date("2027-01-31T23:59:59").getTime());
});

import { describe, expect, test } from "vitest";
import { allowedBy, tokenLives } from "./limits.ts";

const settings = (life: number, level: string, days: number | null) => ({
  accessTokenLifetime: { value: life, level },
  clientSecretLifetime: { value: days, level: "TENANT" as const },
});
const free = allowedBy(null);
const strict = allowedBy(settings(600, "WORKSPACE", 14));

describe("a workspace's ceilings", () => {
  test("the program's default is no ceiling, a value that somebody set is", () => {
    expect(free).toEqual({ tokenLife: 900, longestToken: 86_400, secret: { days: null, from: "" } });
    expect(allowedBy(settings(900, "DEFAULT", null))).toEqual(free);
    expect(strict).toEqual({ tokenLife: 600, longestToken: 600, secret: { days: 14, from: "by the tenant" } });
  });

  test("the choices of a token's life end at the ceiling and hold the one chosen", () => {
    expect(tokenLives(strict, null)).toEqual([60, 300]);
    expect(tokenLives(free, 1234)).toContain(1234);
  });
});

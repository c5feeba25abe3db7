import { describe, expect, test } from "vitest";
import { lifeOf } from "./life.ts";

const DAY = 86_400_000;

describe("life", () => {
  test("without an end there is no bar", () => expect(lifeOf(0, null, DAY)).toBeNull());

  test("a fresh life of 90 days is fine", () => {
    expect(lifeOf(0, 90 * DAY, DAY)).toEqual({ gone: 1 / 90, tone: "fine", words: "89 days" });
  });

  test("a life that has just begun says its whole length; a day later it says one less", () => {
    const words = (length: number, age: number) => lifeOf(0, length, age)?.words;
    expect(words(90 * DAY, 5000)).toBe("90 days");
    expect(words(DAY, 5000)).toBe("1 day");
    expect(words(3_600_000, 400)).toBe("1 h");
    expect(words(90 * DAY, DAY + 5000)).toBe("89 days");
    expect(words(90 * DAY, 0.6 * DAY)).toBe("89 days");
  });

  test("its last fourteen days need attention", () => {
    expect(lifeOf(0, 90 * DAY, 77 * DAY)?.tone).toBe("soon");
    expect(lifeOf(0, 90 * DAY, 70 * DAY)?.tone).toBe("fine");
  });

  test("a life of one week is not born alarming", () => {
    expect(lifeOf(0, 7 * DAY, 0)?.tone).toBe("fine");
    expect(lifeOf(0, 7 * DAY, 6 * DAY)?.tone).toBe("soon");
  });

  test("over is over, and says since when", () => {
    expect(lifeOf(0, 90 * DAY, 93 * DAY)).toEqual({ gone: 1, tone: "over", words: "3 days ago" });
  });

  test("a clock that is behind draws an untouched bar", () => expect(lifeOf(DAY, 90 * DAY, 0)?.gone).toBe(0));
});

import { describe, expect, test } from "vitest";
import {
  ago,
  agoInColumn,
  countdown,
  dayAndClock,
  exact,
  idParts,
  initials,
  instantInZone,
  list,
  midSentence,
  plural,
  span,
  total,
} from "./format.ts";

const NOW = Date.UTC(2026, 10, 22, 14, 31, 5);
const HOUR = 3_600_000;

describe("spans and instants in words", () => {
  test.each([
    [0, "0 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [5 * HOUR, "5 h"],
    [24 * HOUR, "1 day"],
    [47 * HOUR, "1 day"],
    [96 * 24 * HOUR, "96 days"],
    [-5, "0 s"],
  ])("a span of %i ms is %s", (length, words) => expect(span(length)).toBe(words));

  test("an instant is relative under 24 hours, and a date from then on", () => {
    expect(ago(NOW - 9000, NOW)).toBe("9 s ago");
    expect(ago(NOW + 5 * HOUR, NOW)).toBe("in 5 h");
    expect(ago(NOW - 24 * HOUR, NOW, "utc")).toBe("21 Nov, 14:31");
    expect(ago(NOW - 400, NOW)).toBe("just now");
  });

  test("a column counts on in days, and says Never where nothing happened", () => {
    expect(agoInColumn(NOW - 96 * 24 * HOUR, NOW)).toBe("96 days ago");
    expect(agoInColumn(null, NOW)).toBe("Never");
  });

  test("a date of another year carries its year", () => {
    expect(dayAndClock(Date.UTC(2027, 1, 20, 8, 5), NOW, "utc")).toBe("20 Feb 2027, 08:05");
  });

  test("the exact instant names UTC and the reader's zone", () => {
    const told = exact(NOW);
    if (new Date(NOW).getTimezoneOffset() === 0) expect(told).toBe("2026-11-22 14:31:05 UTC");
    else expect(told).toMatch(/^2026-11-22 14:31:05 UTC\n22 Nov 2026, \d\d:\d\d:05 GMT/);
  });

  test("an instant names the zone that it is told in", () => {
    expect(instantInZone(NOW, "utc")).toBe("22 Nov 2026, 14:31 UTC");
    expect(instantInZone(NOW)).toMatch(/^22 Nov 2026, \d\d:\d\d (?:UTC|GMT)/);
  });

  test("a countdown has two units", () => {
    expect(countdown(898_000)).toBe("14 min 58 s");
    expect(countdown(2 * HOUR + 300_000)).toBe("2 h 5 min");
    expect(countdown(-1)).toBe("0 s");
  });
});

describe("numbers, lists and ids", () => {
  test("plurals, estimates and lists read as a sentence", () => {
    expect(plural(1, "scope")).toBe("1 scope");
    expect(plural(1248, "client")).toBe("1,248 clients");
    expect(plural(2, "address", "addresses")).toBe("2 addresses");
    expect(total(1200, false)).toBe("about 1,200");
    expect(list(["a", "b", "c"])).toBe("a, b and c");
    expect(list([])).toBe("");
  });

  test("words for the middle of a sentence keep their abbreviations", () => {
    expect(midSentence("Client secret")).toBe("client secret");
    expect(midSentence("API token")).toBe("API token");
  });

  test("an id is cut after its prefix, one without prefix is all body", () => {
    expect(idParts("cli_Wb41")).toEqual({ prefix: "cli_", body: "Wb41" });
    expect(idParts("legacy-batch")).toEqual({ prefix: "", body: "legacy-batch" });
  });

  test("initials come from names and from addresses", () => {
    expect(initials("Mara Reyes")).toBe("MR");
    expect(initials("mara.reyes@acme.example")).toBe("MR");
    expect(initials("ops")).toBe("OP");
  });
});

import { describe, expect, test } from "vitest";
import { fliesBy, grown, MOST_ROWS, moved, moveOf, type Range, seenRange, visibleRange, wantsMore } from "./window.ts";

describe("the window of a long list", () => {
  test("at the top it starts with the first row", () => expect(visibleRange(-200, 800, 44, 10_000).first).toBe(0));

  test("what is seen is always drawn, and never more than the most", () => {
    for (let offset = 0; offset < 10_000 * 44; offset += 977) {
      const range = visibleRange(offset, 900, 44, 10_000);
      expect(range.first).toBeLessThanOrEqual(Math.floor(offset / 44));
      expect(range.end).toBeGreaterThanOrEqual(Math.min(10_000, Math.ceil((offset + 900) / 44)));
      expect(range.end - range.first).toBeLessThanOrEqual(MOST_ROWS);
    }
  });

  test("past the end the last rows stay", () => expect(visibleRange(9e9, 800, 44, 100).end).toBe(100));

  test("a short list is drawn whole", () => expect(visibleRange(0, 800, 44, 3)).toEqual({ first: 0, end: 3 }));

  test("the next page is asked for at 70 % of what is loaded", () => {
    expect(wantsMore(0, 700, 44, 50)).toBe(false);
    expect(wantsMore(900, 700, 44, 50)).toBe(true);
  });
});

describe("rows get whole a few at a time", () => {
  const drawn = { first: 90, end: 136 };
  const seen = { first: 100, end: 120 };
  const range = (first: number, end: number): Range => ({ first, end });
  const wholeAfter = (frames: number, whole: Range, loaded = 10_000): Range =>
    frames === 0 ? whole : wholeAfter(frames - 1, grown(whole, drawn, seen, loaded), loaded);

  test("first those in view, from the top", () => {
    expect(wholeAfter(1, range(0, 24))).toEqual(range(100, 108));
    expect(wholeAfter(3, range(0, 24))).toEqual(range(100, 124));
  });
  test("those that are whole stay so, and the list grows around them", () => {
    expect(wholeAfter(1, range(104, 109))).toEqual(range(104, 117));
    expect(wholeAfter(2, range(104, 109))).toEqual(range(100, 121));
  });
  test("a few that enter by a slow scroll are whole at once", () =>
    expect(wholeAfter(1, range(85, 131))).toEqual(drawn));
  test("in the end all are whole, and then nothing changes", () => expect(wholeAfter(20, range(0, 24))).toEqual(drawn));
  test("not those that are still on their way", () => {
    expect(wholeAfter(20, range(0, 24), 110)).toEqual(range(90, 110));
    expect(wholeAfter(2, range(0, 24), 80)).toEqual(wholeAfter(1, range(0, 24), 80));
  });
  test("of a list that is not there yet the first are, as soon as they come", () =>
    expect(grown(range(0, 24), range(0, 12), range(0, 20), 0)).toEqual(range(0, 24)));
  test("what is half seen is in view", () => {
    expect(seenRange(4400, 900, 44)).toEqual(range(100, 121));
    expect(seenRange(-300, 900, 44)).toEqual(range(0, 14));
  });
});

describe("a list flies by", () => {
  const slow = { at: 1000, rows: 45, entered: 5 };
  const far = { at: 1000, rows: 45, entered: 16 };
  test("when two far moves follow each other at once", () => expect(fliesBy([far, { ...far, at: 1016 }])).toBe(true));
  test("not by one jump", () => expect(fliesBy([slow, { ...far, at: 1016 }])).toBe(false));
  test("not by a jump now and then", () => expect(fliesBy([far, { ...far, at: 1200 }])).toBe(false));
  test("not while it is scrolled row by row", () => expect(fliesBy([slow, { ...slow, at: 1016 }])).toBe(false));
  test("a move lets in what was not drawn before", () => {
    expect(moveOf({ first: 0, end: 45 }, { first: 15, end: 60 }, 7)).toEqual({ at: 7, rows: 45, entered: 15 });
    expect(moveOf({ first: 0, end: 45 }, { first: 90, end: 135 }, 7).entered).toBe(45);
  });
});

test("keys move the cursor inside the list, other keys do not", () => {
  expect(moved("j", 0, 3, 10)).toBe(1);
  expect(moved("ArrowUp", 0, 3, 10)).toBe(0);
  expect(moved("End", 0, 3, 10)).toBe(2);
  expect(moved("PageDown", 0, 30, 10)).toBe(10);
  expect(moved("x", 0, 3, 10)).toBeNull();
  expect(moved("j", 0, 0, 10)).toBeNull();
});

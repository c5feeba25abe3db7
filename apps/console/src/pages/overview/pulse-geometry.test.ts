import { describe, expect, test } from "vitest";
import { areaPath, barsPath, HOUR, LAYOUT, linePath, placeIn, placeWords } from "./pulse-geometry.ts";

const now = 7_200_000;
const at = placeIn(LAYOUT.left + LAYOUT.right + 600, now);
const band = { top: 0, height: 100 };

test("the right edge is now, the left one an hour ago; a band's foot is zero and nothing rises above it", () => {
  expect([at.x(now), at.x(now - HOUR), at.x(now - HOUR / 2)]).toEqual([
    LAYOUT.left + 600,
    LAYOUT.left,
    LAYOUT.left + 300,
  ]);
  expect([at.y(band, 0, 10), at.y(band, 5, 10), at.y(band, 50, 10)]).toEqual([100, 50, 0]);
});

test("a line is broken where there is nothing, and one point alone is a dot", () => {
  const points = [{ at: now - HOUR, value: 0 }, { at: now - HOUR / 2, value: 10 }, null, { at: now, value: 5 }];
  expect(linePath(points, at, band, 10)).toBe("M46.0 100.0L346.0 0.0M646.0 50.0h.01");
  expect(linePath([null], at, band, 10)).toBe("");
  expect(areaPath(points.slice(0, 2), at, band, 10)).toBe("M46.0 100.0L346.0 0.0L346.0 100L46.0 100Z");
  expect(areaPath([], at, band, 10)).toBe("");
});

test("bars stand at their minutes, the current one up to now, and the smallest can be seen", () => {
  const minute = { issued: 0, p50: null, p99: null };
  const bars = barsPath(
    [
      { ...minute, from: now - 30_000, refused: 600 },
      { ...minute, from: now - 600_000, refused: 1 },
      { ...minute, from: now - 900_000, refused: 0 },
    ],
    now,
    at,
    { band, top: 10 },
  );
  expect(bars).toBe("M642.0 100v-100.0H645.0V100zM548.0 100v-2.0H554.0V100z");
});

describe("the words of marks", () => {
  const side = (xs: readonly number[], words = "a".repeat(20), width = 1140) =>
    placeWords(
      xs.map((x) => ({ x, words })),
      width,
    );

  test("stand right where there is room, else left, else nowhere", () => {
    expect(side([300])).toEqual(["right"]);
    expect(side([1100])).toEqual(["left"]);
    expect(side([600, 1100])).toEqual(["right", "left"]);
    expect(side([980, 1000, 1100])).toEqual(["left", null, null]);
    expect(side([100], "a".repeat(60), 375)).toEqual([null]);
  });
});

import { expect, test } from "vitest";
import { axisOf } from "./timeline-scale.ts";

const DAY = 86_400_000;
const now = Date.parse("2026-11-22T12:00:00Z");

test("a young secret without an end still has a month to stand on", () => {
  const axis = axisOf([{ from: now - 60_000, to: null }], now);
  expect(axis.to - axis.from).toBeGreaterThan(30 * DAY);
  expect(axis.place(now)).toBeLessThan(0.2);
  expect(axis.ticks.map(({ label }) => label)).toContain("30 Nov");
});

test("all lives and the present lie inside, in order", () => {
  const axis = axisOf(
    [
      { from: now - 170 * DAY, to: now - 80 * DAY },
      { from: now - 90 * DAY, to: now + 90 * DAY },
    ],
    now,
  );
  const places = [now - 170 * DAY, now - 80 * DAY, now, now + 90 * DAY].map(axis.place);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  for (const place of places) expect(place > 0 && place < 1).toBe(true);
  const labels = axis.ticks.map(({ label }) => label);
  expect(labels.length).toBeLessThanOrEqual(11);
  expect(labels).toContain("Jan 2027");
});

test("ten years have no more ticks than one", () => {
  expect(axisOf([{ from: now, to: now + 3650 * DAY }], now).ticks.length).toBeLessThanOrEqual(12);
});

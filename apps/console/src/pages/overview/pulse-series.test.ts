import { describe, expect, test } from "vitest";
import { marksOf, minutesOf, rateNow, scaleOf, type Told, withSeconds } from "./pulse-series.ts";

const start = Date.parse("2026-11-22T14:00:00Z");
const iso = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const second = (at: number, issued: number, refused = 0) => ({ at: iso(at), issued, refused });
const none: Told = new Map();

describe("what was told", () => {
  test("a later pulse corrects a second, and counts none twice", () => {
    const told = withSeconds(withSeconds(none, [second(0, 1), second(1, 2)]), [second(1, 5), second(2, 3)]);
    expect([...told.values()].map(({ issued }) => issued)).toEqual([1, 5, 3]);
  });

  test("is forgotten when the server has long written it", () => {
    expect(withSeconds(withSeconds(none, [second(0, 1)]), [second(600, 1)]).size).toBe(1);
  });

  test("gives the rate of now: the mean of its last seconds", () => {
    expect(rateNow(none)).toBeNull();
    expect(rateNow(withSeconds(none, [second(0, 4), second(1, 2, 3)]))).toEqual({
      at: start + 2000,
      issued: 3,
      refused: 1.5,
    });
    const seconds = Array.from({ length: 60 }, (_, at) => second(at, at < 55 ? 1000 : 10));
    expect(rateNow(withSeconds(none, seconds))?.issued).toBe(10);
  });
});

describe("minutes", () => {
  const written = (at: number, issued: number) => ({ from: iso(at), issued, refused: 1, p50: 3, p99: 9 });

  test("are the larger of what was written and what was told", () => {
    const told = withSeconds(none, [second(58, 30), second(61, 4), second(62, 5)]);
    const minutes = minutesOf([written(0, 20), written(60, 7)], told);
    expect(minutes.map(({ issued, refused }) => [issued, refused])).toEqual([
      [30, 1],
      [9, 1],
    ]);
    expect(minutes[1]?.p99).toBe(9);
  });

  test("go on where the server has written nothing yet, and are an hour at most", () => {
    const minutes = minutesOf([written(0, 20)], withSeconds(none, [second(65, 3)]));
    expect(minutes.map(({ from, issued, p50 }) => [from, issued, p50])).toEqual([
      [start, 20, 3],
      [start + 60_000, 3, null],
    ]);
    expect(
      minutesOf(
        Array.from({ length: 70 }, (_, at) => written(at * 60, 1)),
        none,
      ),
    ).toHaveLength(61);
  });
});

test.each([
  [0, [0, 1]],
  [0.3, [0, 0.1, 0.2, 0.3]],
  [1, [0, 0.25, 0.5, 0.75, 1]],
  [7, [0, 2, 4, 6, 8]],
  [248, [0, 100, 200, 300]],
  [304, [0, 100, 200, 300, 400]],
  [12_000, [0, 5000, 10_000, 15_000]],
])("a scale for %d has round marks", (largest, marks) => {
  expect(scaleOf(largest, 4)).toEqual({ top: marks.at(-1), marks });
});

describe("marks", () => {
  const change = (id: string, at: number) => ({ id, at: iso(at) });

  test("changes near to each other share one, the newest first; those before the chart have none", () => {
    const marks = marksOf([change("c", 70), change("b", 62), change("a", 0), change("old", -1)], start, 10_000);
    expect(marks.map(({ at, changes }) => [(at - start) / 1000, changes.map(({ id }) => id).join(" ")])).toEqual([
      [0, "a"],
      [62, "c b"],
    ]);
  });
});

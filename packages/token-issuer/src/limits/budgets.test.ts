import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Budgets, waitFor } from "./budgets.ts";

const MINUTE = 60_000;

/** How many of `tries` at one instant are taken. */
function takenAt(budgets: Budgets, perMinute: number, now: number, tries = perMinute * 3): number {
  let taken = 0;
  for (let at = 0; at < tries; at++) if (budgets.take("key", perMinute, now) === 0) taken++;
  return taken;
}

describe("a budget", () => {
  test.each([1, 2, 7, 60, 1000, 12_345])(
    "of %d a minute → exactly so many at once, and as many a minute later",
    (most) => {
      const budgets = new Budgets();
      expect(takenAt(budgets, most, 0)).toBe(most);
      expect(takenAt(budgets, most, MINUTE)).toBe(most);
    },
  );

  test("comes back evenly", () => {
    const budgets = new Budgets();
    takenAt(budgets, 60, 0);
    expect([budgets.take("key", 60, 999), budgets.take("key", 60, 1000), budgets.take("key", 60, 1001)]).toEqual([
      1, 0, 999,
    ]);
  });

  test("that was refused → nothing was spent by asking", () => {
    const budgets = new Budgets();
    takenAt(budgets, 2, 0, 1000);
    expect(budgets.take("key", 2, 30_000)).toBe(0);
  });

  test("of one key → says nothing of another", () => {
    const budgets = new Budgets();
    takenAt(budgets, 1, 0);
    expect(budgets.take("other", 1, 0)).toBe(0);
  });

  test("given back → spent once more", () => {
    const budgets = new Budgets();
    takenAt(budgets, 5, 0);
    budgets.giveBack("key", 5);
    expect(takenAt(budgets, 5, 0)).toBe(1);
    budgets.giveBack("nobody", 5);
  });

  test("raised → at once; lowered → what was spent still counts", () => {
    const budgets = new Budgets();
    takenAt(budgets, 2, 0);
    expect(budgets.take("key", 2, 100)).toBeGreaterThan(0);
    expect(budgets.take("key", 1000, 100)).toBe(0);
    expect(budgets.take("key", 1, 100)).toBeGreaterThan(0);
  });

  test("of less than one a minute → one, and the next after its whole time", () => {
    const budgets = new Budgets();
    expect([
      budgets.take("key", 1 / 3, 0),
      budgets.take("key", 1 / 3, 0),
      budgets.take("key", 1 / 3, 3 * MINUTE),
    ]).toEqual([0, 3 * MINUTE, 0]);
  });

  test("whose clock was set back by a day → waits a minute at most", () => {
    const day = 86_400_000;
    const budgets = new Budgets();
    takenAt(budgets, 10, day);
    expect(waitFor(day + MINUTE, 10, 0)).toBeLessThanOrEqual(MINUTE);
    expect(budgets.take("key", 10, 0)).toBeLessThanOrEqual(MINUTE);
  });

  test("asked at any instants → at most twice its size within any minute, and never less than it waits for", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.nat(5000), { maxLength: 300 }), (most, gaps) => {
        const budgets = new Budgets();
        const taken: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          const wait = budgets.take("key", most, now);
          if (wait === 0) taken.push(now);
          else expect(budgets.take("key", most, now + wait - 0.01)).toBeGreaterThan(0);
        }
        for (const from of taken)
          expect(taken.filter((at) => at >= from && at < from + MINUTE).length).toBeLessThanOrEqual(2 * most);
      }),
    );
  });
});

test("more keys than are remembered → the one that was quiet for longest starts anew", () => {
  const budgets = new Budgets();
  for (let at = 0; at < 100_000; at++) budgets.take(String(at), 1, 0);
  expect(budgets.take("1", 1, 0)).toBeGreaterThan(0);
  budgets.take("one more", 1, 0);
  expect([budgets.take("2", 1, 0), budgets.take("0", 1, 0)]).toEqual([expect.any(Number), 0]);
});

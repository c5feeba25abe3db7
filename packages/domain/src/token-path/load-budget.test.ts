import { expect, test } from "vitest";
import { loadBudget, sharedLoadBudget } from "./load-budget.ts";

const taken = (take: () => boolean, tries: number) => Array.from({ length: tries }, take).filter(Boolean).length;

test("a budget: as many at once as the burst, and then as many a second as the rate", () => {
  const budget = loadBudget(100, 10, 0);
  expect(taken(() => budget.take(0), 500)).toBe(100);
  expect(taken(() => budget.take(1000), 500)).toBe(10);
});

test("a flood at one workspace → others still get their half", () => {
  const budget = sharedLoadBudget(100, 10);
  const now = performance.now();
  expect(taken(() => budget.take("flooded", now), 500)).toBe(50);
  expect(taken(() => budget.take("quiet", now), 40)).toBe(40);
  expect(taken(() => budget.take("flooded", now + 1000), 500)).toBe(5);
  expect(budget.take("quiet", now + 1000)).toBe(true);
});

import { expect, test } from "vitest";
import { createTries } from "./tries.ts";

test("as many tries as allowed → go on; one more → wait until the time since the last has passed", () => {
  let now = 0;
  const tries = createTries(2, 60, () => now);
  expect(tries.take("a")).toBe(0);
  now = 30_000;
  expect(tries.take("a")).toBe(0);
  expect(tries.take("a")).toBe(60);
  expect(tries.take("b")).toBe(0);
  now = 89_999;
  expect(tries.take("a")).toBe(1);
  now = 90_000;
  expect(tries.take("a")).toBe(0);
});

test("a try that is let in after the wait → counts from one again", () => {
  let now = 0;
  const tries = createTries(2, 60, () => now);
  for (const _ of [1, 2]) tries.take("a");
  now = 60_000;
  expect([tries.take("a"), tries.take("a"), tries.take("a")]).toEqual([0, 0, 60]);
});

test("a success → the count is forgotten", () => {
  const tries = createTries(1, 60, () => 0);
  tries.take("a");
  tries.forget("a");
  expect(tries.take("a")).toBe(0);
});

test("a try that was not judged → counts no more; giving back what nobody took gives nothing", () => {
  const tries = createTries(1, 60, () => 0);
  tries.giveBack("a");
  expect(tries.take("a")).toBe(0);
  tries.giveBack("a");
  tries.giveBack("a");
  expect([tries.take("a"), tries.take("a")]).toEqual([0, 60]);
});

test("counted since the first → tries that are spread out do not add up", () => {
  let now = 0;
  const tries = createTries(2, 60, () => now, "first");
  const waits = [0, 59_000, 59_500, 60_000, 119_000, 119_500].map((at) => {
    now = at;
    return tries.take("a");
  });
  expect(waits).toEqual([0, 0, 1, 0, 0, 1]);
});

import { expect, test } from "vitest";
import { createTries } from "./tries.ts";

test("as many tries as allowed → go on; one more → wait until the time since the last has passed", () => {
  let now = 0;
  const tries = createTries(2, 60, () => now);
  tries.count("a");
  expect(tries.waitFor("a")).toBe(0);
  now = 30_000;
  tries.count("a");
  expect(tries.waitFor("a")).toBe(60);
  expect(tries.waitFor("b")).toBe(0);
  now = 89_999;
  expect(tries.waitFor("a")).toBe(1);
  now = 90_000;
  expect(tries.waitFor("a")).toBe(0);
});

test("a try that is let in after the wait → counts from one again", () => {
  let now = 0;
  const tries = createTries(2, 60, () => now);
  for (const _ of [1, 2]) tries.count("a");
  now = 60_000;
  tries.count("a");
  expect(tries.waitFor("a")).toBe(0);
});

test("a success → the count is forgotten", () => {
  const tries = createTries(1, 60, () => 0);
  tries.count("a");
  tries.forget("a");
  expect(tries.waitFor("a")).toBe(0);
});

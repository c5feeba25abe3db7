import { expect, test } from "vitest";
import { BoundedCache } from "./bounded-cache.ts";

test("keeps as many as it may, whatever order they are asked for in", () => {
  const cache = new BoundedCache<number>(1000);
  for (let at = 0; at < 1000; at++) cache.set(`${at}`, at);
  for (let round = 0; round < 5; round++)
    for (let at = 0; at < 1000; at++) expect(cache.get(`${(at * 7 * (round + 1)) % 1000}`)).toBeDefined();
});

test("lets go what was not used while others came", () => {
  const cache = new BoundedCache<number>(100);
  for (let at = 0; at < 100; at++) cache.set(`${at}`, at);
  let missed = 0;
  for (let more = 100; more < 10_000; more++) {
    for (let used = 0; used < 10; used++) {
      if (cache.get(`${used}`) === undefined) {
        missed++;
        cache.set(`${used}`, used);
      }
    }
    cache.set(`${more}`, more);
  }
  // Of 99,000 looks.
  expect(missed).toBeLessThan(200);
  const kept = Array.from({ length: 10_000 }, (_, at) => cache.get(`${at}`)).filter((value) => value !== undefined);
  expect(kept.length).toBeLessThanOrEqual(100);
});

test("what was deleted is gone, and what is set again is the new one", () => {
  const cache = new BoundedCache<number>(1);
  cache.set("a", 1);
  cache.set("a", 2);
  expect(cache.get("a")).toBe(2);
  cache.set("b", 3);
  expect([cache.get("a"), cache.get("b")]).toEqual([undefined, 3]);
  cache.delete("b");
  expect(cache.get("b")).toBeUndefined();
});

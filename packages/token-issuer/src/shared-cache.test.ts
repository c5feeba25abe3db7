import { expect, test } from "vitest";
import { SharedCache } from "./shared-cache.ts";

const kept = (cache: SharedCache<number>, owner: string) =>
  Array.from({ length: 5000 }, (_, at) => cache.get(owner, `${at}`)).filter((value) => value !== undefined);

test("whoever sets ever more loses their own, and nobody else's", () => {
  const cache = new SharedCache<number>(100);
  for (let at = 0; at < 30; at++) cache.set("small", `${at}`, at);
  for (let at = 0; at < 5000; at++) cache.set("large", `${at}`, at);
  expect(kept(cache, "small")).toHaveLength(30);
  expect(kept(cache, "large")).toEqual(Array.from({ length: 70 }, (_, at) => 4930 + at));
});

test("one more owner gets their part from whoever has the most", () => {
  const cache = new SharedCache<number>(100);
  for (let at = 0; at < 100; at++) cache.set("first", `${at}`, at);
  for (let at = 0; at < 100; at++) cache.set("second", `${at}`, at);
  expect([kept(cache, "first").length, kept(cache, "second").length]).toEqual([50, 50]);
  cache.set("third", "1", 1);
  expect(kept(cache, "third")).toEqual([1]);
});

test("what was used stays, what was set again is the new one and takes one place", () => {
  const cache = new SharedCache<number>(2);
  cache.set("a", "1", 1);
  cache.set("a", "2", 2);
  cache.set("a", "1", 10);
  expect([cache.get("a", "1"), cache.get("a", "2")]).toEqual([10, 2]);
  cache.get("a", "1");
  cache.set("a", "3", 3);
  expect([cache.get("a", "1"), cache.get("a", "2"), cache.get("a", "3")]).toEqual([10, undefined, 3]);
});

test("an owner whose last entry went may come again", () => {
  const cache = new SharedCache<number>(1);
  cache.set("a", "1", 1);
  cache.set("b", "1", 2);
  cache.set("a", "1", 3);
  expect([cache.get("a", "1"), cache.get("b", "1")]).toEqual([3, undefined]);
});

import { describe, expect, test } from "vitest";
import type { FeedNumbers } from "./feed-numbers.ts";
import { type Snapshot, SnapshotCache } from "./snapshot-cache.ts";

const at = (...marks: string[]): FeedNumbers => ({ numbers: marks.map((_, shard) => shard), marks });
const now = new Date("2026-01-01T00:00:00Z");

/** A source that counts how often it was asked. */
function source(answer: () => Partial<Snapshot<string>>) {
  const counted = {
    loads: 0,
    load: async (): Promise<Snapshot<string>> => {
      counted.loads++;
      return { value: `load ${counted.loads}`, shards: [0], validUntil: Number.POSITIVE_INFINITY, ...answer() };
    },
  };
  return counted;
}

describe("a kept snapshot", () => {
  test("serves without a load while its counter stands still, whatever the others do", async () => {
    const cache = new SnapshotCache<string>(10);
    const { load } = source(() => ({}));
    expect(await cache.get("a", at("x", "y"), now, load)).toBe("load 1");
    expect(await cache.get("a", at("x", "z"), now, load)).toBe("load 1");
  });

  test("is loaded again when its counter moved, or moved back after a restore", async () => {
    const cache = new SnapshotCache<string>(10);
    const { load } = source(() => ({}));
    await cache.get("a", at("x"), now, load);
    expect(await cache.get("a", at("y"), now, load)).toBe("load 2");
    expect(await cache.get("a", at("x"), now, load)).toBe("load 3");
  });

  test("is loaded again when time alone altered it", async () => {
    const cache = new SnapshotCache<string>(10);
    const turn = now.getTime() + 1000;
    const { load } = source(() => ({ validUntil: turn }));
    await cache.get("a", at("x"), now, load);
    expect(await cache.get("a", at("x"), new Date(turn - 1), load)).toBe("load 1");
    expect(await cache.get("a", at("x"), new Date(turn), load)).toBe("load 2");
  });

  test("is loaded once for all who wait for it at the same counters, and anew at later ones", async () => {
    const cache = new SnapshotCache<string>(10);
    const counted = source(() => ({}));
    const first = at("x");
    const waiting = [1, 2, 3].map(() => cache.get("a", first, now, counted.load));
    const later = cache.get("a", at("y"), now, counted.load);
    expect(await Promise.all(waiting)).toEqual(["load 1", "load 1", "load 1"]);
    expect(await later).toBe("load 2");
    expect(counted.loads).toBe(2);
  });

  test("a failed load is not kept", async () => {
    const cache = new SnapshotCache<string>(10);
    const numbers = at("x");
    await expect(cache.get("a", numbers, now, () => Promise.reject(new Error("away")))).rejects.toThrow("away");
    expect(await cache.get("a", numbers, now, source(() => ({})).load)).toBe("load 1");
  });

  test("remembers that there is none, until something changes", async () => {
    const cache = new SnapshotCache<string>(10);
    const counted = source(() => ({ value: undefined }));
    expect(await cache.get("a", at("x"), now, counted.load)).toBeUndefined();
    await cache.get("a", at("x"), now, counted.load);
    expect(counted.loads).toBe(1);
    await cache.get("a", at("y"), now, counted.load);
    expect(counted.loads).toBe(2);
  });

  test("the entry used longest ago makes room", async () => {
    const cache = new SnapshotCache<string>(2);
    const counted = source(() => ({}));
    for (const key of ["a", "b", "a", "c", "a"]) await cache.get(key, at("x"), now, counted.load);
    expect(counted.loads).toBe(3);
    await cache.get("b", at("x"), now, counted.load);
    expect(counted.loads).toBe(4);
  });
});

import { describe, expect, test } from "vitest";
import { Drops } from "./drops.ts";
import { type Snapshot, SnapshotCache } from "./snapshot-cache.ts";

const forever = Number.POSITIVE_INFINITY;
const now = Date.parse("2026-01-01T00:00:00Z");

/** A source that counts how often it was asked. */
function source(answer: (load: number) => Partial<Snapshot<string>> = () => ({})) {
  const counted = {
    loads: 0,
    load: async (): Promise<Snapshot<string>> => {
      counted.loads++;
      return { value: `load ${counted.loads}`, tags: ["client a"], validUntil: forever, ...answer(counted.loads) };
    },
  };
  return counted;
}

/** A load that ends when told. */
function slow() {
  const { promise, resolve, reject } = Promise.withResolvers<Snapshot<string>>();
  return {
    load: () => promise,
    end: (value: string) => resolve({ value, tags: ["client a"], validUntil: forever }),
    fail: reject,
  };
}

const stage = (limit = 10) => {
  const drops = new Drops();
  return { drops, cache: new SnapshotCache<string>(limit, drops) };
};

describe("a copy", () => {
  test("serves without a load, whatever else is dropped", async () => {
    const { drops, cache } = stage();
    const { load } = source();
    expect(await cache.get("a", now, load)).toBe("load 1");
    drops.drop("client b");
    expect(await cache.get("a", now, load)).toBe("load 1");
  });

  test.each(["client a", "all"] as const)("is loaded again after %s was dropped", async (tag) => {
    const { drops, cache } = stage();
    const { load } = source();
    await cache.get("a", now, load);
    drops.drop(tag);
    expect(await cache.get("a", now, load)).toBe("load 2");
    expect(await cache.get("a", now, load)).toBe("load 2");
  });

  test("ends when time alone alters it", async () => {
    const { cache } = stage();
    const { load } = source(() => ({ validUntil: now + 1000 }));
    expect(await cache.get("a", now + 999, load)).toBe("load 1");
    expect(await cache.get("a", now + 1000, load)).toBe("load 2");
  });

  test("that there is none is kept as well, until one may have come", async () => {
    const { drops, cache } = stage();
    const counted = source((load) => (load === 1 ? { value: undefined, tags: ["no client w"] } : {}));
    expect(await cache.get("a", now, counted.load)).toBeUndefined();
    expect(await cache.get("a", now, counted.load)).toBeUndefined();
    drops.drop("no client w");
    expect(await cache.get("a", now, counted.load)).toBe("load 2");
  });

  test("too many tags: what was not used for long is dropped rather than a tag forgotten, what is used stays", async () => {
    const { drops, cache } = stage();
    const [unused, used] = [source(), source(() => ({ tags: ["client b"] }))];
    await cache.get("a", now, unused.load);
    drops.drop("client a");
    for (let at = 0; at < 200_001; at++) {
      drops.drop(`client ${at}`);
      if (at % 1000 === 0) expect(await cache.get("b", now, used.load)).toBe("load 1");
    }
    expect(await cache.get("a", now, unused.load)).toBe("load 2");
    expect(await cache.get("b", now, used.load)).toBe("load 1");
  });
});

describe("a load", () => {
  test("is shared by all who ask while it runs", async () => {
    const { cache } = stage();
    const { load, end } = slow();
    const both = [cache.get("a", now, load), cache.get("a", now, load)];
    end("one");
    expect(await Promise.all(both)).toEqual(["one", "one"]);
  });

  test("during which its thing changed answers nobody: it is done again", async () => {
    const { drops, cache } = stage();
    const { load, end } = slow();
    const later = source();
    let isFirst = true;
    const known: boolean[] = [];
    const asked = cache.get("a", now, (isKnown) => {
      known.push(isKnown);
      const one = isFirst ? load() : later.load();
      isFirst = false;
      return one;
    });
    drops.drop("client a");
    end("old");
    expect(await asked).toBe("load 1");
    expect(known).toEqual([false, true]);
    expect(await cache.get("a", now, source().load)).toBe("load 1");
  });

  test("of what changes all the time is given up rather than answered from before", async () => {
    const { drops, cache } = stage();
    const { load } = source();
    const asked = cache.get("a", now, () => {
      drops.drop("client a");
      return load().finally(() => drops.drop("client a"));
    });
    await expect(asked).rejects.toThrow("faster than it can be loaded");
  });

  test("says whether the thing was there before", async () => {
    const { drops, cache } = stage();
    const { load } = source();
    const known: boolean[] = [];
    const asking = (isKnown: boolean) => {
      known.push(isKnown);
      return load();
    };
    await cache.get("a", now, asking);
    drops.drop("all");
    await cache.get("a", now, asking);
    expect(known).toEqual([false, true]);
  });

  test("that began before a change is not joined after it", async () => {
    const { drops, cache } = stage();
    const { load, end } = slow();
    const again = source((load) => ({ value: `again ${load}` }));
    let isFirst = true;
    const before = cache.get("a", now, () => {
      const one = isFirst ? load() : again.load();
      isFirst = false;
      return one;
    });
    drops.drop("client a");
    expect(await cache.get("a", now, source().load)).toBe("load 1");
    end("old");
    expect(await before).toBe("again 1");
    expect(await cache.get("a", now, source().load)).toBe("again 1");
  });

  test("that fails is not kept: the next one tries again", async () => {
    const { cache } = stage();
    const { load, fail } = slow();
    const asked = cache.get("a", now, load);
    fail(new Error("away"));
    await expect(asked).rejects.toThrow("away");
    expect(await cache.get("a", now, source().load)).toBe("load 1");
  });
});

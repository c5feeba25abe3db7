import { expect, test } from "vitest";
import { bucketOf, LATENCY_BUCKETS, percentile } from "./latency.ts";

const counted = (latencies: readonly number[]): number[] => {
  const counts = new Array<number>(LATENCY_BUCKETS).fill(0);
  for (const latency of latencies) counts[bucketOf(latency)] = (counts[bucketOf(latency)] ?? 0) + 1;
  return counts;
};

test.each([
  [0, 0],
  [0.25, 0],
  [0.26, 1],
  [0.36, 2],
  [0.5, 2],
  [0.51, 3],
  [1, 4],
  [1024, 24],
  [40_000, LATENCY_BUCKETS - 1],
  [1e9, LATENCY_BUCKETS - 1],
])("%d ms → bucket %d", (milliseconds, bucket) => {
  expect(bucketOf(milliseconds)).toBe(bucket);
});

test("nothing counted → no percentile", () => {
  expect(percentile([], 0.5)).toBeNull();
  expect(percentile(counted([]), 0.99)).toBeNull();
});

test("a percentile is right to a fifth, whatever the latencies are", () => {
  const latencies = Array.from({ length: 10_000 }, (_, at) => 0.3 * 1.0009 ** at);
  for (const share of [0.5, 0.9, 0.99]) {
    const found = percentile(counted(latencies), share) ?? 0;
    const right = latencies[Math.ceil(share * latencies.length) - 1] ?? 0;
    expect([share, Math.abs(found / right - 1) < 0.2]).toEqual([share, true]);
  }
});

test("one slow token among a hundred is not in the half, and is what 99 of 100 do not reach", () => {
  const latencies = [...new Array<number>(99).fill(2), 3000];
  expect(percentile(counted(latencies), 0.5)).toBeLessThanOrEqual(2);
  expect(percentile(counted(latencies), 0.99)).toBeLessThanOrEqual(2);
  expect(percentile(counted([...latencies, 3000]), 0.99)).toBeGreaterThan(2000);
});

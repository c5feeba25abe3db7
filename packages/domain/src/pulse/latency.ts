/** Buckets of a histogram of latencies: each ends at √2 times the end of the one before it, the last one at 46 seconds. */
export const LATENCY_BUCKETS = 36;
/** Where the first bucket ends, in milliseconds. */
const FIRST_END = 0.25;

const endOf = (bucket: number): number => FIRST_END * 2 ** (bucket / 2);

/** The bucket that so many milliseconds fall into; what takes longer than the last one's end is counted there. Pure. */
export function bucketOf(milliseconds: number): number {
  const bucket = Math.ceil(2 * Math.log2(milliseconds / FIRST_END));
  return bucket > 0 ? Math.min(bucket, LATENCY_BUCKETS - 1) : 0;
}

/**
 * The latency, in milliseconds, that a share of what was counted stayed within; null where nothing was counted. Exact to
 * a fifth: within a bucket latencies count as spread evenly. Pure.
 *
 * @param counts by bucket; may end early where the rest is zero
 * @param share e.g. 0.99
 */
export function percentile(counts: ArrayLike<number>, share: number): number | null {
  const all = Array.from(counts);
  const rank = share * all.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [bucket, count] of all.entries()) {
    if (count > 0 && below + count >= rank) {
      const start = bucket === 0 ? 0 : endOf(bucket - 1);
      return start + (endOf(bucket) - start) * ((rank - below) / count);
    }
    below += count;
  }
  return null;
}

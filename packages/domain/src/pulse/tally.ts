import { LATENCY_BUCKETS, percentile } from "./latency.ts";

/** What a token endpoint did in some span of time. */
export interface Tally {
  /** Tokens issued, by how long that took: see `latency.ts`. May end early where the rest is zero. */
  readonly counts: ArrayLike<number>;
  readonly refused: number;
}

/** A tally that is being counted. */
export interface OpenTally {
  readonly counts: Uint32Array;
  refused: number;
}

export const emptyTally = (): OpenTally => ({ counts: new Uint32Array(LATENCY_BUCKETS), refused: 0 });

/** Adds a tally to another. */
export function addTo(sum: OpenTally, { counts, refused }: Tally): void {
  for (let bucket = 0; bucket < Math.min(counts.length, LATENCY_BUCKETS); bucket++)
    sum.counts[bucket] = (sum.counts[bucket] ?? 0) + (counts[bucket] ?? 0);
  sum.refused += refused;
}

/** What is read off a tally. */
export interface Figures {
  readonly issued: number;
  readonly refused: number;
  /** Milliseconds that half of the tokens, and 99 of 100, took at most; null where none was issued. */
  readonly p50: number | null;
  readonly p99: number | null;
}

/** Pure. */
export function figuresOf({ counts, refused }: Tally): Figures {
  const issued = Array.from(counts).reduce((sum, count) => sum + count, 0);
  return { issued, refused, p50: percentile(counts, 0.5), p99: percentile(counts, 0.99) };
}

/** The counts without the zeros at their end. */
export function trimmed(counts: ArrayLike<number>): readonly number[] {
  const all = Array.from(counts);
  return all.slice(0, all.findLastIndex((count) => count > 0) + 1);
}

const MINUTE_MS = 60_000;
/** What sums of fractions may be wrong by. */
const ROUNDING_MS = 0.001;

/** Keys remembered at once, about 150 bytes each; beyond it the one that was quiet for longest starts anew. */
const KEYS = 100_000;

/**
 * Milliseconds until a budget has room for one more; 0: now. Pure.
 *
 * A budget is one number, the instant at which it will be whole again (the generic cell rate algorithm): a minute's worth
 * may be spent at once, and comes back evenly. A new limit counts at once, since what was spent is kept as time.
 *
 * @param wholeAt milliseconds on the same scale as `now`
 * @param perMinute above 0; a fraction is less than one a minute
 */
export function waitFor(wholeAt: number, perMinute: number, now: number): number {
  const price = MINUTE_MS / perMinute;
  const most = Math.max(MINUTE_MS, price);
  // More debt than can be made: the clock was set back, or the limit raised.
  const debt = Math.min(wholeAt - now, most);
  const wait = debt - (most - price);
  return wait < ROUNDING_MS ? 0 : wait;
}

/** Budgets by key, in memory: one number each, and no more than a bounded number of them. */
export class Budgets {
  readonly #wholeAt = new Map<string, number>();

  /** Spends one and answers 0; or spends nothing, and answers how many milliseconds to wait. */
  take(key: string, perMinute: number, now: number): number {
    const wholeAt = this.#wholeAt.get(key) ?? now;
    const wait = waitFor(wholeAt, perMinute, now);
    if (wait === 0) this.#set(key, Math.max(wholeAt, now) + MINUTE_MS / perMinute);
    return wait;
  }

  /** Whether there is nothing left to spend. */
  isUsedUp(key: string, perMinute: number, now: number): boolean {
    const wholeAt = this.#wholeAt.get(key);
    return wholeAt !== undefined && waitFor(wholeAt, perMinute, now) > 0;
  }

  /** Takes one spending back. */
  giveBack(key: string, perMinute: number): void {
    const wholeAt = this.#wholeAt.get(key);
    if (wholeAt !== undefined) this.#wholeAt.set(key, wholeAt - MINUTE_MS / perMinute);
  }

  #set(key: string, wholeAt: number): void {
    // A Map keeps the order of insertion: what was used goes to its end.
    this.#wholeAt.delete(key);
    this.#wholeAt.set(key, wholeAt);
    if (this.#wholeAt.size <= KEYS) return;
    for (const [quietest] of this.#wholeAt) {
      this.#wholeAt.delete(quietest);
      return;
    }
  }
}

/** Loads that may be done at once after a quiet time: a cold start with as many clients. */
const BURST = 20_000;
/** Loads a second in the long run, as many as random ids get as well. */
const RATE = 500;

/**
 * How much may be asked of the database for what is not in memory. Known and unknown ids pay alike: otherwise an
 * exhausted budget would tell them apart.
 */
export function loadBudget(burst = BURST, perSecond = RATE) {
  let left = burst;
  let filledAt = performance.now();
  return {
    /** Whether one more load may be done now. */
    take(now = performance.now()): boolean {
      left = Math.min(burst, left + ((now - filledAt) / 1000) * perSecond);
      filledAt = now;
      if (left < 1) return false;
      left--;
      return true;
    },
  };
}

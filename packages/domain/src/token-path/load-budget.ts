import { BoundedCache } from "@mintmark/token-issuer";

/** Loads that may be done at once after a quiet time: a cold start with as many clients. */
const BURST = 20_000;
/** Workspaces whose share is remembered. */
const WORKSPACES = 10_000;
/** Loads a second in the long run, as many as random ids get as well. */
const RATE = 500;

/**
 * How much may be asked of the database for what is not in memory. Known and unknown ids pay alike: otherwise an
 * exhausted budget would tell them apart.
 */
export function loadBudget(burst = BURST, perSecond = RATE, from = performance.now()) {
  let left = burst;
  let filledAt = from;
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

/** The same for many workspaces: none of them takes more than half of it, so that a flood at one is not felt by the others. */
export function sharedLoadBudget(burst = BURST, perSecond = RATE) {
  const all = loadBudget(burst, perSecond);
  const shares = new BoundedCache<ReturnType<typeof loadBudget>>(WORKSPACES);
  return {
    /** Whether one more load may be done now for that workspace. */
    take(workspaceId: string, now = performance.now()): boolean {
      const share = shares.get(workspaceId) ?? loadBudget(burst / 2, perSecond / 2, now);
      shares.set(workspaceId, share);
      return share.take(now) && all.take(now);
    },
  };
}

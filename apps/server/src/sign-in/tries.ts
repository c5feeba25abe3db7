/** Counts tries by key, in this process. */
export interface Tries {
  /** Seconds to wait before the next try; 0: go on. */
  waitFor(key: string): number;
  /** Counts one. */
  count(key: string): void;
  forget(key: string): void;
}

const MOST_KEYS = 20_000;

/**
 * Allows `most` counted tries a key; then the key waits until `seconds` have passed since the last one that counted.
 * Bounded: a flood of keys drops the oldest.
 */
export function createTries(most: number, seconds: number, now: () => number = Date.now): Tries {
  const seen = new Map<string, { count: number; until: number }>();
  const living = (key: string) => {
    const entry = seen.get(key);
    return entry && entry.until > now() ? entry : undefined;
  };
  return {
    waitFor(key) {
      const entry = living(key);
      return entry && entry.count >= most ? Math.ceil((entry.until - now()) / 1000) : 0;
    },
    count(key) {
      const count = (living(key)?.count ?? 0) + 1;
      seen.delete(key);
      seen.set(key, { count, until: now() + seconds * 1000 });
      const [oldest] = seen.keys();
      if (seen.size > MOST_KEYS && oldest !== undefined) seen.delete(oldest);
    },
    forget: (key) => void seen.delete(key),
  };
}

/** All limits of people's sign-in. They are per process: the worst that several servers give is a multiple. */
export function createSignInTries(now?: () => number) {
  return {
    /** Wrong passwords for one account, known or not. */
    password: createTries(5, 300, now),
    /** Wrong second factors and wrong confirmations of one person. */
    proof: createTries(5, 300, now),
    /** Whatever costs a slow hash or guesses at something, from one address. */
    address: createTries(60, 60, now),
    /** A TOTP code opens once (RFC 6238 §5.2); keyed by person and code. */
    usedCode: createTries(1, 120, now),
  };
}
export type SignInTries = ReturnType<typeof createSignInTries>;

/** Counts tries by key, in this process. */
export interface Tries {
  /** Counts one and answers 0; or counts nothing, and answers how many seconds to wait. */
  take(key: string): number;
  /** Uncounts one that was not judged. */
  giveBack(key: string): void;
  forget(key: string): void;
}

const MOST_KEYS = 20_000;

/**
 * Allows `most` counted tries a key; then the key waits until `seconds` have passed since the last one that counted, or
 * since the `first`. Bounded: a flood of keys drops the oldest.
 */
export function createTries(
  most: number,
  seconds: number,
  now: () => number = Date.now,
  since: "last" | "first" = "last",
): Tries {
  const seen = new Map<string, { count: number; until: number }>();
  const living = (key: string) => {
    const entry = seen.get(key);
    return entry && entry.until > now() ? entry : undefined;
  };
  return {
    take(key) {
      const entry = living(key);
      if (entry && entry.count >= most) return Math.ceil((entry.until - now()) / 1000);
      seen.delete(key);
      const until = since === "first" && entry ? entry.until : now() + seconds * 1000;
      seen.set(key, { count: (entry?.count ?? 0) + 1, until });
      const [oldest] = seen.keys();
      if (seen.size > MOST_KEYS && oldest !== undefined) seen.delete(oldest);
      return 0;
    },
    giveBack(key) {
      const entry = living(key);
      if (entry) entry.count = Math.max(0, entry.count - 1);
    },
    forget: (key) => void seen.delete(key),
  };
}

/** All limits of people's sign-in. They are per process: the worst that several servers give is a multiple. */
export function createSignInTries(now?: () => number) {
  return {
    /** Wrong passwords for one account, known or not. */
    password: createTries(5, 300, now),
    /** Wrong confirmations with the password of one person who is signed in. */
    confirmation: createTries(5, 300, now),
    /** Wrong second factors of one person: apart from their passwords, so that a right one of those forgets none of these. */
    code: createTries(5, 300, now),
    /** Whatever costs a slow hash or guesses at something, from one address. */
    address: createTries(60, 60, now, "first"),
    /** Passkeys from one address: nobody guesses at them, so they stay open where the other limit is used up. */
    passkey: createTries(60, 60, now, "first"),
    /** Single sign-ons from one address: three for each, of a whole office perhaps. They cost rows, and questions to others. */
    sso: createTries(180, 60, now, "first"),
    /**
     * Mails with a link for a new password, to one address, known or not: in the time that a link lives as many as may be
     * alive. So whoever uses it up for somebody else leaves them a link that works.
     */
    mail: createTries(3, 45 * 60, now, "first"),
    /** The same, asked for from one network: of a whole office perhaps. */
    mailAsker: createTries(20, 3600, now, "first"),
    /** Slow hashes of one person who is signed in. */
    person: createTries(60, 60, now, "first"),
  };
}
export type SignInTries = ReturnType<typeof createSignInTries>;

import { type KeyInstants, type SigningAlgorithm, signingKeyState } from "@mintmark/token-issuer";

/** A key as its schedule knows it. */
export interface ScheduledKey extends KeyInstants {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
}

/** What a workspace's keys must keep to. */
export interface KeyPolicy {
  /** What the workspace signs with. */
  readonly alg: SigningAlgorithm;
  /** What clients of it chose for themselves; absent: nothing else. */
  readonly ofClients?: readonly SigningAlgorithm[] | undefined;
  /** Seconds a verifier may keep the JWK Set. */
  readonly maxAge: number;
  /** When that became less than it was: caches of before keep what they have for as long as they were told. */
  readonly lowered?: { readonly at: Date; readonly before: number } | undefined;
  /** Days that a key signs. */
  readonly lifetime: number;
}

/** New instants of a key that is there. */
export type KeyMove = { readonly kid: string } & Partial<
  Record<"activateAt" | "retireAt" | "removeAt" | "revokedAt", Date>
>;

/** A key to be made. */
export interface KeyToMake {
  readonly alg: SigningAlgorithm;
  readonly publishAt: Date;
  readonly activateAt: Date;
  readonly retireAt: Date | undefined;
  readonly removeAt: Date | undefined;
}

/** What to write so that a workspace's keys follow their policy. */
export interface KeyPlan {
  readonly moves: readonly KeyMove[];
  readonly make: readonly KeyToMake[];
}

const DAY_MS = 86_400_000;

/** A key stays in the JWK Set until the longest-lived token that it may have signed is over, with a minute for clocks. */
const LONGEST_TOKEN_MS = DAY_MS + 60_000;

/** Twice the time between two looks at what is due. */
export const LOOK_MS = 120_000;

/** A draft: keys as they would be. A key to be made has no kid yet. */
type Draft = Omit<ScheduledKey, "kid"> & { readonly kid: string | undefined };

const isAlive = (key: KeyInstants, now: Date): boolean => !["removed", "revoked"].includes(signingKeyState(key, now));
const hasBegun = (key: KeyInstants, now: Date): boolean => key.activateAt !== undefined && key.activateAt <= now;
const somebodySigns = (keys: readonly KeyInstants[], now: Date): boolean =>
  keys.some((key) => signingKeyState(key, now) === "active");
const startOf = (key: KeyInstants): number => key.activateAt?.getTime() ?? Number.POSITIVE_INFINITY;
const after = (instant: Date, milliseconds: number): Date => new Date(instant.getTime() + milliseconds);
const latest = (...instants: readonly Date[]): Date => new Date(Math.max(...instants.map(Number)));

/** The algorithms that somebody chose, the workspace's own first. */
export const algorithmsOf = ({ alg, ofClients = [] }: KeyPolicy): readonly SigningAlgorithm[] => [
  ...new Set([alg, ...ofClients]),
];
const isWanted = (alg: SigningAlgorithm, policy: KeyPolicy): boolean => algorithmsOf(policy).includes(alg);

/** The key that signs, and the one that is published to follow it, of one algorithm. */
function pairOf<K extends Draft>(keys: readonly K[], alg: SigningAlgorithm, now: Date) {
  const own = keys.filter((key) => key.alg === alg && isAlive(key, now));
  const byStart = own.toSorted((a, b) => startOf(a) - startOf(b));
  return {
    current: byStart.findLast((key) => signingKeyState(key, now) === "active"),
    next: byStart.find((key) => !hasBegun(key, now)),
  };
}

/** Every published key has been in every cached JWK Set for twice its max-age before it signs (RFC 7517 caches). */
function earliestUse(publishAt: Date, { maxAge, lowered }: KeyPolicy): Date {
  const usual = after(publishAt, 2 * maxAge * 1000);
  if (!lowered) return usual;
  // Who fetched before it was lowered has none that was published later.
  const ofBefore = Math.min(publishAt.getTime(), lowered.at.getTime());
  return latest(usual, after(new Date(ofBefore), 2 * lowered.before * 1000));
}

/**
 * What is due: each algorithm in use has a published next key, the key before it retires when that one begins, keys that
 * nobody chose any more leave once every chosen algorithm signs. Nothing where all is as it should be. Pure.
 */
export const planUpkeep = (keys: readonly ScheduledKey[], policy: KeyPolicy, now: Date): KeyPlan =>
  difference(keys, keptUp(keys, policy, now));

/** The first keys of algorithms that were just chosen. What nobody chose any more is left to the upkeep. Pure. */
export const planChoice = (keys: readonly ScheduledKey[], policy: KeyPolicy, now: Date): KeyPlan =>
  difference(keys, withNexts(keys, policy, now));

/** The first of these algorithms that has a key that signs now. Pure. */
export const firstThatSigns = (
  keys: readonly ScheduledKey[],
  algorithms: readonly SigningAlgorithm[],
  now: Date,
): SigningAlgorithm | undefined => algorithms.find((alg) => pairOf(keys, alg, now).current !== undefined);

/** When the first key of an algorithm will sign; `undefined`: one does, or there is none. Pure. */
export function firstUse(keys: readonly ScheduledKey[], alg: SigningAlgorithm, now: Date): Date | undefined {
  const { current, next } = pairOf(keys, alg, now);
  return current ? undefined : next?.activateAt;
}

/**
 * The published next key of an algorithm signs as soon as every cache has it; now, where it has been published long
 * enough. Pure.
 */
export function planRotation(
  keys: readonly ScheduledKey[],
  policy: KeyPolicy,
  now: Date,
  alg: SigningAlgorithm = policy.alg,
): KeyPlan {
  const published = withNexts(keys, policy, now);
  const { next } = pairOf(published, alg, now);
  const moved = published.map((key) =>
    key === next ? { ...key, activateAt: latest(now, earliestUse(key.publishAt, policy)) } : key,
  );
  return difference(keys, keptUp(moved, policy, now));
}

/** The key leaves at once; where it signed, its successor begins before its time: verifiers fetch an unknown `kid`. Pure. */
export function planRevocation(keys: readonly ScheduledKey[], kid: string, policy: KeyPolicy, now: Date): KeyPlan {
  const signed = keys.find((key) => key.kid === kid && signingKeyState(key, now) === "active");
  const gone = withNexts(
    keys.map((key) => (key.kid === kid ? { ...key, revokedAt: now } : key)),
    policy,
    now,
  );
  // A former algorithm signs for those whose first key waits: with it gone, they wait no more.
  const isFormer = signed !== undefined && !isWanted(signed.alg, policy);
  const lostOne = (alg: SigningAlgorithm) =>
    isFormer || alg === signed?.alg || (alg === policy.alg && !somebodySigns(gone, now));
  const pairs = algorithmsOf(policy)
    .filter(lostOne)
    .map((alg) => pairOf(gone, alg, now));
  const urgent = pairs.filter(({ current }) => current === undefined).map(({ next }) => next);
  const moved = gone.map((key) => (urgent.includes(key) ? { ...key, activateAt: now } : key));
  return difference(keys, keptUp(moved, policy, now));
}

function keptUp(keys: readonly Draft[], policy: KeyPolicy, now: Date): readonly Draft[] {
  const published = ripened(withNexts(keys, policy, now), policy, now);
  return published.map((key) => settled(key, published, policy, now));
}

/** A next key begins no earlier than caches allow, also where they were given more time since it was planned. */
function ripened(keys: readonly Draft[], policy: KeyPolicy, now: Date): readonly Draft[] {
  const nexts = algorithmsOf(policy).map((alg) => pairOf(keys, alg, now).next);
  return keys.map((key) =>
    nexts.includes(key)
      ? { ...key, activateAt: latest(key.activateAt ?? now, earliestUse(key.publishAt, policy)) }
      : key,
  );
}

/** Adds what is missing of each algorithm that somebody chose. */
const withNexts = (keys: readonly Draft[], policy: KeyPolicy, now: Date): readonly Draft[] =>
  algorithmsOf(policy).reduce((all, alg) => withNext(all, alg, policy, now), hurried(keys, policy, now));

/** A next key begins as soon as caches allow where none of its algorithm signs: the one before retired when nobody had chosen it. */
function hurried(keys: readonly Draft[], policy: KeyPolicy, now: Date): readonly Draft[] {
  const pairs = algorithmsOf(policy).map((alg) => pairOf(keys, alg, now));
  const waited = pairs.filter(({ current }) => current === undefined).map(({ next }) => next);
  return keys.map((key) => {
    const earliest = latest(now, earliestUse(key.publishAt, policy));
    return waited.includes(key) && startOf(key) > earliest.getTime() ? { ...key, activateAt: earliest } : key;
  });
}

/**
 * Adds a next key where there is none, and one behind a next key that begins before anybody looks again; where nobody
 * signs at all it signs at once.
 */
function withNext(keys: readonly Draft[], alg: SigningAlgorithm, policy: KeyPolicy, now: Date): readonly Draft[] {
  const soon = after(now, LOOK_MS);
  if (pairOf(keys, alg, soon).next) return keys;
  const last = keys
    .filter((key) => key.alg === alg && isAlive(key, now) && (key.retireAt === undefined || key.retireAt > now))
    .toSorted((a, b) => startOf(a) - startOf(b))
    .at(-1);
  const isNeeded = !somebodySigns(keys, now) && !last;
  // A newly chosen algorithm is due at once, and waits for the caches all the same.
  const due = last?.activateAt ? after(last.activateAt, policy.lifetime * DAY_MS) : now;
  const activateAt = isNeeded ? now : latest(due, earliestUse(now, policy));
  const made: Draft = { ...unplanned, alg, publishAt: now, activateAt };
  // What signs at once, or soon, needs a successor of its own.
  return withNext([...keys, made], alg, policy, now);
}

const unplanned = { kid: undefined, retireAt: undefined, removeAt: undefined, revokedAt: undefined };

/**
 * One key's end, from the keys around it: it retires when its successor begins, and where nobody chose its algorithm any
 * more as soon as nobody needs it. What has retired stays as it is.
 */
function settled(key: Draft, keys: readonly Draft[], policy: KeyPolicy, now: Date): Draft {
  if (!isAlive(key, now) || (key.retireAt && key.retireAt <= now)) return key;
  const needed = isWanted(key.alg, policy) ? Number.POSITIVE_INFINITY : neededUntil(keys, policy, now);
  const isOver = needed <= now.getTime();
  // It was published, and will never sign.
  if (!hasBegun(key, now)) return isOver ? { ...key, removeAt: now } : key;
  const successors = keys.filter((other) => other.alg === key.alg && isAlive(other, now)).map(startOf);
  const starts = [...(isOver ? [] : successors.filter((start) => start > startOf(key))), needed].filter(
    Number.isFinite,
  );
  if (starts.length === 0) return key;
  // It signed until now where nobody looked after the keys for a while.
  const retireAt = latest(now, new Date(Math.min(...starts)));
  return { ...key, retireAt, removeAt: after(retireAt, LONGEST_TOKEN_MS) };
}

/** When the last of the chosen algorithms signs: until then a former one may have to. Milliseconds. */
const neededUntil = (keys: readonly Draft[], policy: KeyPolicy, now: Date): number =>
  Math.max(
    ...algorithmsOf(policy).map((alg) => {
      const { current, next } = pairOf(keys, alg, now);
      return current || !next ? now.getTime() : startOf(next);
    }),
  );

const movable = ["activateAt", "retireAt", "removeAt", "revokedAt"] as const;

function difference(before: readonly ScheduledKey[], drafts: readonly Draft[]): KeyPlan {
  const known = new Map(before.map((key) => [key.kid, key]));
  const moves: KeyMove[] = [];
  const make: KeyToMake[] = [];
  for (const { kid, alg, publishAt, activateAt = publishAt, retireAt, removeAt, revokedAt } of drafts) {
    const former = kid === undefined ? undefined : known.get(kid);
    if (kid === undefined || !former) make.push({ alg, publishAt, activateAt, retireAt, removeAt });
    else {
      const planned = { activateAt, retireAt, removeAt, revokedAt };
      const moved = movable.filter((name) => planned[name]?.getTime() !== former[name]?.getTime());
      if (moved.length > 0) moves.push({ kid, ...Object.fromEntries(moved.map((name) => [name, planned[name]])) });
    }
  }
  return { moves, make };
}

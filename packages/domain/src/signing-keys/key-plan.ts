import { type KeyInstants, type SigningAlgorithm, signingKeyState } from "@mintmark/token-issuer";

/** A key as its schedule knows it. */
export interface ScheduledKey extends KeyInstants {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
}

/** What a workspace's keys must keep to. */
export interface KeyPolicy {
  /** The algorithm of new signatures. */
  readonly alg: SigningAlgorithm;
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

/** A key to be made, of the policy's algorithm. */
export interface KeyToMake {
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
 * What is due: each algorithm in use has a published next key, the key before it retires when that one begins, keys of a
 * former algorithm leave once the chosen one signs. Nothing where all is as it should be. Pure.
 */
export const planUpkeep = (keys: readonly ScheduledKey[], policy: KeyPolicy, now: Date): KeyPlan =>
  difference(keys, keptUp(keys, policy, now));

/** The published next key signs as soon as every cache has it; now, where it has been published long enough. Pure. */
export function planRotation(keys: readonly ScheduledKey[], policy: KeyPolicy, now: Date): KeyPlan {
  const published = withNext(keys, policy, now);
  const { next } = pairOf(published, policy.alg, now);
  const moved = published.map((key) =>
    key === next ? { ...key, activateAt: latest(now, earliestUse(key.publishAt, policy)) } : key,
  );
  return difference(keys, keptUp(moved, policy, now));
}

/** The key leaves at once; where it signed, its successor begins before its time: verifiers fetch an unknown `kid`. Pure. */
export function planRevocation(keys: readonly ScheduledKey[], kid: string, policy: KeyPolicy, now: Date): KeyPlan {
  const gone: readonly Draft[] = keys.map((key) => (key.kid === kid ? { ...key, revokedAt: now } : key));
  const { next } = pairOf(gone, policy.alg, now);
  const isNeeded = !somebodySigns(gone, now);
  const moved = gone.map((key) => (isNeeded && key === next ? { ...key, activateAt: now } : key));
  return difference(keys, keptUp(moved, policy, now));
}

function keptUp(keys: readonly Draft[], policy: KeyPolicy, now: Date): readonly Draft[] {
  const published = ripened(withNext(keys, policy, now), policy, now);
  return published.map((key) => settled(key, published, policy, now));
}

/** A next key begins no earlier than caches allow, also where they were given more time since it was planned. */
function ripened(keys: readonly Draft[], policy: KeyPolicy, now: Date): readonly Draft[] {
  const { next } = pairOf(keys, policy.alg, now);
  if (!next) return keys;
  const activateAt = latest(next.activateAt ?? now, earliestUse(next.publishAt, policy));
  return keys.map((key) => (key === next ? { ...key, activateAt } : key));
}

/**
 * Adds a next key where there is none, and one behind a next key that begins before anybody looks again; where nobody
 * signs at all it signs at once.
 */
function withNext(keys: readonly Draft[], policy: KeyPolicy, now: Date): readonly Draft[] {
  const soon = after(now, LOOK_MS);
  if (pairOf(keys, policy.alg, soon).next) return keys;
  const last = keys
    .filter((key) => key.alg === policy.alg && isAlive(key, now) && (key.retireAt === undefined || key.retireAt > now))
    .toSorted((a, b) => startOf(a) - startOf(b))
    .at(-1);
  const isNeeded = !somebodySigns(keys, now) && !last;
  // A newly chosen algorithm is due at once, and waits for the caches all the same.
  const due = last?.activateAt ? after(last.activateAt, policy.lifetime * DAY_MS) : now;
  const activateAt = isNeeded ? now : latest(due, earliestUse(now, policy));
  const made: Draft = { ...unplanned, alg: policy.alg, publishAt: now, activateAt };
  // What signs at once, or soon, needs a successor of its own.
  return withNext([...keys, made], policy, now);
}

const unplanned = { kid: undefined, retireAt: undefined, removeAt: undefined, revokedAt: undefined };

/** One key's end, from the keys around it: it retires when its successor begins. What has retired stays as it is. */
function settled(key: Draft, keys: readonly Draft[], policy: KeyPolicy, now: Date): Draft {
  if (!isAlive(key, now) || (key.retireAt && key.retireAt <= now)) return key;
  if (!hasBegun(key, now)) return isUnwanted(key, keys, policy, now) ? { ...key, removeAt: now } : key;
  const starts = keys
    .filter((other) => other.alg === key.alg || other.alg === policy.alg)
    .filter((other) => isAlive(other, now) && !isUnwanted(other, keys, policy, now))
    .map(startOf)
    .filter((start) => start > startOf(key));
  if (starts.length === 0) return key;
  // It signed until now where nobody looked after the keys for a while.
  const retireAt = latest(now, new Date(Math.min(...starts)));
  return { ...key, retireAt, removeAt: after(retireAt, LONGEST_TOKEN_MS) };
}

/** A published key of a former algorithm that never signed, once the chosen algorithm does. */
const isUnwanted = (key: Draft, keys: readonly Draft[], policy: KeyPolicy, now: Date): boolean =>
  key.alg !== policy.alg && !hasBegun(key, now) && pairOf(keys, policy.alg, now).current !== undefined;

const movable = ["activateAt", "retireAt", "removeAt", "revokedAt"] as const;

function difference(before: readonly ScheduledKey[], drafts: readonly Draft[]): KeyPlan {
  const known = new Map(before.map((key) => [key.kid, key]));
  const moves: KeyMove[] = [];
  const make: KeyToMake[] = [];
  for (const { kid, publishAt, activateAt = publishAt, retireAt, removeAt, revokedAt } of drafts) {
    const former = kid === undefined ? undefined : known.get(kid);
    if (kid === undefined || !former) make.push({ publishAt, activateAt, retireAt, removeAt });
    else {
      const planned = { activateAt, retireAt, removeAt, revokedAt };
      const moved = movable.filter((name) => planned[name]?.getTime() !== former[name]?.getTime());
      if (moved.length > 0) moves.push({ kid, ...Object.fromEntries(moved.map((name) => [name, planned[name]])) });
    }
  }
  return { moves, make };
}

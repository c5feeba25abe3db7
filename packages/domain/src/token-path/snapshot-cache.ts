import { BoundedCache, StoreUnavailable } from "@mintmark/token-issuer";
import type { Drops, Tag } from "./drops.ts";

/** A thing as it was loaded, and how long it counts. */
export interface Snapshot<T> {
  /** `undefined`: there is none. */
  readonly value: T | undefined;
  /** What it depends on, besides everything. */
  readonly tags: readonly Tag[];
  /** Milliseconds since 1970 at which time alone alters it. */
  readonly validUntil: number;
}

interface Kept<T> extends Snapshot<T> {
  /** The moment before it was loaded. Moved on when it was looked through and still counts. */
  moment: number;
}

/**
 * Asks the database.
 *
 * @param isKnown whether it was there when it was loaded last
 */
type Load<T> = (isKnown: boolean) => Promise<Snapshot<T>>;

interface Flight<T> {
  readonly moment: number;
  readonly loading: Promise<T | undefined>;
}

/** Most "there is none" answers kept: random ids must not push out what exists. */
const NEGATIVES = 2000;
/** Loads of one thing in a row: while it runs something that it depends on may change. */
const TRIES = 5;

/**
 * Things of the database by key, kept until something that they depend on is dropped. A load notes the moment before it
 * begins, so that what changed while it ran makes its result out of date by itself.
 */
export class SnapshotCache<T> {
  readonly #drops: Drops;
  readonly #present: BoundedCache<Kept<T>>;
  readonly #absent = new BoundedCache<Kept<T>>(NEGATIVES);
  readonly #flights = new Map<string, Flight<T>>();

  constructor(limit: number, drops: Drops) {
    this.#present = new BoundedCache(limit);
    this.#drops = drops;
  }

  /** Whether `get` would answer without a load. */
  has(key: string, now: number): boolean {
    return this.#kept(key, now) !== undefined;
  }

  /** The thing as of every change applied so far; loads it once for all who wait for it. */
  get(key: string, now: number, load: Load<T>): Promise<T | undefined> | T | undefined {
    const kept = this.#kept(key, now);
    if (kept) {
      kept.moment = this.#drops.moment;
      return kept.value;
    }
    const { moment } = this.#drops;
    const flight = this.#flights.get(key);
    if (flight?.moment === moment) return flight.loading;
    const loading = this.#load(key, moment, load);
    this.#flights.set(key, { moment, loading });
    const land = () => {
      if (this.#flights.get(key)?.loading === loading) this.#flights.delete(key);
    };
    loading.then(land, land);
    return loading;
  }

  /** What is kept and still counts. */
  #kept(key: string, now: number): Kept<T> | undefined {
    const kept = this.#present.get(key) ?? this.#absent.get(key);
    return kept && kept.validUntil > now && this.#drops.isCurrent(kept.moment, kept.tags) ? kept : undefined;
  }

  /** A load may take longer than it takes to hear of a change: whoever waited for it must not be answered from before. */
  async #load(key: string, began: number, load: Load<T>): Promise<T | undefined> {
    let isKnown = this.#present.get(key) !== undefined;
    for (let moment = began, tries = 1; tries <= TRIES; tries++) {
      const snapshot = await load(isKnown);
      if (this.#drops.isCurrent(moment, snapshot.tags)) return this.#keep(key, snapshot, moment);
      isKnown = snapshot.value !== undefined;
      moment = this.#drops.moment;
    }
    throw new StoreUnavailable("it changes faster than it can be loaded");
  }

  #keep(key: string, { value, tags, validUntil }: Snapshot<T>, moment: number): T | undefined {
    const former = this.#present.get(key) ?? this.#absent.get(key);
    // A load that began later has been there already.
    if (former && former.moment > moment) return value;
    const [there, away] = value === undefined ? [this.#absent, this.#present] : [this.#present, this.#absent];
    there.set(key, { value, tags, validUntil, moment });
    away.delete(key);
    return value;
  }
}

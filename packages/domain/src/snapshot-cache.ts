import { BoundedCache } from "./bounded-cache.ts";
import { cursorAt, type FeedNumbers } from "./feed-numbers.ts";

/** A thing as it was loaded, and how long it counts. */
export interface Snapshot<T> {
  /** `undefined`: there is none. */
  readonly value: T | undefined;
  /** The counters whose changes may alter it. */
  readonly shards: readonly number[];
  /** Milliseconds since 1970 at which time alone alters it. */
  readonly validUntil: number;
}

interface Kept<T> extends Snapshot<T> {
  readonly cursor: string;
}

/** Most "there is none" answers kept: random ids must not push out what exists. */
const NEGATIVES = 2000;

/**
 * Things of the database by key, kept while their change-feed counters stand still. A snapshot is filed under counters
 * that were read before it was loaded, so that it is never older than it says.
 */
export class SnapshotCache<T> {
  readonly #present: BoundedCache<Kept<T>>;
  readonly #absent = new BoundedCache<Kept<T>>(NEGATIVES);
  readonly #flights = new Map<string, { readonly numbers: FeedNumbers; readonly loading: Promise<T | undefined> }>();

  constructor(limit: number) {
    this.#present = new BoundedCache(limit);
  }

  /** The thing at these counters or newer; loads it once for all who wait for it. */
  get(
    key: string,
    numbers: FeedNumbers,
    now: Date,
    load: () => Promise<Snapshot<T>>,
  ): Promise<T | undefined> | T | undefined {
    const kept = this.#present.get(key) ?? this.#absent.get(key);
    if (kept && kept.validUntil > now.getTime() && kept.cursor === cursorAt(numbers, kept.shards)) return kept.value;
    const flight = this.#flights.get(key);
    if (flight?.numbers === numbers) return flight.loading;
    const loading = this.#load(key, numbers, load);
    this.#flights.set(key, { numbers, loading });
    const land = () => {
      if (this.#flights.get(key)?.loading === loading) this.#flights.delete(key);
    };
    loading.then(land, land);
    return loading;
  }

  async #load(key: string, numbers: FeedNumbers, load: () => Promise<Snapshot<T>>): Promise<T | undefined> {
    const snapshot = await load();
    const kept = { ...snapshot, cursor: cursorAt(numbers, snapshot.shards) };
    const [there, away] = snapshot.value === undefined ? [this.#absent, this.#present] : [this.#present, this.#absent];
    there.set(key, kept);
    away.delete(key);
    return snapshot.value;
  }
}

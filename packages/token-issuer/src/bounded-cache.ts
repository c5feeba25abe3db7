interface Entry<V> {
  readonly value: V;
  /** Whether it was asked for since the hand passed. */
  isUsed: boolean;
}

/**
 * Keeps `limit` entries, and lets go the ones that were not used lately: a hand goes round, passes over what was used
 * since its last round, and takes the first that was not. So a look costs hardly more than in a Map.
 */
export class BoundedCache<V> {
  readonly #limit: number;
  readonly #entries = new Map<string, Entry<V>>();
  /** One walk at a time: each new one would pass the gaps of those that left. */
  #hand = this.#entries.entries();

  constructor(limit: number) {
    this.#limit = Math.max(1, limit);
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    entry.isUsed = true;
    return entry.value;
  }

  set(key: string, value: V): void {
    this.#entries.set(key, { value, isUsed: false });
    while (this.#entries.size > this.#limit) this.#step(key);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** Lets the entry under the hand go, or passes over it. */
  #step(newest: string): void {
    const { done, value } = this.#hand.next();
    if (done || value === undefined) {
      this.#hand = this.#entries.entries();
      return;
    }
    const [key, entry] = value;
    if (entry.isUsed) entry.isUsed = false;
    else if (key !== newest) this.#entries.delete(key);
  }
}

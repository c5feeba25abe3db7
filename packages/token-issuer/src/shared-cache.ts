/**
 * Keeps `limit` entries of several owners. For one too many the owner who has the most lets go of the one that was not
 * used for the longest time: nobody loses any to others while they have no more than an equal part.
 */
export class SharedCache<V> {
  readonly #limit: number;
  /** An owner's entries, the least lately used first. */
  readonly #owners = new Map<string, Map<string, V>>();
  #size = 0;

  constructor(limit: number) {
    this.#limit = Math.max(1, limit);
  }

  get(owner: string, key: string): V | undefined {
    const own = this.#owners.get(owner);
    const value = own?.get(key);
    if (own === undefined || value === undefined) return undefined;
    own.delete(key);
    own.set(key, value);
    return value;
  }

  set(owner: string, key: string, value: V): void {
    const own = this.#owners.get(owner) ?? new Map<string, V>();
    this.#owners.set(owner, own);
    if (!own.delete(key)) this.#size++;
    own.set(key, value);
    if (this.#size > this.#limit) this.#letOneGo();
  }

  #letOneGo(): void {
    let [owner, most] = ["", new Map<string, V>()];
    for (const [name, own] of this.#owners) if (own.size > most.size) [owner, most] = [name, own];
    const [oldest] = most.keys();
    if (oldest === undefined) return;
    most.delete(oldest);
    this.#size--;
    if (most.size === 0) this.#owners.delete(owner);
  }
}

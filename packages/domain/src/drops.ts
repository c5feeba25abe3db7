/** Names what a copy in memory depends on. Everything depends on `all`. */
export type Tag =
  | `client ${string}`
  /** All clients of a workspace. */
  | `clients ${string}`
  | `workspace ${string}`
  | `tenant ${string}`
  /** That there is no such client in a workspace. */
  | `no client ${string}`
  | "no issuer"
  | "installation"
  | "all";

/** Client tags kept apart; beyond it everything is dropped at once, which is right and seldom. */
const MOST_TAGS = 200_000;

/**
 * Says which copies in memory are out of date. Dropping costs the same however many copies there are: a copy notes the
 * moment when it began to be loaded, and counts as long as nothing that it depends on was dropped since.
 */
export class Drops {
  #moment = 0;
  readonly #dropped = new Map<Tag, number>();

  /** The moment now: to be noted before a load begins. */
  get moment(): number {
    return this.#moment;
  }

  drop(tag: Tag): void {
    this.#moment++;
    const isTooMuch = this.#dropped.size >= MOST_TAGS;
    // Whoever depends on anything depends on everything: the other tags say nothing any more.
    if (tag === "all" || isTooMuch) this.#dropped.clear();
    this.#dropped.set(isTooMuch ? "all" : tag, this.#moment);
  }

  /** Whether nothing of these was dropped since that moment. */
  isCurrent(moment: number, tags: readonly Tag[]): boolean {
    if (moment === this.#moment) return true;
    return (this.#dropped.get("all") ?? 0) <= moment && tags.every((tag) => (this.#dropped.get(tag) ?? 0) <= moment);
  }
}

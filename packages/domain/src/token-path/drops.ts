/**
 * Names what a copy in memory depends on: a client by its internal id alone, since a million of them are kept, anything
 * else by a word and its id. `clients wsp_…` are all of a workspace, `no client wsp_…` is that there is none, `member mem_…`
 * is what that person may. Everything depends on `all`.
 */
export type Tag = string;

/** Tags kept apart. Beyond it the longer-standing half is forgotten, with every copy that was not used since. */
const MOST_TAGS = 200_000;

/**
 * Says which copies in memory are out of date. Dropping costs the same however many copies there are: a copy notes the
 * moment when it began to be loaded, and counts as long as nothing that it depends on was dropped since.
 */
export class Drops {
  #moment = 0;
  /** In the order of their moments. */
  readonly #dropped = new Map<Tag, number>();
  /** Copies from before this moment count no more, whatever they depend on. */
  #floor = 0;

  /** The moment now: to be noted before a load begins. */
  get moment(): number {
    return this.#moment;
  }

  drop(tag: Tag): void {
    this.#moment++;
    if (tag === "all") this.#forget(this.#moment);
    else {
      this.#dropped.delete(tag);
      this.#dropped.set(tag, this.#moment);
      if (this.#dropped.size > MOST_TAGS) this.#forget([...this.#dropped.values()][MOST_TAGS / 2] ?? this.#moment);
    }
  }

  /** Whether nothing of these was dropped since that moment. */
  isCurrent(moment: number, tags: readonly Tag[]): boolean {
    if (moment === this.#moment) return true;
    return moment >= this.#floor && tags.every((tag) => (this.#dropped.get(tag) ?? 0) <= moment);
  }

  /** Copies from before that moment end: the tags until then say nothing any more. */
  #forget(floor: number): void {
    this.#floor = floor;
    for (const [tag, moment] of this.#dropped) {
      if (moment > floor) return;
      this.#dropped.delete(tag);
    }
  }
}

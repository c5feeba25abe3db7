/**
 * What somebody listens to: a value for each ring, made when it is fetched. Rings that nobody fetched meanwhile are one,
 * so that a slow listener gets fewer values and never old ones.
 */
export class Doorbell<T> implements AsyncIterableIterator<T> {
  readonly #make: () => T;
  readonly #onEnd: () => void;
  #isRung = false;
  #isOver = false;
  #last: { readonly value: T } | undefined;
  #waiting: ((result: IteratorResult<T>) => void) | undefined;

  /** @param onEnd called once, when nothing more will be fetched */
  constructor(make: () => T, onEnd: () => void) {
    this.#make = make;
    this.#onEnd = onEnd;
  }

  ring(): void {
    if (this.#isOver) return;
    this.#isRung = true;
    this.#answer();
  }

  /** Ends it, with one more value where there is one to say. */
  end(...last: readonly [] | readonly [T]): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#isRung = false;
    if (last.length === 1) this.#last = { value: last[0] };
    this.#onEnd();
    this.#answer();
  }

  next(): Promise<IteratorResult<T>> {
    return new Promise((resolve) => {
      this.#waiting?.({ done: true, value: undefined });
      this.#waiting = resolve;
      this.#answer();
    });
  }

  async return(): Promise<IteratorResult<T>> {
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #answer(): void {
    const waiting = this.#waiting;
    if (!waiting || !(this.#isRung || this.#isOver)) return;
    this.#waiting = undefined;
    waiting(this.#take());
  }

  #take(): IteratorResult<T> {
    if (this.#isRung) {
      this.#isRung = false;
      return { done: false, value: this.#make() };
    }
    const last = this.#last;
    this.#last = undefined;
    return last ? { done: false, value: last.value } : { done: true, value: undefined };
  }
}

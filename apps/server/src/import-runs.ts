import { isDatabaseUnavailable } from "@mintmark/db";
import type { Actor, Sending } from "@mintmark/domain";
import type { Log } from "./log.ts";

/** Files that this process holds at once; each may have 64 MiB. */
const MOST = 3;

/** The imports that go on in this process, one of a tenant: what one tenant sends must not take all the room. */
export class ImportRuns {
  readonly #log: Log;
  readonly #stop = new AbortController();
  readonly #running = new Map<string, Promise<void>>();

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Takes a file where there is room for it, and lets it go on by itself.
   *
   * @param take reads the file, and says why it is not taken
   * @returns what `take` said, the sending that goes on now, or `busy`
   */
  async take<T>(
    tenantId: string,
    take: () => Promise<Sending | T>,
    actorNow: () => Promise<Actor | undefined>,
  ): Promise<Sending | T | "busy"> {
    if (this.#stop.signal.aborted || this.#running.size >= MOST || this.#running.has(tenantId)) return "busy";
    let release = () => {};
    this.#running.set(tenantId, new Promise<void>((resolve) => (release = resolve)));
    const leave = () => {
      this.#running.delete(tenantId);
      release();
    };
    try {
      const taken = await take();
      if (!isSending(taken)) {
        leave();
        return taken;
      }
      void taken.run(actorNow, this.#stop.signal).catch(this.#complain).finally(leave);
      return taken;
    } catch (error) {
      leave();
      throw error;
    }
  }

  readonly #complain = (error: unknown): void => {
    if (isDatabaseUnavailable(error)) this.#log.warn({ err: error }, "an import was broken off: the database is away");
    else this.#log.error({ err: error }, "unexpected error in an import");
  };

  /** Lets none begin, and each that goes on end with what it is at: the file is sent again to another server. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running.values());
  }
}

const isSending = (taken: unknown): taken is Sending => typeof taken === "object" && taken !== null && "run" in taken;

import { type Failure, type Installation, livingSessions, type PulseExchange, Refusal } from "@mintmark/domain";
import { Doorbell } from "./doorbell.ts";

/** Subscriptions of one caller, of one tenant, and of all together, at one process. */
const MOST_OF_CALLER = 10;
const MOST_OF_TENANT = 60;
const MOST = 300;
/** How long a caller's power counts without being judged again where nothing changed: it may have an end. */
const JUDGED_FOR_MS = 15_000;

/** What the streams stand on. */
export interface StreamParts {
  readonly installation: Installation;
  readonly pulses: Pick<PulseExchange, "onBeat">;
  /** How far the changes of a tenant are known. */
  readonly feedNumber: (tenantId: string) => number;
}

/** What a stream is about. */
export interface StreamOf<T> {
  /** Whoever it counts for. */
  readonly caller: string;
  readonly tenantId: string;
  /** The person's session; it ends with it. */
  readonly sessionId: string | undefined;
  /** Why it must end, judged anew; `undefined`: it may go on. Rejects where nothing can be said now. */
  readonly judge: () => Promise<Failure | undefined>;
  /** What to tell. `changed`: something in the tenant was changed since it was told before. */
  readonly event: (changed: boolean) => T;
  readonly onEnd: () => void;
}

/** The last thing that a stream says, where it was ended for a reason. */
export interface Ended {
  readonly failure: Failure;
}

interface Stream {
  readonly of: StreamOf<unknown>;
  readonly bell: Doorbell<unknown>;
  judgedAt: number;
  /** How far the tenant's changes were known when the caller was judged last. */
  judgedNumber: number;
}

const callerGone: Failure = { code: "UNAUTHENTICATED" };

/**
 * The open subscriptions of this process. Each tells something after each heartbeat, once it is certain that its caller
 * may still hear it: a session is looked at each time, all of them in one question, and powers as soon as anything changed
 * in the tenant. While nobody listens nothing is asked.
 */
export class Streams {
  readonly #parts: StreamParts;
  readonly #open = new Set<Stream>();
  #isClosed = false;
  #isTelling = false;
  #stopListening: (() => void) | undefined;

  constructor(parts: StreamParts) {
    this.#parts = parts;
  }

  /** @throws Refusal TOO_MANY_STREAMS */
  open<T>(of: StreamOf<T>): Doorbell<T | Ended> {
    const count = (is: (other: StreamOf<unknown>) => boolean) => [...this.#open].filter((open) => is(open.of)).length;
    const refuse = (whose: "caller" | "tenant" | "server", limit: number) => {
      throw new Refusal({ code: "TOO_MANY_STREAMS", limit, whose });
    };
    if (count(({ caller }) => caller === of.caller) >= MOST_OF_CALLER) refuse("caller", MOST_OF_CALLER);
    if (count(({ tenantId }) => tenantId === of.tenantId) >= MOST_OF_TENANT) refuse("tenant", MOST_OF_TENANT);
    if (this.#open.size >= MOST) refuse("server", MOST);
    const { feedNumber } = this.#parts;
    const judgedNumber = feedNumber(of.tenantId);
    let toldNumber = judgedNumber;
    const make = (): T | Ended => {
      const known = feedNumber(of.tenantId);
      const changed = known !== toldNumber;
      toldNumber = known;
      return of.event(changed);
    };
    const bell = new Doorbell<T | Ended>(make, () => {
      this.#open.delete(stream);
      if (this.#open.size === 0) this.#stopListening?.();
      of.onEnd();
    });
    const stream: Stream = { of, bell: bell as Doorbell<unknown>, judgedAt: performance.now(), judgedNumber };
    if (this.#isClosed) {
      bell.end();
      return bell;
    }
    if (this.#open.size === 0) this.#stopListening = this.#parts.pulses.onBeat(() => void this.#tell());
    this.#open.add(stream);
    return bell;
  }

  /** Ends all of them, and each that comes later: their callers ask another server. */
  close(): void {
    this.#isClosed = true;
    for (const { bell } of this.#open) bell.end();
  }

  async #tell(): Promise<void> {
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      const streams = [...this.#open];
      const ids = streams.flatMap(({ of: { sessionId } }) => (sessionId === undefined ? [] : [sessionId]));
      const living = await livingSessions(this.#parts.installation, [...new Set(ids)]);
      await Promise.all(streams.map((stream) => this.#tellOne(stream, living)));
    } catch {
      // The database is away: nothing is told that nobody may answer for.
    } finally {
      this.#isTelling = false;
    }
  }

  async #tellOne(stream: Stream, living: ReadonlySet<string>): Promise<void> {
    const { tenantId, sessionId, judge } = stream.of;
    if (sessionId !== undefined && !living.has(sessionId)) return stream.bell.end({ failure: callerGone });
    const known = this.#parts.feedNumber(tenantId);
    if (known !== stream.judgedNumber || performance.now() - stream.judgedAt > JUDGED_FOR_MS) {
      const began = performance.now();
      const failure = await judge();
      if (failure) return stream.bell.end({ failure });
      Object.assign(stream, { judgedAt: began, judgedNumber: known });
    }
    stream.bell.ring();
  }
}

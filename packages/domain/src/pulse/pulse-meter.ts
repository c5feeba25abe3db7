import { bucketOf } from "./latency.ts";
import { addTo, emptyTally, type OpenTally, type Tally, trimmed } from "./tally.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
/** Seconds kept of a workspace that somebody watches. */
const SECONDS = 12;
/** Minutes that wait for a database that is away; the oldest go first. */
const MOST_WAITING = 20_000;

/** One second of one workspace at one server: when it began, in seconds since 1970. */
export interface Second extends Tally {
  readonly second: number;
}

/** What one server did in the last seconds, of the workspaces that somebody watches. */
export interface WorkspacePulse {
  readonly workspaceId: string;
  readonly seconds: readonly Second[];
}

/** One minute of one workspace, as it is written; `minute` in milliseconds since 1970. */
export interface Minute extends Tally {
  readonly tenantId: string;
  readonly workspaceId: string;
  readonly minute: number;
}

interface Place {
  readonly tenantId: string;
  readonly workspaceId: string;
}

interface OpenSecond extends OpenTally {
  readonly second: number;
}

interface Meter extends Place {
  minute: number;
  tally: OpenTally;
  isChanged: boolean;
  /** The newest last; absent while nobody watches. */
  seconds: OpenSecond[] | undefined;
}

/**
 * Counts what this process's token endpoints do, by workspace: by the minute for what is written, and by the second where
 * somebody watches. To count costs a look into a map and two additions.
 */
export class PulseMeter {
  readonly #meters = new Map<string, Meter>();
  #watched: ReadonlySet<string> = new Set();
  #waiting = new Map<string, Minute>();

  /** A token was issued, and took so many milliseconds. */
  issued(place: Place, milliseconds: number, now = Date.now()): void {
    const meter = this.#meterAt(place, now);
    const bucket = bucketOf(milliseconds);
    count(meter.tally, bucket);
    if (meter.seconds) count(secondAt(meter.seconds, now), bucket);
  }

  /** A request was refused. */
  refused(place: Place, now = Date.now()): void {
    const meter = this.#meterAt(place, now);
    meter.tally.refused++;
    if (meter.seconds) secondAt(meter.seconds, now).refused++;
  }

  /** From now on the seconds of these workspaces are kept, and of no others. */
  watch(workspaceIds: ReadonlySet<string>): void {
    this.#watched = workspaceIds;
    for (const [id, meter] of this.#meters) meter.seconds = workspaceIds.has(id) ? (meter.seconds ?? []) : undefined;
  }

  /** What is kept by the second; only workspaces where something happened. */
  recent(now = Date.now()): readonly WorkspacePulse[] {
    const oldest = Math.floor(now / SECOND_MS) - SECONDS;
    return [...this.#watched].flatMap((workspaceId) => {
      const seconds = (this.#meters.get(workspaceId)?.seconds ?? [])
        .filter(({ second }) => second > oldest)
        .map(({ second, counts, refused }) => ({ second, counts: trimmed(counts), refused }));
      return seconds.length === 0 ? [] : [{ workspaceId, seconds }];
    });
  }

  /** Hands every minute that changed since the last time to `write`; what it could not write comes again. */
  async flush(write: (minutes: readonly Minute[]) => Promise<void>, now = Date.now()): Promise<void> {
    for (const [id, meter] of this.#meters) {
      this.#keep(meter);
      if (meter.minute + MINUTE_MS <= now && !meter.seconds) this.#meters.delete(id);
    }
    const minutes = this.#waiting;
    this.#waiting = new Map();
    if (minutes.size === 0) return;
    try {
      await write([...minutes.values()]);
    } catch (error) {
      // What was counted meanwhile is more.
      this.#waiting = new Map([...minutes, ...this.#waiting].slice(-MOST_WAITING));
      throw error;
    }
  }

  #meterAt(place: Place, now: number): Meter {
    const known = this.#meters.get(place.workspaceId);
    if (known && now < known.minute + MINUTE_MS) {
      known.isChanged = true;
      return known;
    }
    const minute = now - (now % MINUTE_MS);
    if (known) {
      this.#keep(known);
      Object.assign(known, { minute, tally: emptyTally(), isChanged: true });
      return known;
    }
    const { tenantId, workspaceId } = place;
    const seconds = this.#watched.has(workspaceId) ? [] : undefined;
    const meter: Meter = { tenantId, workspaceId, minute, tally: emptyTally(), isChanged: true, seconds };
    this.#meters.set(workspaceId, meter);
    return meter;
  }

  #keep(meter: Meter): void {
    if (!meter.isChanged) return;
    meter.isChanged = false;
    const { tenantId, workspaceId, minute, tally } = meter;
    const copy = emptyTally();
    addTo(copy, tally);
    this.#waiting.set(`${workspaceId} ${minute}`, { tenantId, workspaceId, minute, ...copy });
  }
}

function count({ counts }: OpenTally, bucket: number): void {
  counts[bucket] = (counts[bucket] ?? 0) + 1;
}

function secondAt(seconds: OpenSecond[], now: number): OpenSecond {
  const second = Math.floor(now / SECOND_MS);
  const last = seconds.at(-1);
  // A clock that was set back goes on with the second that it had.
  if (last && last.second >= second) return last;
  const next = { second, ...emptyTally() };
  seconds.push(next);
  if (seconds.length > SECONDS) seconds.shift();
  return next;
}

import type { PulseMeter, WorkspacePulse } from "./pulse-meter.ts";
import { addTo, emptyTally, figuresOf } from "./tally.ts";

/** What a server says of itself with its heartbeat. */
export interface BeatCargo {
  /** The workspaces that somebody watches there. */
  readonly watched: readonly string[];
  readonly pulse: readonly WorkspacePulse[];
}

/** What a server hears of the others with its heartbeat. */
export interface BeatNews {
  readonly watched: readonly string[];
  readonly pulses: readonly (readonly WorkspacePulse[])[];
  /** How many servers there are, this one included. */
  readonly fresh: number;
}

/** One second of a workspace's token endpoint, of all servers together. */
export interface PulseSecond {
  readonly at: Date;
  readonly issued: number;
  readonly refused: number;
}

/** What a workspace's token endpoint does now. */
export interface TokenPulse {
  /** Seconds that are over, oldest first, at most ten. Later pulses tell most of them again, and may have heard more. */
  readonly seconds: readonly PulseSecond[];
  /** Milliseconds that half of the tokens of these seconds, and 99 of 100, took at most; null where there was none. */
  readonly p50: number | null;
  readonly p99: number | null;
}

const SECOND_MS = 1000;
const SECONDS = 10;
/** Seconds until every other server has told of one: its heartbeat, ours, and the difference of clocks. */
const LAG_BESIDE_OTHERS = 3;

interface Watch {
  watchers: number;
  readonly sinceSecond: number;
}

/**
 * Brings the figures of all servers together where somebody watches them. They travel with the heartbeats, so that nobody
 * asks the database anything besides; while nobody watches nothing travels.
 */
export class PulseExchange {
  readonly #meter: PulseMeter;
  readonly #watches = new Map<string, Watch>();
  readonly #listeners = new Set<() => void>();
  #news: BeatNews = { watched: [], pulses: [], fresh: 1 };

  constructor(meter: PulseMeter) {
    this.#meter = meter;
  }

  /** Gathers a workspace's figures until what it returns is called. */
  watch(workspaceId: string, now = Date.now()): () => void {
    const watch = this.#watches.get(workspaceId) ?? { watchers: 0, sinceSecond: Math.floor(now / SECOND_MS) + 1 };
    watch.watchers++;
    this.#watches.set(workspaceId, watch);
    this.#tellMeter();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      watch.watchers--;
      if (watch.watchers > 0) return;
      this.#watches.delete(workspaceId);
      this.#tellMeter();
    };
  }

  /** Calls after each heartbeat, until what it returns is called. */
  onBeat(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What a watched workspace's token endpoint did lately. */
  pulse(workspaceId: string, now = Date.now()): TokenPulse {
    const lag = this.#news.fresh > 1 ? LAG_BESIDE_OTHERS : 1;
    const last = Math.floor(now / SECOND_MS) - lag;
    const since = (this.#watches.get(workspaceId)?.sinceSecond ?? last + 1) + lag - 1;
    const first = Math.max(since, last - SECONDS + 1);
    const all = emptyTally();
    const bySecond = Array.from({ length: Math.max(0, last - first + 1) }, emptyTally);
    for (const pulse of [this.#meter.recent(now), ...this.#news.pulses])
      for (const { seconds } of pulse.filter((one) => one.workspaceId === workspaceId))
        for (const tally of seconds) {
          const second = bySecond[tally.second - first];
          if (!second) continue;
          addTo(second, tally);
          addTo(all, tally);
        }
    const seconds = bySecond.map((tally, at) => {
      const { issued, refused } = figuresOf(tally);
      return { at: new Date((first + at) * SECOND_MS), issued, refused };
    });
    const { p50, p99 } = figuresOf(all);
    return { seconds, p50, p99 };
  }

  /** What goes with the next heartbeat. */
  load(now = Date.now()): BeatCargo {
    return { watched: [...this.#watches.keys()], pulse: this.#meter.recent(now) };
  }

  /** What came back with it. */
  unload(news: BeatNews): void {
    this.#news = news;
    this.#tellMeter();
    for (const listener of this.#listeners) listener();
  }

  #tellMeter(): void {
    this.#meter.watch(new Set([...this.#watches.keys(), ...this.#news.watched]));
  }
}

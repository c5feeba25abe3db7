import { type PointerEvent, useSyncExternalStore } from "react";
import { ago, agoInColumn, exact } from "../format.ts";
import { usePreferences } from "../preferences.ts";
import { Tooltip } from "./tooltip.tsx";

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  if (document.hidden) return;
  now = Date.now();
  for (const tell of listeners) tell();
}

/** Lets the clock tick now, and each second from now: with what else is drawn each second, so that both are one frame. */
export function tickWith(): void {
  if (timer === undefined) return;
  clearInterval(timer);
  timer = setInterval(tick, 1000);
  tick();
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(tick, 1000);
  }
  return () => {
    listeners.delete(tell);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The present in milliseconds, one clock for the whole page; `step` (ms) draws anew only that often. */
export function useNow(step = 1000): number {
  return useSyncExternalStore(subscribe, () => Math.floor(now / step) * step);
}

const HOUR = 3_600_000;

/** What is said of the present, drawn anew only when the words change. */
const useWords = (say: (now: number) => string): string => useSyncExternalStore(subscribe, () => say(now));

/** An instant in words; the exact one, in UTC and in the reader's zone, on hover and focus. */
export function Time({ at }: { at: number }) {
  const { zone } = usePreferences();
  const words = useWords((present) => ago(at, present, zone));
  return (
    <Tooltip words={exact(at)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the exact instant must be readable without a pointer */}
      <time dateTime={new Date(at).toISOString()} className="num" tabIndex={0}>
        {words}
      </time>
    </Tooltip>
  );
}

/** Written when somebody points at it: a list has hundreds, and formatting one costs as much as drawing it. */
const sayExact = ({ currentTarget }: PointerEvent<HTMLTimeElement>): void => {
  currentTarget.title = exact(Date.parse(currentTarget.dateTime));
};

const Instant = ({ at, words }: { at: number; words: string }) => (
  <time dateTime={new Date(at).toISOString()} className="num" onPointerEnter={sayExact}>
    {words}
  </time>
);

const Ticking = ({ at }: { at: number }) => <Instant at={at} words={useWords((present) => agoInColumn(at, present))} />;

/**
 * An instant in a table: no tab stop of its own, the exact one as its title. `now` is the clock that the table draws anew by,
 * where it gives one: enough for what is older than an hour.
 */
export function TimeCell({ at, now }: { at: number | null; now?: number }) {
  if (at === null) return agoInColumn(at, 0);
  return now !== undefined && now - at > HOUR ? <Instant at={at} words={agoInColumn(at, now)} /> : <Ticking at={at} />;
}

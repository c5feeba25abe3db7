import { useSyncExternalStore } from "react";
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

/** Words in seconds change each second, words in hours and days each minute at most. */
const stepOf = (at: number | null): number => (at !== null && Math.abs(now - at) < 3_600_000 ? 1000 : 60_000);

/** An instant in words; the exact one, in UTC and in the reader's zone, on hover and focus. */
export function Time({ at }: { at: number }) {
  const { zone } = usePreferences();
  const words = ago(at, useNow(stepOf(at)), zone);
  return (
    <Tooltip words={exact(at)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the exact instant must be readable without a pointer */}
      <time dateTime={new Date(at).toISOString()} className="num" tabIndex={0}>
        {words}
      </time>
    </Tooltip>
  );
}

/** An instant in a table: no tab stop of its own, the exact one as its title. */
export function TimeCell({ at }: { at: number | null }) {
  const words = agoInColumn(at, useNow(stepOf(at)));
  if (at === null) return <span>{words}</span>;
  return (
    <time dateTime={new Date(at).toISOString()} className="num" title={exact(at)}>
      {words}
    </time>
  );
}

const DAY = 86_400_000;

/** One life on the axis. Instants in milliseconds; `to` is null while it has no end. */
export interface Span {
  readonly from: number;
  readonly to: number | null;
}

export interface Tick {
  /** From 0 to 1 along the axis. */
  readonly at: number;
  readonly label: string;
}

/** A time axis that holds all spans and the present. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly Tick[];
  /** Where an instant lies, 0 to 1; what is outside lies on the edge. */
  readonly place: (instant: number) => number;
}

const month = new Intl.DateTimeFormat("en-GB", { month: "short" });
const monthAndYear = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric" });
const dayOfMonth = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** First days of months, or Mondays on a short axis; at most about ten. */
function ticksOf(from: number, to: number, place: Axis["place"]): readonly Tick[] {
  const ticks: Tick[] = [];
  const start = new Date(from);
  if (to - from < 80 * DAY) {
    const step = to - from < 40 * DAY ? 7 : 14;
    const monday = new Date(start.getFullYear(), start.getMonth(), start.getDate() + ((8 - start.getDay()) % 7));
    for (let day = monday; day.getTime() < to; day = new Date(day.getFullYear(), day.getMonth(), day.getDate() + step))
      ticks.push({ at: place(day.getTime()), label: dayOfMonth.format(day) });
    return ticks;
  }
  const step = Math.max(1, Math.ceil((to - from) / (30.5 * DAY) / 10));
  const first = new Date(start.getFullYear(), start.getMonth() + 1, 1);
  for (let day = first; day.getTime() < to; day = new Date(day.getFullYear(), day.getMonth() + step, 1))
    ticks.push({ at: place(day.getTime()), label: (day.getMonth() < step ? monthAndYear : month).format(day) });
  return ticks;
}

/** The axis for these lives: at least a month, and some room after the present for those without an end. */
export function axisOf(spans: readonly Span[], now: number): Axis {
  const first = Math.min(now, ...spans.map((span) => span.from));
  const last = Math.max(now, ...spans.map((span) => span.to ?? now));
  const length = Math.max(30 * DAY, last - first);
  const from = first - length * 0.02;
  const to = Math.max(last, now + length * 0.2, from + length) + length * 0.02;
  const place = (instant: number) => Math.min(1, Math.max(0, (instant - from) / (to - from)));
  return { from, to, place, ticks: ticksOf(from, to, place) };
}

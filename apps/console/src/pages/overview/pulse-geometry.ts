import { MINUTE, type Minute } from "./pulse-series.ts";

/** A band of the chart: where it begins and how high it is, in pixels. */
export interface Band {
  readonly top: number;
  readonly height: number;
}

/** Where everything lies, in pixels. */
export const LAYOUT = {
  left: 46,
  right: 14,
  /** Where the stems of changes begin. */
  stem: 26,
  issued: { top: 40, height: 150 },
  refused: { top: 218, height: 34 },
  times: { top: 280, height: 40 },
  height: 344,
} as const;

export const HOUR = 60 * MINUTE;
/** Minutes from the left edge to the right one. */
const bottomOf = ({ top, height }: Band): number => top + height;

/** Instants and values as places. */
export interface Place {
  readonly x: (at: number) => number;
  /** A value of the band's scale; what is above its top is at the top. */
  readonly y: (band: Band, value: number, top: number) => number;
}

/** Pure. @param now the instant at the right edge */
export function placeIn(width: number, now: number): Place {
  const inner = Math.max(1, width - LAYOUT.left - LAYOUT.right);
  return {
    x: (at) => LAYOUT.left + ((at - now + HOUR) / HOUR) * inner,
    y: (band, value, top) => bottomOf(band) - Math.min(1, value / top) * band.height,
  };
}

/** A point of a line; `null` where there is nothing to draw. */
export type Point = { readonly at: number; readonly value: number } | null;

const place = (value: number): string => value.toFixed(1);

/** The path of a line that is broken where there is nothing, and the one below it down to its band's foot. Pure. */
export function linePath(points: readonly Point[], { x, y }: Place, band: Band, top: number): string {
  let path = "";
  let isOn = false;
  for (const [index, point] of points.entries()) {
    if (point) {
      path += `${isOn ? "L" : "M"}${place(x(point.at))} ${place(y(band, point.value, top))}`;
      // One alone is a dot.
      if (!isOn && !points[index + 1]) path += "h.01";
    }
    isOn = point !== null;
  }
  return path;
}

/** The area under a line without gaps. Pure. */
export function areaPath(points: readonly Point[], at: Place, band: Band, top: number): string {
  const drawn = points.filter((point) => point !== null);
  const [first, last] = [drawn[0], drawn.at(-1)];
  if (!first || !last) return "";
  return `${linePath(drawn, at, band, top)}L${place(at.x(last.at))} ${bottomOf(band)}L${place(at.x(first.at))} ${bottomOf(band)}Z`;
}

/** Bars of the minutes, each as wide as its minute but for a gap. Pure. */
export function barsPath(
  minutes: readonly Minute[],
  now: number,
  { x, y }: Place,
  scale: { readonly band: Band; readonly top: number },
): string {
  return minutes
    .filter(({ refused }) => refused > 0)
    .map(({ from, refused }) => {
      const [start, end] = [x(from), x(Math.min(now, from + MINUTE))];
      const gap = Math.min(2, (end - start) / 5);
      const foot = bottomOf(scale.band);
      const high = Math.max(2, foot - y(scale.band, refused / 60, scale.top));
      return `M${place(start + gap)} ${foot}v${place(-high)}H${place(Math.max(start + gap + 1, end - gap))}V${foot}z`;
    })
    .join("");
}

/** Where the words of a mark stand: beside it, or nowhere where there is no room. */
export type Side = "left" | "right" | null;

const [AWAY, A_LETTER] = [9, 5.7];

/**
 * Finds room for the words of marks, the newest first: right of the mark, else left of it. Pure.
 *
 * @param marks from left to right
 */
export function placeWords(
  marks: readonly { readonly x: number; readonly words: string }[],
  width: number,
): readonly Side[] {
  let end = width - LAYOUT.right;
  const sides: Side[] = [];
  for (const [index, { x, words }] of [...marks.entries()].toReversed()) {
    const room = words.length * A_LETTER + AWAY;
    const before = marks[index - 1];
    const start = before ? before.x + 2 * AWAY : LAYOUT.left;
    const side: Side = x + room <= end ? "right" : x - room >= start ? "left" : null;
    sides.unshift(side);
    end = (side === "left" ? x - room : x) - 2 * AWAY;
  }
  return sides;
}

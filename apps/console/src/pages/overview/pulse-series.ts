/** One minute of the token endpoint, as the server has written it. */
export interface WrittenMinute {
  readonly from: string;
  readonly issued: number;
  readonly refused: number;
  readonly p50?: number | null;
  readonly p99?: number | null;
}

/** One second of it, as it was told live. */
export interface ToldSecond {
  readonly at: string;
  readonly issued: number;
  readonly refused: number;
}

/** What the stream has told: each second by its beginning in milliseconds, the way it was told last. */
export type Told = ReadonlyMap<number, ToldSecond>;

/** One minute of the chart; `from` in milliseconds. */
export interface Minute {
  readonly from: number;
  readonly issued: number;
  readonly refused: number;
  readonly p50: number | null;
  readonly p99: number | null;
}

export const MINUTE = 60_000;
const SECOND = 1000;
/** Seconds told that the rate of now is the mean of. */
const RATE_OVER = 5;
/** How long what was told is kept: until the server has surely written it. */
const KEPT = 3 * MINUTE;

/** Adds what a pulse told, and forgets what is old. Pure. */
export function withSeconds(told: Told, seconds: readonly ToldSecond[]): Told {
  const next = new Map(told);
  for (const second of seconds) next.set(Date.parse(second.at), second);
  const newest = Math.max(...next.keys());
  for (const at of next.keys()) if (at < newest - KEPT) next.delete(at);
  return next;
}

/**
 * The minutes of the chart, oldest first. What the server wrote lags a few seconds, what was told may begin in the middle
 * of a minute: the larger of the two is nearer to what was. Pure.
 */
export function minutesOf(written: readonly WrittenMinute[], told: Told): readonly Minute[] {
  const minutes = new Map<number, Minute>();
  for (const { from, issued, refused, p50 = null, p99 = null } of written) {
    const at = Date.parse(from);
    minutes.set(at, { from: at, issued, refused, p50, p99 });
  }
  const live = new Map<number, { issued: number; refused: number }>();
  for (const [at, second] of told) {
    const from = at - (at % MINUTE);
    const sum = live.get(from) ?? { issued: 0, refused: 0 };
    live.set(from, { issued: sum.issued + second.issued, refused: sum.refused + second.refused });
  }
  for (const [from, sum] of live) {
    const known = minutes.get(from) ?? { from, issued: 0, refused: 0, p50: null, p99: null };
    const issued = Math.max(known.issued, sum.issued);
    minutes.set(from, { ...known, issued, refused: Math.max(known.refused, sum.refused) });
  }
  return [...minutes.values()].toSorted((a, b) => a.from - b.from).slice(-61);
}

/** Tokens and refusals a second now; `null` before anything was told. Pure. */
export function rateNow(told: Told): { readonly at: number; readonly issued: number; readonly refused: number } | null {
  const newest = [...told.keys()].toSorted((a, b) => b - a).slice(0, RATE_OVER);
  const [last] = newest;
  if (last === undefined) return null;
  const sum = (of: "issued" | "refused") => newest.reduce((all, at) => all + (told.get(at)?.[of] ?? 0), 0);
  return { at: last + SECOND, issued: sum("issued") / newest.length, refused: sum("refused") / newest.length };
}

/** A scale from zero with round marks: its top is at or above the largest value. */
export interface Scale {
  readonly top: number;
  readonly marks: readonly number[];
}

/** Pure. @param parts about how many parts it has */
export function scaleOf(largest: number, parts: number): Scale {
  if (!(largest > 0)) return { top: 1, marks: [0, 1] };
  const size = 10 ** Math.floor(Math.log10(largest / parts));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * size).find((one) => one * parts >= largest * 0.999) ?? largest;
  const count = Math.ceil((largest / step) * 0.999);
  // Rounded, since a tenth is no number that a computer has.
  const marks = Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(6)));
  return { top: marks.at(-1) ?? 1, marks };
}

/** A thing that happened at an instant. */
interface Dated {
  readonly at: string;
}

/** Changes that stand too near to each other to be told apart on the chart; the newest first. */
export interface Mark<Change extends Dated> {
  readonly at: number;
  readonly changes: readonly Change[];
}

/**
 * The changes as marks on the chart, oldest first. Pure.
 *
 * @param apart milliseconds between two marks at least
 */
export function marksOf<Change extends Dated>(
  changes: readonly Change[],
  since: number,
  apart: number,
): readonly Mark<Change>[] {
  const marks: Mark<Change>[] = [];
  const dated = changes.map((change) => ({ change, at: Date.parse(change.at) }));
  for (const { change, at } of dated.filter((one) => one.at >= since).toSorted((a, b) => a.at - b.at)) {
    const last = marks.at(-1);
    if (last && at - last.at < apart) marks[marks.length - 1] = { at: last.at, changes: [change, ...last.changes] };
    else marks.push({ at, changes: [change] });
  }
  return marks;
}

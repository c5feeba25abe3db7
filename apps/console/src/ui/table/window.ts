/** Which rows stand in the document. */
export interface Range {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
}

/** Rows kept above and below what is seen, and the most that ever stand in the document. */
export const OVERSCAN = 10;
export const MOST_ROWS = 60;

/**
 * The rows to draw. `offset` is how far the top of the list lies above the top of the view (pixels, negative while below it).
 * Steps of five rows, so that a slow scroll does not draw anew for each pixel row.
 */
export function visibleRange(offset: number, view: number, rowHeight: number, count: number): Range {
  const seen = Math.floor(Math.max(0, offset) / rowHeight);
  const first = Math.max(0, Math.floor((seen - OVERSCAN) / 5) * 5);
  const wanted = Math.ceil(view / rowHeight) + 2 * OVERSCAN + 5;
  const size = Math.min(MOST_ROWS, wanted);
  const start = Math.min(first, Math.max(0, count - size));
  return { first: start, end: Math.min(count, start + size) };
}

/** Rows that are made whole in one frame: more would make it late. What is seen comes first. */
const WHOLE_AT_ONCE = 8;

/**
 * The rows to show whole in the next frame, of those to draw: they grow from those that are whole already, first over what is
 * `seen`, then over the others. Rows beyond `loaded` are not here yet; while none are, it stays as it is.
 */
export function grown(whole: Range, drawn: Range, seen: Range, loaded: number): Range {
  const within = ({ first, end }: Range): Range => ({
    first: Math.max(drawn.first, first),
    end: Math.min(drawn.end, loaded, end),
  });
  if (loaded === 0) return whole;
  const kept = within(whole);
  const inView = within(seen);
  const next = kept.end > kept.first ? { ...kept } : { first: inView.first, end: inView.first };
  let left = WHOLE_AT_ONCE;
  for (const { first, end } of [inView, within(drawn)]) {
    const below = Math.min(left, Math.max(0, end - next.end));
    next.end += below;
    const above = Math.min(left - below, Math.max(0, next.first - first));
    next.first -= above;
    left -= below + above;
  }
  return next;
}

/** The rows in view, seen or half seen. */
export const seenRange = (offset: number, view: number, rowHeight: number): Range => ({
  first: Math.max(0, Math.floor(offset / rowHeight)),
  end: Math.max(0, Math.ceil((offset + view) / rowHeight)),
});

/**
 * Whether a list flies by: more than a quarter of its rows are new in two moves that follow each other at once. Then nobody
 * reads more than names, and whole rows would only make the frames late.
 */
export const fliesBy = (moves: readonly [before: Move, last: Move]): boolean =>
  moves.every(({ rows, entered }) => entered * 4 > rows) && moves[1].at - moves[0].at < AT_ONCE;

/** How many rows a move of the list let in, of how many, and when (milliseconds). */
export interface Move {
  readonly at: number;
  readonly rows: number;
  readonly entered: number;
}

/** Milliseconds between moves of one fling, and after which a list stands still. */
export const AT_ONCE = 100;

export const moveOf = (before: Range, next: Range, at: number): Move => {
  const stay = Math.max(0, Math.min(before.end, next.end) - Math.max(before.first, next.first));
  const rows = next.end - next.first;
  return { at, rows, entered: rows - stay };
};

/** True once the view has passed 70 % of what is loaded: time for the next page. */
export const wantsMore = (offset: number, view: number, rowHeight: number, loaded: number): boolean =>
  offset + view >= loaded * rowHeight * 0.7;

/** The index after a key, kept inside the list; null when the key does not move. */
export function moved(key: string, from: number, count: number, page: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    j: from + 1,
    ArrowDown: from + 1,
    k: from - 1,
    ArrowUp: from - 1,
    PageDown: from + page,
    PageUp: from - page,
    Home: 0,
    End: count - 1,
  };
  const to = steps[key];
  return to === undefined || count === 0 ? null : Math.min(count - 1, Math.max(0, to));
}

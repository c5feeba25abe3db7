/** Rows kept in a page that follows a log. */
export const MOST_ROWS = 1000;

/** What a followed log shows, and what waits to be shown; newest first. */
export interface TailRows<Row> {
  readonly shown: readonly Row[];
  readonly waiting: readonly Row[];
}

export const NO_ROWS: TailRows<never> = { shown: [], waiting: [] };

/**
 * With what came, oldest first. While the reader holds the list it waits above; else all of it stands there. Pure.
 */
export function withTold<Row>({ shown, waiting }: TailRows<Row>, told: readonly Row[], isHeld: boolean): TailRows<Row> {
  const above = [...told.toReversed(), ...waiting].slice(0, MOST_ROWS);
  if (isHeld) return { shown, waiting: above };
  return { shown: [...above, ...shown].slice(0, MOST_ROWS), waiting: [] };
}

/** The followed rows above those of the list, each once; what is beyond the most is left out. Pure. */
export function aboveList<Row extends { readonly id: string }>(
  followed: readonly Row[],
  list: readonly Row[],
): { readonly rows: readonly Row[]; readonly isCut: boolean } {
  if (followed.length === 0) return { rows: list, isCut: false };
  const known = new Set(followed.map(({ id }) => id));
  const all = [...followed, ...list.filter(({ id }) => !known.has(id))];
  return { rows: all.slice(0, MOST_ROWS), isCut: all.length > MOST_ROWS };
}

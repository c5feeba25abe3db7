/**
 * A list with what is known better laid over it.
 *
 * @param first its first part, which is as new as the page
 * @param newer what was seen since; null is gone
 */
export function laidOver<Row extends { readonly id: string }>(
  rows: readonly Row[],
  first: readonly Row[],
  newer: ReadonlyMap<string, Row | null>,
): readonly Row[] {
  if (newer.size === 0) return rows;
  const isNew = new Set(first.map(({ id }) => id));
  return rows.flatMap((row) => {
    const better = newer.get(row.id);
    if (better === null) return [];
    return [isNew.has(row.id) ? row : (better ?? row)];
  });
}

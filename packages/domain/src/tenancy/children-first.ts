/** A table, and the tables that its foreign keys lead to. */
export interface TableWithParents {
  readonly name: string;
  readonly parents: readonly string[];
}

/**
 * The names in an order in which rows can be deleted: a table comes before those that its foreign keys lead to. Tables that
 * are not in the list do not count. Pure.
 *
 * @throws Error when foreign keys go round in a circle
 */
export function childrenFirst(tables: readonly TableWithParents[]): readonly string[] {
  const ordered: string[] = [];
  let left = [...tables];
  while (left.length > 0) {
    const parents = new Set(left.flatMap(({ name, parents }) => parents.filter((parent) => parent !== name)));
    const free = left.filter(({ name }) => !parents.has(name));
    if (free.length === 0) throw new Error(`foreign keys go round: ${left.map(({ name }) => name).join(", ")}`);
    ordered.push(...free.map(({ name }) => name).toSorted());
    left = left.filter(({ name }) => parents.has(name));
  }
  return ordered;
}

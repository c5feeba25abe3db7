import { expect, test } from "vitest";
import { aboveList, MOST_ROWS, NO_ROWS, withTold } from "./tail-rows.ts";

test("what comes stands above; while the list is held it waits, and then stands above in the same order", () => {
  const first = withTold<number>(NO_ROWS, [1, 2], false);
  expect(first).toEqual({ shown: [2, 1], waiting: [] });
  const held = withTold(withTold(first, [3], true), [4, 5], true);
  expect(held).toEqual({ shown: [2, 1], waiting: [5, 4, 3] });
  expect(withTold(held, [], false)).toEqual({ shown: [5, 4, 3, 2, 1], waiting: [] });
});

test("a row that the list has too stands once, and no more rows are kept than fit", () => {
  const rows = (from: number, count: number) => Array.from({ length: count }, (_, at) => ({ id: `${from - at}` }));
  expect(aboveList(rows(3, 2), rows(2, 2))).toEqual({ rows: rows(3, 3), isCut: false });
  const { rows: kept, isCut } = aboveList(rows(2000, 600), rows(1500, 600));
  expect([kept.length, kept[0]?.id, isCut]).toEqual([MOST_ROWS, "2000", true]);
  expect(withTold(NO_ROWS, rows(5000, 3000), false).shown).toHaveLength(MOST_ROWS);
});

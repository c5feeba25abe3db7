import type { ReactNode } from "react";
import type { MenuEntry } from "../menu.tsx";

export interface Column<Row> {
  id: string;
  header: string;
  /** A grid track: `minmax(160px, 1.4fr)`, `120px`. */
  width: string;
  /** `now` is in milliseconds, to the minute: the table draws its rows anew when it changes. */
  cell: (row: Row, now: number) => ReactNode;
  /** Classes for the words in it, so that they need no element of their own. */
  look?: string;
  /** The name of the server's order, when the list can be sorted by it. */
  sort?: string;
  /** Where it stands in the two-line row of a narrow screen; absent: left out there. */
  narrow?: "title" | "status" | "detail" | "aside";
  /** Left out below 1100 pixels. */
  low?: boolean;
  /** What the cell holds may reach over its edge (menus, focus rings). */
  loose?: boolean;
}

export interface Sort {
  by: string;
  direction: "asc" | "desc";
}

export interface TableProps<Row> {
  /** The name of the table for screen readers. */
  label: string;
  columns: readonly Column<Row>[];
  /** All rows loaded so far, in order. */
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  rowName: (row: Row) => string;
  /** How many there are on the server; absent while unknown. */
  total?: { value: number; exact: boolean } | undefined;
  /** True while the first page is on its way: placeholder rows of the real height. */
  loading?: boolean;
  hasMore?: boolean;
  /** Asked for once the view has passed 70 % of the rows; call it as often as it comes, it must ignore what is under way. */
  onMore?: () => void;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  selected?: ReadonlySet<string>;
  onSelect?: (selected: ReadonlySet<string>) => void;
  /** The acts for selected rows; they stand where the foot was. */
  bulk?: ReactNode;
  /** A link in a row that stands for the row itself carries `data-row`: a plain press on it opens, any other is the browser's. */
  onOpen?: (row: Row) => void;
  onPeek?: (row: Row) => void;
  menu?: (row: Row) => readonly MenuEntry[];
  /** What stands in the table when it has no rows. */
  empty: ReactNode;
  /** Pixels; otherwise the person's density decides. */
  rowHeight?: number;
  /** It stands whole on its page, with others: no count under it, and no head while it is empty. */
  short?: boolean;
}

/** All tracks of the grid, with the box before and the menu after. */
export function tracks<Row>(props: TableProps<Row>, columns: readonly Column<Row>[]): string {
  const own = columns.map((column) => column.width);
  return [props.onSelect ? "36px" : "", ...own, props.menu ? "44px" : ""].filter(Boolean).join(" ");
}

/** The class of a cell: where it stands on a narrow screen, and whether it may reach over its edge. */
export const cellClass = <Row>({ narrow, loose }: Column<Row>): string =>
  ["cell", narrow ? `narrow-${narrow}` : "", loose ? "loose" : ""].filter(Boolean).join(" ");

/** The columns that a screen has room for. */
export function fitting<Row>(
  columns: readonly Column<Row>[],
  room: "narrow" | "middle" | "wide",
): readonly Column<Row>[] {
  if (room === "wide") return columns;
  return columns.filter((column) => (room === "narrow" ? column.narrow : !column.low));
}

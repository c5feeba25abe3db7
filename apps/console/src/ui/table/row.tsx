import { type KeyboardEvent, type MouseEvent, memo } from "react";
import { text } from "../../text.ts";
import { Checkbox } from "../choices.tsx";
import { Icon } from "../icon.tsx";
import { type Column, cellClass, type TableProps } from "./columns.ts";

interface RowProps<Row> {
  table: Pick<TableProps<Row>, "rowKey" | "rowName" | "onOpen">;
  columns: readonly Column<Row>[];
  row: Row;
  index: number;
  height: number;
  last: boolean;
  picked: boolean | undefined;
  cursor: boolean;
  reachable: boolean;
  now: number;
  /** Whether its menu is open; absent where rows have none. */
  menu: boolean | undefined;
  onMenu: (key: string, button: HTMLButtonElement) => void;
  onPick: (index: number, range: boolean) => void;
  onCursor: (index: number) => void;
  onKey: (event: KeyboardEvent<HTMLElement>, index: number) => void;
}

/** What stands in a row takes its own presses, but for the link that stands for the row. */
const onItsOwn = (target: EventTarget): boolean =>
  target instanceof Element && target.closest("a:not([data-row]), button, input, label, [role=menu]") !== null;

const onLink = (target: EventTarget): boolean => target instanceof Element && target.closest("a[data-row]") !== null;

/** A press that asks for a new tab or window. */
const isElsewhere = ({ metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean =>
  metaKey || ctrlKey || shiftKey || altKey;

function TableRow<Row>(props: RowProps<Row>) {
  const { table, columns, row, index, picked, cursor, menu } = props;
  const name = table.rowName(row);
  const classes = ["row", picked && "selected", cursor && "cursor", props.last && "last", table.onOpen && "openable"];
  const click = (event: MouseEvent<HTMLElement>) => {
    if (onItsOwn(event.target)) return;
    if (onLink(event.target)) {
      if (isElsewhere(event)) return;
      event.preventDefault();
    } else if (document.getSelection()?.toString()) return;
    props.onCursor(index);
    table.onOpen?.(row);
  };
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      className={classes.filter(Boolean).join(" ")}
      style={{ top: index * props.height }}
      tabIndex={props.reachable ? 0 : -1}
      onKeyDown={(event) => props.onKey(event, index)}
      onFocus={() => props.onCursor(index)}
      onClick={click}
    >
      {picked !== undefined && (
        <div role="cell" className="cell pick">
          <input
            type="checkbox"
            className="box"
            tabIndex={-1}
            checked={picked}
            aria-label={text.table.select(name)}
            onClick={(event) => props.onPick(index, event.shiftKey)}
            onChange={() => undefined}
          />
        </div>
      )}
      {columns.map((column, at) => (
        <div key={column.id} role={at === 0 ? "rowheader" : "cell"} className={lookOf(column)}>
          {column.cell(row, props.now)}
        </div>
      ))}
      {menu !== undefined && (
        <div role="cell" className="cell end">
          <MenuButton name={name} open={menu} onOpen={(button) => props.onMenu(table.rowKey(row), button)} />
        </div>
      )}
    </div>
  );
}

const lookOf = <Row,>(column: Column<Row>): string =>
  column.look ? `${cellClass(column)} ${column.look}` : cellClass(column);

/** The three dots of a row. The table has one menu for all of them. */
function MenuButton({
  name,
  open,
  onOpen,
}: {
  name: string;
  open: boolean;
  onOpen: (button: HTMLButtonElement) => void;
}) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={text.table.actionsFor(name)}
      aria-haspopup="menu"
      aria-expanded={open}
      onClick={(event) => onOpen(event.currentTarget)}
      onKeyDown={(event) => {
        if (event.key !== "ArrowDown") return;
        event.preventDefault();
        event.stopPropagation();
        onOpen(event.currentTarget);
      }}
    >
      <Icon name="more" />
    </button>
  );
}

/** One row; drawn anew only when something of it changed, so that a scroll costs only the rows that enter. */
export const MemoRow = memo(TableRow) as typeof TableRow;

/** A row of a list that flies by, or that gets whole in a moment: its name, at the real height and place. */
function PassingRow({ index, height, name, hasBox }: { index: number; height: number; name: string; hasBox: boolean }) {
  return (
    <div role="row" aria-rowindex={index + 2} className="row passing" style={{ top: index * height }}>
      {hasBox && <div role="cell" className="cell pick" />}
      <div role="rowheader" className="cell narrow-title">
        <span className="name">{name}</span>
      </div>
    </div>
  );
}

export const MemoPassingRow = memo(PassingRow);

/** A row that is still on its way, at the real height: as many of its columns as are worth drawing for a moment. */
function PlaceholderRow({ index, height, columns }: { index: number; height: number; columns: number }) {
  return (
    <div className="row" aria-hidden="true" style={{ top: index * height }}>
      {Array.from({ length: columns }, (_, at) => (
        <div key={at} className={at === 0 ? "cell narrow-title" : "cell"}>
          <span className="skeleton" />
        </div>
      ))}
    </div>
  );
}

export const MemoPlaceholderRow = memo(PlaceholderRow);

/** The header: names, orders, and the box for all loaded rows. */
export function TableHead<Row>({
  table,
  columns,
  all,
  onAll,
}: {
  table: TableProps<Row>;
  columns: readonly Column<Row>[];
  all: boolean | "mixed";
  onAll: () => void;
}) {
  const order = (column: Column<Row>) =>
    table.sort?.by === column.sort ? (table.sort?.direction === "asc" ? "ascending" : "descending") : "none";
  return (
    <div role="rowgroup" className="table-head">
      <div role="row" aria-rowindex={1} className="row">
        {table.onSelect && (
          <div role="columnheader" className="cell pick">
            <Checkbox checked={all} onChange={onAll} aria-label={text.table.selectAll} />
          </div>
        )}
        {columns.map((column) => (
          <div
            key={column.id}
            role="columnheader"
            className={cellClass(column)}
            aria-sort={column.sort ? order(column) : undefined}
          >
            {column.sort && table.onSort ? <SortButton table={table} column={column} /> : column.header}
          </div>
        ))}
        {table.menu && (
          <div role="columnheader" className="cell end">
            <span className="sr">{text.table.actions}</span>
          </div>
        )}
      </div>
    </div>
  );
}

function SortButton<Row>({ table, column }: { table: TableProps<Row>; column: Column<Row> }) {
  const by = column.sort ?? column.id;
  const current = table.sort?.by === by;
  const direction = current && table.sort?.direction === "asc" ? "desc" : "asc";
  return (
    <button type="button" className="sort" onClick={() => table.onSort?.({ by, direction })}>
      {column.header}
      {current && (
        <span aria-hidden="true"> {table.sort?.direction === "asc" ? text.table.sortedUp : text.table.sortedDown}</span>
      )}
    </button>
  );
}

import { useCallback, useMemo, useRef, useState } from "react";
import { number, total as totalWords } from "../../format.ts";
import { usePreferences } from "../../preferences.ts";
import { text } from "../../text.ts";
import { Button } from "../button.tsx";
import { Kbd } from "../kbd.tsx";
import { OpenMenu } from "../menu.tsx";
import { useShortcuts } from "../shortcuts.ts";
import { useNow } from "../time.tsx";
import { useMedia, useNarrow } from "../use-media.ts";
import { type Column, fitting, type TableProps, tracks } from "./columns.ts";
import { MemoPassingRow, MemoPlaceholderRow, MemoRow, TableHead } from "./row.tsx";
import { useCursor } from "./use-cursor.ts";
import { useWindow } from "./use-window.ts";

const HEIGHT = { compact: 36, normal: 44, roomy: 52 } as const;
const NARROW_HEIGHT = 78;
const PLACEHOLDERS = 12;
/** Further rows drawn as placeholders while a page is on its way, so that a fling does not hit the end. */
const AHEAD = 20;

/** Lists of any length: keyset pages, rows of one height, only those in view in the document. */
export function Table<Row>(props: TableProps<Row>) {
  const { rows, selected, onSelect, hasMore = false, loading = false, short = false } = props;
  const narrow = useNarrow();
  const wide = useMedia("(min-width: 1101px)");
  const columns = useMemo(
    () => fitting(props.columns, narrow ? "narrow" : wide ? "wide" : "middle"),
    [props.columns, narrow, wide],
  );
  const picked = selected?.size ? rows.filter((row) => selected.has(props.rowKey(row))).length : 0;
  const known = props.total?.exact ? props.total.value + 1 : -1;

  if (short && rows.length === 0) return <div className="table">{props.empty}</div>;
  return (
    <>
      <div className="table">
        <div
          role="table"
          aria-label={props.label}
          aria-rowcount={hasMore ? known : rows.length + 1}
          aria-busy={loading}
          ref={(element) => element?.style.setProperty("--columns", tracks(props, columns))}
        >
          <TableHead
            table={props}
            columns={columns}
            all={picked === 0 ? false : picked === rows.length ? true : "mixed"}
            onAll={() => onSelect?.(picked > 0 ? new Set() : new Set(rows.map(props.rowKey)))}
          />
          <TableBody {...props} columns={columns} narrow={narrow} />
        </div>
        {!loading && rows.length === 0 && props.empty}
        {picked > 0 && (
          <section className="table-foot" aria-label={text.table.bulk}>
            <b className="num">{text.table.selected(picked)}</b>
            {props.bulk}
            <span className="grow" />
            <Button onPress={() => onSelect?.(new Set())} shortcut="Esc">
              {text.table.clear}
            </Button>
          </section>
        )}
      </div>
      {rows.length > 0 && !short && <Under {...props} />}
    </>
  );
}

interface BodyProps<Row> extends TableProps<Row> {
  columns: readonly Column<Row>[];
  narrow: boolean;
}

/** The rows in view: all of the table that a scroll draws anew. */
function TableBody<Row>({ narrow, ...props }: BodyProps<Row>) {
  const { rows, columns, rowKey, selected, onSelect, onMore, hasMore = false, loading = false } = props;
  const { density } = usePreferences();
  const now = useNow(60_000);
  const height = narrow ? NARROW_HEIGHT : (props.rowHeight ?? HEIGHT[density]);
  const body = useRef<HTMLDivElement>(null);
  const count = loading ? PLACEHOLDERS : rows.length + (hasMore ? AHEAD : 0);
  const window = useWindow({
    body,
    rowHeight: height,
    count,
    loaded: rows.length,
    onMore: hasMore ? onMore : undefined,
  });
  const { cursor, setCursor, go, pick, key } = useCursor(props, body, height);
  const step = (by: number) => go(Math.min(rows.length - 1, Math.max(0, cursor + by)));
  useShortcuts(rows.length > 0 ? { j: () => step(1), k: () => step(-1) } : {});
  const menu = useRowMenu(props);

  const { rowName, onOpen } = props;
  const acts = useMemo(() => ({ rowKey, rowName, ...(onOpen ? { onOpen } : {}) }), [rowKey, rowName, onOpen]);
  const indexes = Array.from({ length: window.end - window.first }, (_, at) => window.first + at);
  // The row with the focus stays in the document, or the keyboard would lose its place.
  if (cursor >= 0 && cursor < rows.length && !indexes.includes(cursor)) indexes.push(cursor);

  return (
    <>
      <div
        role="rowgroup"
        className="table-body"
        ref={body}
        style={{ height: count * height, ["--row-h" as string]: `${height}px` }}
      >
        {indexes.map((index) => {
          const row = loading ? undefined : rows[index];
          if (row === undefined) {
            const shown = loading ? columns.length : 1;
            return <MemoPlaceholderRow key={`wait-${index}`} index={index} height={height} columns={shown} />;
          }
          const isWhole = (index >= window.whole.first && index < window.whole.end) || index === cursor;
          if (!isWhole) {
            const name = rowName(row);
            return (
              <MemoPassingRow
                key={rowKey(row)}
                index={index}
                height={height}
                name={name}
                hasBox={onSelect !== undefined}
              />
            );
          }
          return (
            <MemoRow
              key={rowKey(row)}
              table={acts}
              columns={columns}
              row={row}
              index={index}
              height={height}
              last={index === count - 1}
              picked={onSelect ? (selected?.has(rowKey(row)) ?? false) : undefined}
              cursor={index === cursor}
              reachable={index === Math.max(0, cursor)}
              now={now}
              menu={props.menu ? rowKey(row) === menu.of : undefined}
              onMenu={menu.open}
              onPick={pick}
              onCursor={setCursor}
              onKey={key}
            />
          );
        })}
      </div>
      {menu.list}
    </>
  );
}

/** One menu for all rows, its entries made when it is opened. */
function useRowMenu<Row>({ rows, rowKey, menu, rowName }: TableProps<Row>) {
  const [asked, setAsked] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const row = asked === null ? undefined : rows.find((one) => rowKey(one) === asked);
  const open = useCallback((key: string, element: HTMLButtonElement) => {
    button.current = element;
    setAsked(key);
  }, []);
  const isOpen = row !== undefined && menu !== undefined;
  const list = (
    <OpenMenu
      open={isOpen}
      label={isOpen ? text.table.actionsFor(rowName(row)) : ""}
      entries={isOpen ? menu(row) : []}
      button={button}
      onOpenChange={(open) => {
        if (!open) setAsked(null);
      }}
    />
  );
  return { of: isOpen ? asked : null, open, list };
}

function Under<Row>({ rows, total, onSelect, onPeek, onOpen }: TableProps<Row>) {
  const loaded = number(rows.length);
  return (
    <div className="under">
      <span className="num" aria-live="off">
        {total ? text.table.shown("1", loaded, totalWords(total.value, total.exact)) : text.table.loadedOnly(loaded)}
      </span>
      <span className="grow" />
      <span className="keys">
        <Kbd keys="J" /> <Kbd keys="K" /> {text.table.keys.move}
      </span>
      {onSelect && (
        <span className="keys">
          <Kbd keys="X" /> {text.table.keys.select}
        </span>
      )}
      {onPeek && (
        <span className="keys">
          <Kbd keys="Space" /> {text.table.keys.peek}
        </span>
      )}
      {onOpen && (
        <span className="keys">
          <Kbd keys="↵" /> {text.table.keys.open}
        </span>
      )}
    </div>
  );
}

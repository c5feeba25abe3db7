import { type KeyboardEvent, type RefObject, useCallback, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { TableProps } from "./columns.ts";
import { moved } from "./window.ts";

const PAGE = 10;
/** What sticks over the rows: top bar and header above, the acts for selected rows below (pixels). */
const STICKY_TOP = 90;
const STICKY_FOOT = 56;

/** The row under the keyboard: J K and arrows move it, X and Space act on it, Enter opens it. The focus follows. */
export function useCursor<Row>(table: TableProps<Row>, body: RefObject<HTMLElement | null>, rowHeight: number) {
  const [cursor, setCursor] = useState(-1);
  const anchor = useRef(0);
  const latest = useRef(table);
  latest.current = table;

  /** Brings a row into view and focuses it, also when it is not in the document yet. */
  const go = useCallback(
    (index: number) => {
      // At once, so that the row is in the document before it takes the focus, however fast the key repeats.
      flushSync(() => setCursor(index));
      const element = body.current;
      const row = element?.querySelector<HTMLElement>(`[data-index="${index}"]`);
      if (!element || !row) return;
      const scroller = element.closest<HTMLElement>(".sheet-body");
      const top = element.getBoundingClientRect().top + index * rowHeight;
      const above = (scroller?.getBoundingClientRect().top ?? 0) + STICKY_TOP - top;
      const below = top + rowHeight - (scroller?.getBoundingClientRect().bottom ?? window.innerHeight) + STICKY_FOOT;
      if (above > 0) (scroller ?? window).scrollBy({ top: -above });
      else if (below > 0) (scroller ?? window).scrollBy({ top: below });
      row.focus({ preventScroll: true });
    },
    [body, rowHeight],
  );

  const pick = useCallback((index: number, range: boolean) => {
    const { rows, rowKey, selected = new Set<string>(), onSelect } = latest.current;
    const row = rows[index];
    if (!row || !onSelect) return;
    const next = new Set(selected);
    const wanted = !selected.has(rowKey(row));
    const from = range ? Math.min(anchor.current, index) : index;
    const to = range ? Math.max(anchor.current, index) : index;
    for (const one of rows.slice(from, to + 1)) wanted ? next.add(rowKey(one)) : next.delete(rowKey(one));
    anchor.current = index;
    onSelect(next);
  }, []);

  const key = useCallback(
    (event: KeyboardEvent<HTMLElement>, index: number) => {
      // Keys pressed on a link, a box or a menu of the row are theirs.
      if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
      const { rows, onOpen, onPeek, onSelect, selected } = latest.current;
      const row = rows[index];
      if (!row) return;
      const to = moved(event.key.length === 1 ? event.key.toLowerCase() : event.key, index, rows.length, PAGE);
      const acts: Readonly<Record<string, (() => void) | undefined>> = {
        Enter: onOpen && (() => onOpen(row)),
        " ": onPeek && (() => onPeek(row)),
        x: onSelect && (() => pick(index, event.shiftKey)),
        Escape: selected?.size ? () => onSelect?.(new Set()) : undefined,
      };
      const act = to === null ? acts[event.key.length === 1 ? event.key.toLowerCase() : event.key] : () => go(to);
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    },
    [go, pick],
  );

  return { cursor, setCursor, go, pick, key };
}

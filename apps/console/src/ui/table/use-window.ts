import { type RefObject, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { AT_ONCE, fliesBy, type Move, moveOf, type Range, visibleRange, wantsMore } from "./window.ts";

interface Asked {
  body: RefObject<HTMLElement | null>;
  rowHeight: number;
  count: number;
  loaded: number;
  onMore?: (() => void) | undefined;
}

/** The nearest ancestor that scrolls: a sheet's body, or the page. */
function scrollerOf(element: HTMLElement): HTMLElement | null {
  return element.closest<HTMLElement>(".sheet-body");
}

/** Which rows to draw, and which of them whole: the others fly by, and show their names alone. */
interface Drawn extends Range {
  readonly whole: Range;
}

const wholly = ({ first, end }: Range): Drawn => ({ first, end, whole: { first, end } });

/** Follows the scroll of the page (or of the sheet around) and says which rows to draw. */
export function useWindow({ body, rowHeight, count, loaded, onMore }: Asked): Drawn {
  const [range, setRange] = useState<Drawn>(() => wholly({ first: 0, end: Math.min(count, 40) }));
  const drawn = useRef(range);
  const lastMove = useRef<Move>({ at: 0, rows: 0, entered: 0 });
  useEffect(() => {
    const element = body.current;
    if (!element) return;
    const scroller = scrollerOf(element);
    const measure = (): boolean => {
      const top = scroller ? scroller.getBoundingClientRect().top : 0;
      const view = scroller ? scroller.clientHeight : window.innerHeight;
      const offset = top - element.getBoundingClientRect().top;
      const next = visibleRange(offset, view, rowHeight, count);
      if (onMore && wantsMore(offset, view, rowHeight, loaded)) onMore();
      const { first, end, whole } = drawn.current;
      if (first === next.first && end === next.end) return false;
      const move = moveOf(drawn.current, next, performance.now());
      drawn.current = fliesBy([lastMove.current, move]) ? { ...next, whole } : wholly(next);
      lastMove.current = move;
      return true;
    };
    const draw = () => setRange(drawn.current);
    const stand = () => {
      if (drawn.current.whole.first === drawn.current.first) return;
      drawn.current = wholly(drawn.current);
      draw();
    };
    let still = 0;
    if (measure()) draw();
    // In the frame that shows the new place: a frame later there would be nothing to see, and two layouts.
    const follow = () => {
      if (!measure()) return;
      flushSync(draw);
      clearTimeout(still);
      still = window.setTimeout(stand, AT_ONCE);
    };
    still = window.setTimeout(stand, AT_ONCE);
    const target = scroller ?? window;
    target.addEventListener("scroll", follow, { passive: true });
    window.addEventListener("resize", follow);
    return () => {
      clearTimeout(still);
      target.removeEventListener("scroll", follow);
      window.removeEventListener("resize", follow);
    };
  }, [body, rowHeight, count, loaded, onMore]);
  return range;
}

import { type RefObject, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { type Range, visibleRange, wantsMore } from "./window.ts";

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

/** Follows the scroll of the page (or of the sheet around) and says which rows to draw. */
export function useWindow({ body, rowHeight, count, loaded, onMore }: Asked): Range {
  const [range, setRange] = useState<Range>({ first: 0, end: Math.min(count, 40) });
  const drawn = useRef(range);
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
      if (drawn.current.first === next.first && drawn.current.end === next.end) return false;
      drawn.current = next;
      return true;
    };
    const draw = () => setRange(drawn.current);
    if (measure()) draw();
    // In the frame that shows the new place: a frame later there would be nothing to see, and two layouts.
    const follow = () => {
      if (measure()) flushSync(draw);
    };
    const target = scroller ?? window;
    target.addEventListener("scroll", follow, { passive: true });
    window.addEventListener("resize", follow);
    return () => {
      target.removeEventListener("scroll", follow);
      window.removeEventListener("resize", follow);
    };
  }, [body, rowHeight, count, loaded, onMore]);
  return range;
}

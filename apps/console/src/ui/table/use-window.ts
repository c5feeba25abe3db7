import { type RefObject, useEffect, useState } from "react";
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
  useEffect(() => {
    const element = body.current;
    if (!element) return;
    const scroller = scrollerOf(element);
    const measure = () => {
      const top = scroller ? scroller.getBoundingClientRect().top : 0;
      const view = scroller ? scroller.clientHeight : window.innerHeight;
      const offset = top - element.getBoundingClientRect().top;
      const next = visibleRange(offset, view, rowHeight, count);
      setRange((old) => (old.first === next.first && old.end === next.end ? old : next));
      if (onMore && wantsMore(offset, view, rowHeight, loaded)) onMore();
    };
    measure();
    const target = scroller ?? window;
    target.addEventListener("scroll", measure, { passive: true });
    window.addEventListener("resize", measure);
    return () => {
      target.removeEventListener("scroll", measure);
      window.removeEventListener("resize", measure);
    };
  }, [body, rowHeight, count, loaded, onMore]);
  return range;
}

import { type RefObject, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import {
  AT_ONCE,
  fliesBy,
  grown,
  type Move,
  moveOf,
  type Range,
  seenRange,
  visibleRange,
  wantsMore,
} from "./window.ts";

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

/** Which rows to draw, and which of them whole: the others show their names alone. */
interface Drawn extends Range {
  readonly whole: Range;
}

const isSame = (one: Range, other: Range): boolean => one.first === other.first && one.end === other.end;

/** Rows that stand whole as soon as they are there: about what is seen of a list at its top. */
const AT_FIRST = 24;

/** Follows the scroll of the page (or of the sheet around) and says which rows to draw. */
export function useWindow({ body, rowHeight, count, loaded, onMore }: Asked): Drawn {
  const [range, setRange] = useState<Drawn>(() => {
    const top = { first: 0, end: Math.min(count, AT_FIRST) };
    return { ...top, whole: { first: 0, end: AT_FIRST } };
  });
  const drawn = useRef(range);
  const lastMove = useRef<Move>({ at: 0, rows: 0, entered: 0 });
  const fliesUntil = useRef(0);
  useEffect(() => {
    const element = body.current;
    if (!element) return;
    const scroller = scrollerOf(element);
    let later = 0;
    let frame = 0;
    /** Says what to draw now, and draws more when it is time: what flies by gets whole when it stands still. */
    const measure = (): boolean => {
      const top = scroller ? scroller.getBoundingClientRect().top : 0;
      const view = scroller ? scroller.clientHeight : window.innerHeight;
      const offset = top - element.getBoundingClientRect().top;
      if (onMore && wantsMore(offset, view, rowHeight, loaded)) onMore();
      const before = drawn.current;
      const next = visibleRange(offset, view, rowHeight, count);
      const now = performance.now();
      if (!isSame(before, next)) {
        const move = moveOf(before, next, now);
        fliesUntil.current = fliesBy([lastMove.current, move]) ? now + AT_ONCE : 0;
        lastMove.current = move;
      }
      const wait = fliesUntil.current - now;
      const whole = wait > 0 ? before.whole : grown(before.whole, next, seenRange(offset, view, rowHeight), loaded);
      clearTimeout(later);
      cancelAnimationFrame(frame);
      if (wait > 0) later = window.setTimeout(grow, wait);
      else if (!isSame(before.whole, whole)) frame = requestAnimationFrame(grow);
      drawn.current = { ...next, whole };
      return !isSame(before, next) || !isSame(before.whole, whole);
    };
    const grow = () => {
      if (measure()) setRange(drawn.current);
    };
    // In the frame that shows the new place: a frame later there would be nothing to see, and two layouts.
    const follow = () => {
      if (measure()) flushSync(() => setRange(drawn.current));
    };
    grow();
    const target = scroller ?? window;
    target.addEventListener("scroll", follow, { passive: true });
    window.addEventListener("resize", follow);
    return () => {
      clearTimeout(later);
      cancelAnimationFrame(frame);
      target.removeEventListener("scroll", follow);
      window.removeEventListener("resize", follow);
    };
  }, [body, rowHeight, count, loaded, onMore]);
  return range;
}

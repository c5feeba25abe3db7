import { useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { useTopLayer } from "./layer.tsx";
import { TIP } from "./tooltip.tsx";

const ID = "tooltip";
const OPEN_MS = 400;
/** Long enough to move the pointer onto the words. */
const CLOSE_MS = 100;
const GAP = 6;
const EDGE = 4;

const tipOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>(`[${TIP}]`) : null;

/** Above its element where there is room, below otherwise, and never over the edge of the window. */
function place(tip: HTMLElement, owner: HTMLElement): void {
  const around = owner.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const above = around.top - height - GAP;
  const middle = around.left + (around.width - width) / 2;
  tip.style.top = `${above < EDGE ? around.bottom + GAP : above}px`;
  tip.style.left = `${Math.max(EDGE, Math.min(middle, document.documentElement.clientWidth - width - EDGE))}px`;
}

/** Shows the words of one element at a time in `tip`; the returned function stops that. */
function follow(tip: HTMLElement): () => void {
  let owner: HTMLElement | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  // What is taken away while its words stand tells nobody.
  const gone = new MutationObserver(() => {
    if (!owner?.isConnected) hide();
  });

  const hide = () => {
    clearTimeout(timer);
    gone.disconnect();
    if (!owner) return;
    if (owner.getAttribute("aria-describedby") === ID) owner.removeAttribute("aria-describedby");
    owner = null;
    tip.hidePopover();
  };
  const show = (element: HTMLElement) => {
    clearTimeout(timer);
    if (element === owner) return;
    hide();
    const words = element.getAttribute(TIP) ?? "";
    if (!element.isConnected || words === "") return;
    owner = element;
    tip.textContent = words;
    // A name, or a description of its own, says the same already.
    const isSaid = element.hasAttribute("aria-describedby") || element.getAttribute("aria-label") === words;
    if (!isSaid) element.setAttribute("aria-describedby", ID);
    tip.showPopover();
    place(tip, element);
    gone.observe(document.body, { childList: true, subtree: true });
  };
  const later = (act: () => void, milliseconds: number) => {
    clearTimeout(timer);
    timer = setTimeout(act, milliseconds);
  };

  const over = ({ target, pointerType }: PointerEvent) => {
    if (pointerType === "touch" || (target instanceof Node && tip.contains(target))) return clearTimeout(timer);
    const element = tipOf(target);
    if (element) later(() => show(element), owner ? 0 : OPEN_MS);
    else if (owner) later(hide, CLOSE_MS);
    else clearTimeout(timer);
  };
  const focusOn = (target: EventTarget | null) => {
    const element = tipOf(target);
    if (element === target && element?.matches(":focus-visible")) show(element);
    else hide();
  };
  const focus = ({ target }: FocusEvent) => focusOn(target);
  // Escape takes the words away before it closes what stands around them.
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !owner) return;
    event.preventDefault();
    event.stopPropagation();
    hide();
  };
  // A focus brings its element into view by a scroll of its own.
  const scroll = () => {
    if (owner && owner === document.activeElement && owner.matches(":focus-visible")) place(tip, owner);
    else hide();
  };
  const listeners = [
    ["pointerover", over as EventListener],
    ["focusin", focus as EventListener],
    ["focusout", hide],
    ["keydown", key as EventListener],
    ["pointerdown", hide],
    ["click", hide],
    ["scroll", scroll],
  ] as const;
  for (const [name, listener] of listeners)
    document.addEventListener(name, listener, { capture: true, passive: name === "scroll" });
  // The focus may have come here before the layer did.
  focusOn(document.activeElement);
  return () => {
    hide();
    for (const [name, listener] of listeners) document.removeEventListener(name, listener, { capture: true });
  };
}

/** The one tooltip of the page; stands in the topmost dialog, because everything outside of it is inert. */
export function TooltipLayer() {
  const tip = useRef<HTMLDivElement>(null);
  const layer = useTopLayer();
  useEffect(() => {
    if (tip.current) return follow(tip.current);
    return;
  }, [layer]);
  return createPortal(<div ref={tip} id={ID} role="tooltip" popover="manual" className="tooltip" />, layer);
}

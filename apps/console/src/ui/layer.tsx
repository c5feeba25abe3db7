import { createContext, type RefObject, useContext, useEffect, useState, useSyncExternalStore } from "react";

/**
 * A native modal dialog makes everything outside itself inert and lies above it. So what floats (menus, tooltips, toasts)
 * must be drawn inside the topmost open dialog.
 */
const stack: HTMLElement[] = [];
const listeners = new Set<() => void>();
const tell = () => {
  for (const one of listeners) one();
};

/** Puts an open dialog on the stack for as long as it is open. */
export function useLayer(element: RefObject<HTMLElement | null>, open: boolean): void {
  useEffect(() => {
    const layer = element.current;
    if (!open || !layer) return;
    stack.push(layer);
    tell();
    return () => {
      stack.splice(stack.indexOf(layer), 1);
      tell();
    };
  }, [element, open]);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The element that lies on top of all others now. */
export const useTopLayer = (): HTMLElement => useSyncExternalStore(subscribe, () => stack.at(-1) ?? document.body);

/** What lies on top: the page's shortcuts sleep under a sheet, and a sheet's under a question. */
export function onTop(): "page" | "sheet" | "question" {
  const top = stack.at(-1);
  if (!top) return "page";
  return top.getAttribute("role") === "alertdialog" ? "question" : "sheet";
}

const Container = createContext<HTMLElement | null>(null);

/** Gives what floats inside a dialog the place to float in. */
export function LayerProvider({
  children,
}: {
  children: (ref: (element: HTMLElement | null) => void) => React.ReactNode;
}) {
  const [element, setElement] = useState<HTMLElement | null>(null);
  return <Container value={element}>{children(setElement)}</Container>;
}

/** The props that put a React Aria popover or tooltip into its dialog. */
export function usePortal(): { UNSTABLE_portalContainer?: Element } {
  const container = useContext(Container);
  return container ? { UNSTABLE_portalContainer: container } : {};
}

import { useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import { useTopLayer } from "./layer.tsx";

let message = "";
const listeners = new Set<() => void>();

/** Says something to screen readers, politely; the same words twice are said twice. */
export function announce(words: string): void {
  message = message === words ? `${words}\u00a0` : words;
  for (const tell of listeners) tell();
}

const subscribe = (tell: () => void) => {
  listeners.add(tell);
  return () => listeners.delete(tell);
};

/** The one live region of the page; stands in the frame from the start, inside the topmost dialog. */
export function Announcer() {
  const words = useSyncExternalStore(subscribe, () => message);
  return createPortal(
    <div className="sr" role="status">
      {words}
    </div>,
    useTopLayer(),
  );
}

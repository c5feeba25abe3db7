import { useEffect, useRef } from "react";

/** What was typed before a search box was there. */
export interface EarlyKeys {
  readonly typed: string;
  /** Enter ended it: the first that is found is meant. */
  readonly isEntered: boolean;
}

const NOTHING: EarlyKeys = { typed: "", isEntered: false };

/**
 * What is typed between the key that opens a search box and the box: its module may still be on its way, and the keys
 * would be lost or taken for shortcuts. Read it once, when the box opens.
 */
export function useEarlyKeys(isOpen: boolean, isHere: boolean): () => EarlyKeys {
  const keys = useRef(NOTHING);
  useEffect(() => {
    if (!isOpen) keys.current = NOTHING;
  }, [isOpen]);
  useEffect(() => {
    if (!isOpen || isHere) return;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { typed } = keys.current;
      if (event.key === "Enter") keys.current = { typed, isEntered: true };
      else if (event.key === "Backspace") keys.current = { typed: typed.slice(0, -1), isEntered: false };
      else if (event.key.length === 1) keys.current = { typed: typed + event.key, isEntered: false };
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener("keydown", press, true);
    return () => document.removeEventListener("keydown", press, true);
  }, [isOpen, isHere]);
  return () => keys.current;
}

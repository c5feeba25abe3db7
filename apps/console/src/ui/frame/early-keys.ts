import { useEffect, useRef } from "react";

/**
 * What is typed between the key that opens a search box and the box: its module may still be on its way, and the letters
 * would be lost or taken for shortcuts. Read it once, when the box opens.
 */
export function useEarlyKeys(isOpen: boolean, isHere: boolean): () => string {
  const typed = useRef("");
  useEffect(() => {
    if (!isOpen) typed.current = "";
  }, [isOpen]);
  useEffect(() => {
    if (!isOpen || isHere) return;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key.length === 1) typed.current += event.key;
      else if (event.key === "Backspace") typed.current = typed.current.slice(0, -1);
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener("keydown", press, true);
    return () => document.removeEventListener("keydown", press, true);
  }, [isOpen, isHere]);
  return () => typed.current;
}

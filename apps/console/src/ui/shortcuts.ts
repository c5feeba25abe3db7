import { useEffect, useRef } from "react";
import { preferences } from "../preferences.ts";
import { onTop } from "./layer.tsx";

/**
 * Keys and what they do. `mod+k` holds ⌘ or Ctrl, `mod+shift+o` both; `c` is a single key, `g c` one after the other.
 * Single keys sleep while typing, while a dialog is open, and when the person turned them off.
 */
export type Shortcuts = Readonly<Record<string, () => void>>;

const WAIT_MS = 1200;

/** The name of a pressed key in the grammar of `Shortcuts`. */
export function keyOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">): string {
  const mod = event.ctrlKey || event.metaKey;
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (!mod) return event.altKey ? `alt+${name}` : name;
  return `mod+${event.shiftKey ? "shift+" : ""}${name}`;
}

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !(target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type));

let pending: { key: string; at: number } | null = null;

/** Binds shortcuts for as long as the component stands. `inDialog` lets them work inside a sheet, where the page's sleep; under a question all do. */
export function useShortcuts(shortcuts: Shortcuts, inDialog = false): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || onTop() !== (inDialog ? "sheet" : "page")) return;
      const key = keyOf(event);
      const single = !key.includes("+");
      if (single && (typing(event.target) || preferences().singleKeys === "off")) return;
      const now = Date.now();
      const pair = pending && now - pending.at < WAIT_MS ? `${pending.key} ${key}` : "";
      const run = latest.current[pair || key];
      if (!run) {
        if (key === "g") pending = { key, at: now };
        return;
      }
      pending = null;
      event.preventDefault();
      run();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [inDialog]);
}

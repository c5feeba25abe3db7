import { useEffect, useState, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import { text } from "../text.ts";
import { Button, IconButton } from "./button.tsx";
import { useTopLayer } from "./layer.tsx";

interface Toast {
  readonly id: number;
  readonly words: string;
  readonly undo?: () => void | Promise<void>;
}

const NORMAL_MS = 6000;
const UNDO_MS = 10_000;

let shown: Toast | null = null;
let waiting: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function show(next: Toast | null): void {
  shown = next;
  for (const tell of listeners) tell();
}

/** Says what happened, one at a time, for six seconds (ten with an undo). Never the only place of anything needed later. */
export function toast(words: string, undo?: () => void | Promise<void>): void {
  lastId += 1;
  const next: Toast = { id: lastId, words, ...(undo ? { undo } : {}) };
  // An undo must not be hidden by the next message: that one waits.
  if (shown?.undo) waiting = [...waiting, next];
  else show(next);
}

function dismiss(): void {
  const [next, ...rest] = waiting;
  waiting = rest;
  show(next ?? null);
}

const subscribe = (tell: () => void) => {
  listeners.add(tell);
  return () => listeners.delete(tell);
};

function ToastCard({ toast: { words, undo } }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(dismiss, undo ? UNDO_MS : NORMAL_MS);
    return () => clearTimeout(timer);
  }, [held, undo]);
  const hold = { onPointerEnter: () => setHeld(true), onFocus: () => setHeld(true) };
  const release = { onPointerLeave: () => setHeld(false), onBlur: () => setHeld(false) };
  return (
    <div className="toast" {...hold} {...release}>
      <span>{words}</span>
      {undo && (
        <Button
          size="compact"
          onPress={() => {
            dismiss();
            void undo();
          }}
        >
          {text.toast.undo}
        </Button>
      )}
      <IconButton icon="close" size="tiny" label={text.toast.dismiss} onPress={dismiss} />
    </div>
  );
}

/** The one place of toasts, bottom left; stands in the frame from the start, so that screen readers listen to it. */
export function ToastRegion() {
  const current = useSyncExternalStore(subscribe, () => shown);
  return createPortal(
    <div className="toasts" role="status">
      {current && <ToastCard key={current.id} toast={current} />}
    </div>,
    useTopLayer(),
  );
}

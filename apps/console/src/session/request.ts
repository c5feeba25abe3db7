import { useSyncExternalStore } from "react";

/** A question that one dialog of the page answers to all who ask it. */
export interface PersonRequest {
  /** True once the person did what was asked, false when they gave up. Several askers share one dialog. */
  readonly ask: () => Promise<boolean>;
  readonly answer: (passed: boolean) => void;
  readonly isAsked: () => boolean;
  /** Whether somebody waits, for the page that draws the dialog. */
  readonly useAsked: () => boolean;
}

export function personRequest(): PersonRequest {
  let waiting: readonly ((passed: boolean) => void)[] = [];
  const listeners = new Set<() => void>();
  const change = (next: typeof waiting) => {
    waiting = next;
    for (const tell of listeners) tell();
  };
  const subscribe = (tell: () => void) => {
    listeners.add(tell);
    return () => void listeners.delete(tell);
  };
  const isAsked = () => waiting.length > 0;
  return {
    ask: () => new Promise((resolve) => change([...waiting, resolve])),
    answer: (passed) => {
      const told = waiting;
      change([]);
      for (const tell of told) tell(passed);
    },
    isAsked,
    useAsked: () => useSyncExternalStore(subscribe, isAsked),
  };
}

import { useEffect, useRef, useSyncExternalStore } from "react";
import { mapExchange } from "urql";

let lostAt: number | null = null;
const listeners = new Set<() => void>();

function change(next: number | null): void {
  if ((next === null) === (lostAt === null)) return;
  lostAt = next;
  for (const tell of listeners) tell();
}

/** Told by every request: the server answered it, or nothing did. */
export const noteAnswer = (came: boolean): void => change(came ? null : Date.now());

const subscribe = (tell: () => void) => {
  listeners.add(tell);
  return () => void listeners.delete(tell);
};

/** Since when nothing answers, in milliseconds; null while the server does. */
export const useLostAt = (): number | null => useSyncExternalStore(subscribe, () => lostAt);

/** Does something once the server answers again. */
export function useReconnected(act: () => void): void {
  const lost = useLostAt() !== null;
  const was = useRef(lost);
  useEffect(() => {
    if (was.current && !lost) act();
    was.current = lost;
  });
}

/** Tells the bar of every GraphQL request whether it was answered. */
export const connectionExchange = mapExchange({
  onResult: (result) => {
    const { error } = result;
    noteAnswer(!error?.networkError || error.response !== undefined);
  },
});

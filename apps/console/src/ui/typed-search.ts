import { useEffect, useRef, useState } from "react";

/**
 * Pure: what was sent to the address and has not come back from it, now that it holds `q`. The address is late: letters
 * may have followed. Nothing where `q` came from elsewhere: a link, back, another filter.
 */
export function stillSent(sent: readonly string[], q: string): readonly string[] | undefined {
  const at = sent.lastIndexOf(q);
  return at < 0 ? undefined : sent.slice(at + 1);
}

/** What is typed goes into the address `delay` ms after the last key. */
export function useTypedSearch(q: string, onSearch: (q: string) => void, delay = 120) {
  const [typed, setTyped] = useState(q);
  const latest = useRef(onSearch);
  latest.current = onSearch;
  const sent = useRef<readonly string[]>([]);
  useEffect(() => {
    const rest = stillSent(sent.current, q);
    sent.current = rest ?? [];
    if (!rest) setTyped(q);
  }, [q]);
  useEffect(() => {
    if (typed === q) return;
    const timer = setTimeout(() => {
      sent.current = [...sent.current, typed];
      latest.current(typed);
    }, delay);
    return () => clearTimeout(timer);
  }, [typed, q, delay]);
  return { typed, setTyped };
}

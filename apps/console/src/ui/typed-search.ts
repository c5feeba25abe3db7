import { useEffect, useRef, useState } from "react";

/** What is typed goes into the address a moment after the last key. */
export function useTypedSearch(q: string, onSearch: (q: string) => void) {
  const [typed, setTyped] = useState(q);
  const latest = useRef(onSearch);
  latest.current = onSearch;
  useEffect(() => setTyped(q), [q]);
  useEffect(() => {
    if (typed === q) return;
    const timer = setTimeout(() => latest.current(typed), 120);
    return () => clearTimeout(timer);
  }, [typed, q]);
  return { typed, setTyped };
}

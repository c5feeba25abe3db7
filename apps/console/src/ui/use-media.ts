import { useSyncExternalStore } from "react";

const queries = new Map<string, MediaQueryList>();

function queryFor(words: string): MediaQueryList {
  const known = queries.get(words) ?? matchMedia(words);
  queries.set(words, known);
  return known;
}

/** Whether a media query holds, kept up to date. */
export function useMedia(words: string): boolean {
  return useSyncExternalStore(
    (tell) => {
      const query = queryFor(words);
      query.addEventListener("change", tell);
      return () => query.removeEventListener("change", tell);
    },
    () => queryFor(words).matches,
  );
}

/** Below 760 pixels tables become two-line rows and the navigation a sheet. */
export const useNarrow = (): boolean => useMedia("(max-width: 760px)");

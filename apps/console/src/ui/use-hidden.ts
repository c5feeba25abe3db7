import { useSyncExternalStore } from "react";

const subscribe = (tell: () => void) => {
  document.addEventListener("visibilitychange", tell);
  return () => document.removeEventListener("visibilitychange", tell);
};

/** Whether the tab is hidden: nothing needs to be heard then. */
export const useIsHidden = (): boolean => useSyncExternalStore(subscribe, () => document.hidden);

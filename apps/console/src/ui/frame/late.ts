import { useEffect, useState } from "react";

/** Milliseconds between two tries. */
const AGAIN = 2000;

/** Does it once the page has nothing else to do; soon, where the browser does not say when that is. */
export const whenIdle = (act: () => void): void => void (window.requestIdleCallback ?? setTimeout)(act);

/**
 * A module that is not needed for the first paint, fetched when the page is idle. Not `React.lazy`: React holds back what
 * suspended for 300 ms, and the keys typed meanwhile would be lost.
 */
export function late<Module>(load: () => Promise<Module>) {
  let module: Module | null = null;
  const get = async (): Promise<Module> => {
    module ??= await load();
    return module;
  };
  // Without a connection it does not come; once it is wanted it is asked for until it does.
  const preload = (): void => void get().catch(() => undefined);
  return {
    preload,
    /** Has it here before it is wanted. */
    usePreload: (): void => useEffect(() => whenIdle(preload), []),
    /** The module once `wanted`; null until it is here. */
    useModule: (wanted: boolean): Module | null => {
      const [ready, setReady] = useState(module);
      const [tries, setTries] = useState(0);
      useEffect(() => {
        if (!wanted || ready) return;
        let again: ReturnType<typeof setTimeout> | undefined;
        void get().then(setReady, () => {
          again = setTimeout(() => setTries(tries + 1), AGAIN);
        });
        return () => clearTimeout(again);
      }, [wanted, ready, tries]);
      return wanted ? (module ?? ready) : null;
    },
  };
}

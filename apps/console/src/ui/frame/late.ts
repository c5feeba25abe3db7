import { useEffect, useState } from "react";

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
  // Without a connection it does not come; it is asked for again once it is wanted.
  const preload = (): void => void get().catch(() => undefined);
  return {
    preload,
    /** Has it here before it is wanted. */
    usePreload: (): void => useEffect(() => whenIdle(preload), []),
    /** The module once `wanted`; null until it is here. */
    useModule: (wanted: boolean): Module | null => {
      const [ready, setReady] = useState(module);
      useEffect(() => {
        if (wanted && !ready) void get().then(setReady, () => undefined);
      }, [wanted, ready]);
      return wanted ? (module ?? ready) : null;
    },
  };
}

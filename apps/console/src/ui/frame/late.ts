import { useEffect, useState } from "react";

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
  return {
    preload: (): void => void get(),
    /** The module once `wanted`; null until it is here. */
    useModule: (wanted: boolean): Module | null => {
      const [ready, setReady] = useState(module);
      useEffect(() => {
        if (wanted && !ready) void get().then(setReady);
      }, [wanted, ready]);
      return wanted ? (module ?? ready) : null;
    },
  };
}

import { type RefObject, useEffect, useRef } from "react";

/** Whether the sheet was left meanwhile: what comes then must be said elsewhere. */
export function useIsLeft(): RefObject<boolean> {
  const isLeft = useRef(false);
  useEffect(() => {
    isLeft.current = false;
    return () => {
      isLeft.current = true;
    };
  }, []);
  return isLeft;
}

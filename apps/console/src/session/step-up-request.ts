import { useSyncExternalStore } from "react";

type Waiting = (passed: boolean) => void;

let waiting: readonly Waiting[] = [];
const listeners = new Set<() => void>();

function change(next: readonly Waiting[]): void {
  waiting = next;
  for (const tell of listeners) tell();
}

/** Asks the person to prove again who they are; false when they gave up. Several askers share one dialog. */
export const askStepUp = (): Promise<boolean> => new Promise((resolve) => change([...waiting, resolve]));

/** The dialog's answer to all who wait. */
export function answerStepUp(passed: boolean): void {
  const told = waiting;
  change([]);
  for (const tell of told) tell(passed);
}

/** Whether somebody waits for a proof. */
export const useStepUpWanted = (): boolean =>
  useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => waiting.length > 0,
  );

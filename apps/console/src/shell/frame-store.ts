import { useEffect, useSyncExternalStore } from "react";
import type { Crumb } from "../ui/breadcrumb.tsx";
import type { Command } from "../ui/frame/types.ts";
import type { FrameData } from "./frame-query.ts";

/** What the frame knows: the newest answer of any page of this tenant, and what the page on screen says of itself. */
export interface FrameState {
  readonly data: FrameData | null;
  readonly busy: boolean;
  /** Below the page's own crumb: the name of the thing that is shown. */
  readonly crumbs: readonly Crumb[];
  readonly commands: readonly Command[];
}

let state: FrameState = { data: null, busy: false, crumbs: [], commands: [] };
const listeners = new Set<() => void>();

function change(next: Partial<FrameState>): void {
  state = { ...state, ...next };
  for (const tell of listeners) tell();
}

export const useFrameState = (): FrameState =>
  useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => state,
  );

/** Called by `usePage` with each answer. */
export const showFrame = (data: FrameData): void => change({ data });

/** Called by `usePage`: data is being refreshed behind what is shown. */
export const showBusy = (busy: boolean): void => {
  if (busy !== state.busy) change({ busy });
};

const NO_CRUMBS: readonly Crumb[] = [];
const NO_COMMANDS: readonly Command[] = [];

/**
 * A page's say in the frame: the crumbs below its own (the last without `to`), and its acts for the command palette.
 * Keep both stable (`useMemo`); they leave with the page.
 */
export function useInFrame({
  crumbs = NO_CRUMBS,
  commands = NO_COMMANDS,
}: {
  crumbs?: readonly Crumb[];
  commands?: readonly Command[];
}) {
  useEffect(() => {
    change({ crumbs });
    return () => change({ crumbs: NO_CRUMBS });
  }, [crumbs]);
  useEffect(() => {
    change({ commands });
    return () => change({ commands: NO_COMMANDS });
  }, [commands]);
}

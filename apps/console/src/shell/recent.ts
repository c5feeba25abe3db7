import { useSyncExternalStore } from "react";
import type { WorkspaceKind } from "../ui/frame/types.ts";

/** A workspace that was opened in this browser. Only names and addresses; nothing here opens anything. */
export interface RecentWorkspace {
  readonly tenant: string;
  readonly slug: string;
  readonly id: string;
  readonly name: string;
  readonly kind: WorkspaceKind;
}

const NAME = "recent";
const KEPT = 10;

function stored(): readonly RecentWorkspace[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(NAME) ?? "[]");
    if (!Array.isArray(value)) return [];
    return value.filter((one) => typeof one?.tenant === "string" && typeof one.slug === "string" && one.id && one.name);
  } catch {
    return [];
  }
}

let recent = stored();
const listeners = new Set<() => void>();

/** Newest first, over all tenants. */
export const recentWorkspaces = (): readonly RecentWorkspace[] => recent;

/** Puts a workspace in front. */
export function rememberWorkspace(one: RecentWorkspace): void {
  const [first] = recent;
  if (first?.id === one.id && first.name === one.name) return;
  recent = [one, ...recent.filter(({ id }) => id !== one.id)].slice(0, KEPT);
  try {
    localStorage.setItem(NAME, JSON.stringify(recent));
  } catch {
    // It holds until the page is closed.
  }
  for (const tell of listeners) tell();
}

/** The recent workspaces, read anew when one is opened. */
export const useRecent = (): readonly RecentWorkspace[] =>
  useSyncExternalStore((tell) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  }, recentWorkspaces);

import { useEffect, useState } from "react";
import { text } from "../../text.ts";
import type { EarlyKeys } from "./early-keys.ts";
import { PickerDialog } from "./picker-dialog.tsx";
import { score } from "./search.ts";
import type { WorkspaceRef } from "./types.ts";

export interface WorkspaceSwitcherProps {
  /** What was typed before it was here. */
  early?: () => EarlyKeys;
  onClose: () => void;
  /** The last few, newest first; at most five are shown. */
  recent: readonly WorkspaceRef[];
  workspaces: readonly WorkspaceRef[];
  /** Told at each key, where the list is too long to be here whole. */
  onSearch?: (typed: string) => void;
  onSwitch: (workspace: WorkspaceRef) => void;
}

/** Recents first, then all that match. Mounted while open. */
export function WorkspaceSwitcher({ early, onClose, recent, workspaces, onSearch, onSwitch }: WorkspaceSwitcherProps) {
  const [before] = useState(early);
  const [typed, setTyped] = useState(before?.typed ?? "");
  useEffect(() => {
    if (typed) onSearch?.(typed);
  }, []);
  const matches = (one: WorkspaceRef) => score(typed, one.name, `${one.slug} ${one.tenant}`) > 1 || !typed.trim();
  const first = recent.filter(matches).slice(0, 5);
  const rest = workspaces.filter((one) => matches(one) && !first.some((other) => other.id === one.id));
  const item = (one: WorkspaceRef) => ({
    id: one.id,
    label: one.name,
    help: one.tenant,
    aside: text.switcher.kinds[one.kind] || undefined,
  });
  const groups = [
    { title: text.switcher.recent, items: first.map(item) },
    { title: text.switcher.all, items: rest.map(item) },
  ].filter((group) => group.items.length > 0);
  return (
    <PickerDialog
      look="switcher"
      open
      onClose={onClose}
      label={text.switcher.label}
      placeholder={text.switcher.placeholder}
      typed={typed}
      isEntered={before?.isEntered ?? false}
      onType={(next) => {
        setTyped(next);
        onSearch?.(next);
      }}
      groups={groups}
      onChoose={(id) => {
        onClose();
        const chosen = [...first, ...rest].find((one) => one.id === id);
        if (chosen) onSwitch(chosen);
      }}
      none={text.switcher.none}
      found={text.palette.found(first.length + rest.length)}
    />
  );
}

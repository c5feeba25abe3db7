import { useEffect, useState } from "react";
import { text } from "../../text.ts";
import { Kbd } from "../kbd.tsx";
import type { EarlyKeys } from "./early-keys.ts";
import { PickerDialog } from "./picker-dialog.tsx";
import { found, grouped } from "./search.ts";
import type { Command } from "./types.ts";

export interface CommandPaletteProps {
  /** What was typed before it was here. */
  early?: () => EarlyKeys;
  onClose: () => void;
  /** Pages, actions and recents, known here. */
  commands: readonly Command[];
  /** What the server found for the query; they stand below and never move what is above. */
  remote?: readonly Command[];
  /** Told at each key; the asker waits its 120 ms. */
  onQuery?: (typed: string) => void;
  /** The group that `>` keeps. */
  actions: string;
}

/** One box for going, finding and doing. Mounted while open. */
export function CommandPalette({ early, onClose, commands, remote = [], onQuery, actions }: CommandPaletteProps) {
  const [before] = useState(early);
  const [typed, setTyped] = useState(before?.typed ?? "");
  // What was found for the words of last time is not for now.
  useEffect(() => onQuery?.(typed), []);
  const shown = [...found(commands, typed, actions), ...remote];
  const groups = grouped(shown).map(({ group, commands: own }) => ({ title: group, items: own }));
  const keys = text.palette.keys;
  return (
    <PickerDialog
      look="palette"
      open
      onClose={onClose}
      label={text.palette.label}
      placeholder={text.palette.placeholder}
      typed={typed}
      isEntered={before?.isEntered ?? false}
      onType={(next) => {
        setTyped(next);
        onQuery?.(next);
      }}
      groups={groups}
      onChoose={(id) => {
        onClose();
        shown.find((command) => command.id === id)?.run();
      }}
      none={text.palette.none}
      found={text.palette.found(shown.length)}
      foot={
        <div className="palette-foot">
          <span>
            <Kbd keys="↑" /> <Kbd keys="↓" /> {keys.choose}
          </span>
          <span>
            <Kbd keys="↵" /> {keys.run}
          </span>
          <span>
            <Kbd keys="Esc" /> {keys.close}
          </span>
        </div>
      }
    />
  );
}

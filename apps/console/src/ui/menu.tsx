import { type KeyboardEvent, type ReactNode, type RefObject, useRef, useState } from "react";
import { late } from "./frame/late.ts";
import { Icon, type IconName } from "./icon.tsx";

export interface MenuAction {
  id: string;
  label: string;
  icon?: IconName;
  shortcut?: string;
  danger?: boolean;
  /** Why it cannot be chosen now; shown under the label. */
  disabledReason?: string;
  onAction: () => void;
}

export type MenuEntry = MenuAction | "line";

const list = late(() => import("./menu-list.tsx"));

/** Loads what every menu opens with before a button is pressed. */
export const preloadMenu = list.preload;

/** What the button of a menu must carry. */
export interface MenuTriggerProps {
  ref: RefObject<HTMLButtonElement | null>;
  type: "button";
  "aria-haspopup": "menu";
  "aria-expanded": boolean;
  onClick: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

/** A list of acts behind one button. Only the plain button stands in the page while it is closed: a table has one in each row. */
export function Menu({
  label,
  entries,
  children,
}: {
  label: string;
  entries: readonly MenuEntry[];
  children: (trigger: MenuTriggerProps) => ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const trigger: MenuTriggerProps = {
    ref: button,
    type: "button",
    "aria-haspopup": "menu",
    "aria-expanded": open,
    onClick: () => setOpen(true),
    onKeyDown: (event) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      event.stopPropagation();
      setOpen(true);
    },
  };
  return (
    <>
      {children(trigger)}
      <OpenMenu open={open} label={label} entries={entries} button={button} onOpenChange={setOpen} />
    </>
  );
}

/** The list of a menu whose button stands elsewhere; nothing while it is closed. */
export function OpenMenu({
  open,
  ...rest
}: {
  open: boolean;
  label: string;
  entries: readonly MenuEntry[];
  button: RefObject<HTMLButtonElement | null>;
  onOpenChange: (open: boolean) => void;
}) {
  const List = list.useModule(open);
  return List && <List.MenuList {...rest} />;
}

/** The three dots at the end of a row or head. */
export function MoreMenu({ label, entries }: { label: string; entries: readonly MenuEntry[] }) {
  return (
    <Menu label={label} entries={entries}>
      {(trigger) => (
        <button {...trigger} className="icon-button" aria-label={label}>
          <Icon name="more" />
        </button>
      )}
    </Menu>
  );
}

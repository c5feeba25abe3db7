import { type KeyboardEvent, type ReactNode, type RefObject, useRef, useState } from "react";
import { Menu as AriaMenu, MenuItem, Popover, Separator } from "react-aria-components";
import { Icon, type IconName } from "./icon.tsx";
import { Kbd } from "./kbd.tsx";
import { usePortal } from "./layer.tsx";

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

function Entry({ entry }: { entry: MenuAction }) {
  return (
    <MenuItem
      id={entry.id}
      textValue={entry.label}
      className={entry.danger ? "menu-item danger" : "menu-item"}
      isDisabled={entry.disabledReason !== undefined}
      onAction={entry.onAction}
    >
      {entry.icon && <Icon name={entry.icon} />}
      <span>
        {entry.label}
        {entry.disabledReason && <small>{entry.disabledReason}</small>}
      </span>
      {entry.shortcut && <Kbd keys={entry.shortcut} />}
    </MenuItem>
  );
}

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
      {open && <Entries label={label} entries={entries} button={button} onOpenChange={setOpen} />}
    </>
  );
}

function Entries({
  label,
  entries,
  button,
  onOpenChange,
}: {
  label: string;
  entries: readonly MenuEntry[];
  button: RefObject<HTMLButtonElement | null>;
  onOpenChange: (open: boolean) => void;
}) {
  const portal = usePortal();
  return (
    <Popover
      className="pop"
      placement="bottom end"
      offset={4}
      triggerRef={button}
      isOpen
      onOpenChange={onOpenChange}
      aria-label={label}
      {...portal}
    >
      <AriaMenu className="menu" aria-label={label} autoFocus="first" onClose={() => onOpenChange(false)}>
        {entries.map((entry, at) =>
          entry === "line" ? (
            <Separator key={`line-${at}`} className="menu-line" />
          ) : (
            <Entry key={entry.id} entry={entry} />
          ),
        )}
      </AriaMenu>
    </Popover>
  );
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

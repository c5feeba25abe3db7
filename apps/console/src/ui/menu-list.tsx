import { type RefObject, useEffect, useRef } from "react";
import { Menu as AriaMenu, MenuItem, Popover, Separator } from "react-aria-components";
import { Icon } from "./icon.tsx";
import { Kbd } from "./kbd.tsx";
import { usePortal } from "./layer.tsx";
import type { MenuAction, MenuEntry } from "./menu.tsx";

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

/** The open list of a menu, under its button. */
export function MenuList({
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
  const list = useRef<HTMLDivElement>(null);
  // Once it has its place: before, the list itself takes the focus, and no arrow leads from it to a single entry.
  useEffect(() => {
    const frame = requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>('[role="menuitem"]:not([aria-disabled])')?.focus(),
    );
    return () => cancelAnimationFrame(frame);
  }, []);
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
      <AriaMenu ref={list} className="menu" aria-label={label} autoFocus="first" onClose={() => onOpenChange(false)}>
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

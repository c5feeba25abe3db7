import type { ReactElement } from "react";
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Pressable, Separator } from "react-aria-components";
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

/** A list of acts behind one button. The trigger is one plain button with a name. */
export function Menu({
  label,
  entries,
  children,
}: {
  label: string;
  entries: readonly MenuEntry[];
  children: ReactElement<React.DOMAttributes<HTMLElement>, string>;
}) {
  const portal = usePortal();
  return (
    <MenuTrigger>
      <Pressable>{children}</Pressable>
      <Popover className="pop" placement="bottom end" offset={4} {...portal}>
        <AriaMenu className="menu" aria-label={label}>
          {entries.map((entry, at) =>
            entry === "line" ? (
              <Separator key={`line-${at}`} className="menu-line" />
            ) : (
              <Entry key={entry.id} entry={entry} />
            ),
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

/** The three dots at the end of a row or head. */
export function MoreMenu({ label, entries }: { label: string; entries: readonly MenuEntry[] }) {
  return (
    <Menu label={label} entries={entries}>
      <button type="button" className="icon-button" aria-label={label}>
        <Icon name="more" />
      </button>
    </Menu>
  );
}

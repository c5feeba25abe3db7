import { type ReactNode, useEffect, useRef } from "react";
import { Autocomplete, Header, Input, ListBox, ListBoxItem, ListBoxSection, TextField } from "react-aria-components";
import { Icon, type IconName } from "../icon.tsx";
import { Kbd } from "../kbd.tsx";

export interface PickerItem {
  id: string;
  label: string;
  help?: string;
  icon?: IconName | undefined;
  aside?: string | undefined;
  shortcut?: string | undefined;
}

export interface PickerProps {
  label: string;
  placeholder: string;
  typed: string;
  /** Enter was pressed before the box was there. */
  isEntered: boolean;
  onType: (typed: string) => void;
  groups: readonly { title: string; items: readonly PickerItem[] }[];
  onChoose: (id: string) => void;
  none: ReactNode;
}

function Item({ item }: { item: PickerItem }) {
  return (
    <ListBoxItem id={item.id} textValue={item.label} className="menu-item">
      {item.icon && <Icon name={item.icon} />}
      <span className="grow">
        {item.label}
        {item.help && <small>{item.help}</small>}
      </span>
      {item.aside && <span className="aside">{item.aside}</span>}
      {item.shortcut && <Kbd keys={item.shortcut} />}
    </ListBoxItem>
  );
}

const MOVING: ReadonlySet<string> = new Set(["ArrowDown", "ArrowUp", "Home", "End", "PageDown", "PageUp"]);

/** A search box over a list: the focus stays in the box, arrows move through the list, Enter chooses. */
export function Picker({ label, placeholder, typed, isEntered, onType, groups, onChoose, none }: PickerProps) {
  // Whether somebody moved through the list since the last letter: then the marked item is meant, else the first.
  const moved = useRef(false);
  const chooseFirst = () => {
    const first = groups[0]?.items[0];
    if (first) onChoose(first.id);
  };
  useEffect(() => {
    if (isEntered) chooseFirst();
  }, []);
  return (
    <Autocomplete
      inputValue={typed}
      onInputChange={(next) => {
        moved.current = false;
        onType(next);
      }}
    >
      <TextField aria-label={label} autoFocus className="input">
        <Icon name="search" />
        <Input
          onKeyDownCapture={(event) => {
            if (MOVING.has(event.key)) moved.current = true;
            // The list marks its first item half a second after the last letter; until then an item of before is marked.
            if (event.key !== "Enter" || event.nativeEvent.isComposing || moved.current) return;
            event.preventDefault();
            event.stopPropagation();
            chooseFirst();
          }}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
        />
      </TextField>
      <ListBox
        className="menu"
        aria-label={label}
        onAction={(key) => onChoose(String(key))}
        renderEmptyState={() => <div className="menu-head">{none}</div>}
      >
        {groups.map((group) => (
          <ListBoxSection key={group.title} id={group.title}>
            <Header className="menu-head">{group.title}</Header>
            {group.items.map((item) => (
              <Item key={item.id} item={item} />
            ))}
          </ListBoxSection>
        ))}
      </ListBox>
    </Autocomplete>
  );
}

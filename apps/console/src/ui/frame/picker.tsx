import type { ReactNode } from "react";
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

/** A search box over a list: the focus stays in the box, arrows move through the list, Enter chooses. */
export function Picker({ label, placeholder, typed, onType, groups, onChoose, none }: PickerProps) {
  return (
    <Autocomplete inputValue={typed} onInputChange={onType}>
      <TextField aria-label={label} autoFocus className="input">
        <Icon name="search" />
        <Input
          onKeyDown={(event) => {
            // The list marks its first item only half a second after the last letter; Enter does not wait for that.
            if (event.key !== "Enter" || event.currentTarget.hasAttribute("aria-activedescendant")) return;
            const first = groups[0]?.items[0];
            if (first) onChoose(first.id);
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

import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { SearchField } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { useTypedSearch } from "../../ui/typed-search.ts";
import { EVENT_TYPES, typeWords } from "./sentence.ts";
import { words } from "./text.ts";
import { type AuditSearch, isFiltered } from "./view.ts";

const { filter } = words;

function Choice({
  label,
  value,
  onChange,
  choices,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  choices: readonly (readonly [value: string, label: string])[];
}) {
  return (
    <div className="input choice">
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        {choices.map(([one, name]) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </div>
  );
}

function Day({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <label className="input day">
      <span>{label}</span>
      <input type="date" value={value} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}

const TYPES = EVENT_TYPES.map((type) => [type, typeWords(type)] as const).toSorted(([, a], [, b]) => (a < b ? -1 : 1));

/** What narrows the log; all of it stands in the address. */
export function Filters({ search, actorName }: { search: AuditSearch; actorName: string | undefined }) {
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const { q = "" } = search;
  const set = (next: Partial<AuditSearch>) => {
    const all = Object.entries({ ...search, ...next }).filter(([name, value]) => value && name !== "event");
    void navigate({ to: ".", search: Object.fromEntries(all), replace: true });
  };
  const { typed, setTyped } = useTypedSearch(q, (next) => set({ q: next }), 200);
  useShortcuts({ "/": () => field.current?.focus() });
  const types =
    search.type && !EVENT_TYPES.includes(search.type) ? [[search.type, search.type] as const, ...TYPES] : TYPES;
  return (
    <section className="filters" aria-label={filter.label}>
      <SearchField
        ref={field}
        label={filter.search}
        placeholder={filter.placeholder}
        value={typed}
        onChange={setTyped}
        end={<Kbd keys="/" />}
      />
      <Choice
        label={filter.type}
        value={search.type ?? ""}
        onChange={(type) => set({ type })}
        choices={[["", filter.anyType], ...types]}
      />
      <Choice
        label={filter.outcome}
        value={search.outcome ?? ""}
        onChange={(outcome) => set({ outcome })}
        choices={[
          ["", filter.anyOutcome],
          ["DONE", filter.DONE],
          ["REFUSED", filter.REFUSED],
        ]}
      />
      <Day label={filter.from} value={search.from ?? ""} onChange={(from) => set({ from })} />
      <Day label={filter.to} value={search.to ?? ""} onChange={(to) => set({ to })} />
      {search.actor && (
        <span className="chip">
          {filter.actor} <b>{actorName ?? search.actor}</b>
          <IconButton icon="close" size="tiny" label={filter.dropActor} onPress={() => set({ actor: "" })} />
        </span>
      )}
      {isFiltered(search) && (
        <Button variant="quiet" onPress={() => void navigate({ to: ".", search: {}, replace: true })}>
          {filter.clear}
        </Button>
      )}
    </section>
  );
}

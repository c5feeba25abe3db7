import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { SearchField } from "../../ui/field.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { useTypedSearch } from "../../ui/typed-search.ts";
import { Choice, Day } from "./filter-fields.tsx";
import { EVENT_TYPES, typeWords } from "./sentence.ts";
import { words } from "./text.ts";
import { type AuditSearch, isFiltered } from "./view.ts";

const { filter } = words;

const TYPES = EVENT_TYPES.map((type) => [type, typeWords(type)] as const).toSorted(([, a], [, b]) => (a < b ? -1 : 1));

/** What narrows the log; all of it stands in the address. */
export function Filters({ search, actorName }: { search: AuditSearch; actorName: string | undefined }) {
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const { q = "" } = search;
  const set = (next: Partial<AuditSearch>) => {
    const all = Object.entries({ ...search, ...next }).filter(([name, value]) => value && name !== "event");
    void navigate({ to: ".", search: ({ live }) => ({ ...Object.fromEntries(all), live }), replace: true });
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
        <Button
          variant="quiet"
          onPress={() => void navigate({ to: ".", search: ({ live }) => ({ live }), replace: true })}
        >
          {filter.clear}
        </Button>
      )}
    </section>
  );
}

import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { Button } from "../../ui/button.tsx";
import { SearchField } from "../../ui/field.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { useTypedSearch } from "../../ui/typed-search.ts";
import { REASONS, reasonTitle } from "../overview/reason-title.ts";
import { Choice, Day } from "./filter-fields.tsx";
import { words } from "./text.ts";
import { isTokenFiltered, type TokenSearch } from "./token-view.ts";

const { filter, tokens } = words;

const KNOWN = REASONS.map((reason) => [reason, reasonTitle(reason)] as const).toSorted(([, a], [, b]) =>
  a < b ? -1 : 1,
);

/** What narrows the token log; all of it stands in the address. */
export function TokenFilters({ search }: { search: TokenSearch }) {
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const { q = "", reason = "" } = search;
  const go = (next: TokenSearch) => {
    const all = Object.entries(next).filter(([, value]) => value);
    void navigate({
      to: ".",
      search: ({ live }) => ({ log: "tokens", ...Object.fromEntries(all), live }),
      replace: true,
    });
  };
  const set = (next: Partial<TokenSearch>) => go({ ...search, ...next });
  const { typed, setTyped } = useTypedSearch(q, (next) => set({ q: next }), 200);
  useShortcuts({ "/": () => field.current?.focus() });
  const others = reason && !REASONS.includes(reason) ? [[reason, reasonTitle(reason)] as const] : [];
  return (
    <section className="filters" aria-label={filter.label}>
      <SearchField
        ref={field}
        label={tokens.search}
        placeholder={tokens.placeholder}
        value={typed}
        onChange={setTyped}
        end={<Kbd keys="/" />}
      />
      <Choice
        label={filter.outcome}
        value={search.outcome ?? ""}
        onChange={(outcome) => set({ outcome, ...(outcome === "ISSUED" && { reason: "" }) })}
        choices={[
          ["", filter.anyOutcome],
          ["ISSUED", tokens.issued],
          ["REFUSED", tokens.refused],
        ]}
      />
      <Choice
        label={tokens.reason}
        value={reason}
        onChange={(reason) => set({ reason, ...(reason && search.outcome === "ISSUED" && { outcome: "" }) })}
        choices={[["", tokens.anyReason], ...others, ...KNOWN]}
      />
      <Day label={filter.from} value={search.from ?? ""} onChange={(from) => set({ from })} />
      <Day label={filter.to} value={search.to ?? ""} onChange={(to) => set({ to })} />
      {isTokenFiltered(search) && (
        <Button variant="quiet" onPress={() => go({})}>
          {filter.clear}
        </Button>
      )}
    </section>
  );
}

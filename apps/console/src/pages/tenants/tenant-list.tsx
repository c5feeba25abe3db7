import { useParams } from "@tanstack/react-router";
import { useCallback, useMemo, useRef } from "react";
import { useClient } from "urql";
import { useMore } from "../../server/more.ts";
import { text } from "../../text.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { copyText } from "../../ui/copy-button.tsx";
import { SearchField } from "../../ui/field.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import type { MenuEntry } from "../../ui/menu.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { EmptyState } from "../../ui/states.tsx";
import { TabLinks } from "../../ui/tab-links.tsx";
import { Table } from "../../ui/table/table.tsx";
import { toast } from "../../ui/toast.tsx";
import { useTypedSearch } from "../../ui/typed-search.ts";
import { columns } from "./columns.tsx";
import { type TenantList as Listed, MoreTenants, type TenantRow } from "./documents.ts";
import { words } from "./text.ts";
import { filterOf, inAddress, type Search, type View, viewOf, views } from "./view.ts";

const rowKey = ({ id }: TenantRow) => id;
const rowName = ({ name }: TenantRow) => name;
const copyId = async (id: string) => toast((await copyText(id)) ? words.copied : text.copy.refused);

/** The list without anything in its way. */
function useAll(search: Search = {}) {
  const { tenant = "" } = useParams({ strict: false });
  return (view?: View) =>
    ({ to: "/t/$tenant/tenants", params: { tenant }, search: inAddress({ q: search.q, view }) }) as const;
}

function Views({ search }: { search: Search }) {
  const to = useAll(search);
  const tabs = views.map((view) => ({ id: view, label: words.view[view], to: to(view) }));
  const all = { id: "all", label: words.view.all, to: to() };
  return <TabLinks label={words.views} current={viewOf(search) ?? "all"} tabs={[all, ...tabs]} />;
}

function Find({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const { typed, setTyped } = useTypedSearch(q, onSearch);
  useShortcuts({ "/": () => field.current?.focus() });
  return (
    <div className="filters">
      <SearchField
        ref={field}
        label={words.search}
        placeholder={words.searchHint}
        value={typed}
        onChange={setTyped}
        end={<Kbd keys="/" />}
      />
    </div>
  );
}

function Empty({ search }: { search: Search }) {
  const to = useAll();
  if (!search.q && !viewOf(search)) return <EmptyState>{words.none}</EmptyState>;
  const clear = <ButtonLink to={to()}>{words.clear}</ButtonLink>;
  return <EmptyState action={clear}>{search.q ? words.noMatch(`“${search.q}”`) : words.noneInView}</EmptyState>;
}

/** Searched and narrowed by the server, turned part by part; all of it in the address. */
export function TenantList({
  tenants,
  newest,
  search,
  onSearch,
  onOpen,
}: {
  tenants: Listed;
  /** The open one as it is now: a later part of the list may hold it as it was. */
  newest: TenantRow | null;
  search: Search;
  onSearch: (q: string) => void;
  onOpen: (tenant: TenantRow) => void;
}) {
  const client = useClient();
  const { search: typed, state } = filterOf(search);
  const load = useCallback(
    async (after: string) => {
      const asked = { search: typed, state, after };
      const { data } = await client.query(MoreTenants, asked, { requestPolicy: "network-only" }).toPromise();
      return data?.tenants ?? null;
    },
    [client, typed, state],
  );
  const list = useMore<TenantRow>(`${typed} ${state}`, tenants, load);
  const rows = useMemo(
    () => (newest ? list.rows.map((row) => (row.id === newest.id ? newest : row)) : list.rows),
    [list.rows, newest],
  );
  const menu = useCallback(
    (row: TenantRow): readonly MenuEntry[] => [
      { id: "open", label: words.open, icon: "edit", onAction: () => onOpen(row) },
      { id: "copy", label: words.copyId, icon: "copy", onAction: () => void copyId(row.id) },
    ],
    [onOpen],
  );
  return (
    <>
      <Views search={search} />
      <Find q={search.q ?? ""} onSearch={onSearch} />
      <Table
        label={words.list}
        columns={columns}
        rows={rows}
        rowKey={rowKey}
        rowName={rowName}
        total={{ value: tenants.totalCount, exact: true }}
        hasMore={list.hasMore}
        onMore={list.onMore}
        onOpen={onOpen}
        menu={menu}
        empty={<Empty search={search} />}
      />
    </>
  );
}

import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { SearchField } from "../../ui/field.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { PageHead } from "../../ui/page-head.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { EmptyState } from "../../ui/states.tsx";
import { Table } from "../../ui/table/table.tsx";
import { TabLinks } from "../../ui/tabs.tsx";
import { columns } from "./columns.tsx";
import type { ListedClient, ListWorkspace } from "./documents.ts";
import { useRowActs } from "./row-acts.tsx";
import { words } from "./text.ts";
import { useList } from "./use-list.ts";
import { inAddress, type ListVariables, type Search, sortOf, sortWord, type View, viewOf, views } from "./view.ts";

const rowKey = ({ id }: ListedClient) => id;
const rowName = ({ name }: ListedClient) => name;

type Counts = ListWorkspace["clientCounts"];

const COUNT = {
  active: "active",
  expiring: "secretExpiring",
  expired: "secretExpired",
  unused: "neverUsed",
  disabled: "disabled",
} as const satisfies Record<View, string>;

function Views({ search, counts }: { search: Search; counts: Counts }) {
  const params = useParams({ strict: false }) as { tenant: string; workspace: string };
  const to = (view: View | undefined) =>
    ({ to: "/t/$tenant/w/$workspace/clients", params, search: inAddress({ ...search, view }) }) as const;
  const tabs = views.map((view) => {
    const count = counts?.[COUNT[view]];
    const isTrouble = view === "expiring" || view === "expired";
    const counted = count === undefined ? {} : { count, warn: isTrouble && count > 0 };
    return { id: view, label: words.view[view], to: to(view), ...counted };
  });
  const all = { id: "all", label: words.view.all, to: to(undefined), ...(counts ? { count: counts.all } : {}) };
  return <TabLinks label={words.views} current={viewOf(search) ?? "all"} tabs={[all, ...tabs]} />;
}

/** What is typed goes into the address a moment after the last key. */
function useTypedSearch(q: string, onSearch: (q: string) => void) {
  const [typed, setTyped] = useState(q);
  const latest = useRef(onSearch);
  latest.current = onSearch;
  useEffect(() => setTyped(q), [q]);
  useEffect(() => {
    if (typed === q) return;
    const timer = setTimeout(() => latest.current(typed), 120);
    return () => clearTimeout(timer);
  }, [typed, q]);
  return { typed, setTyped };
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

function Empty({ search, isNone, mayWrite }: { search: Search; isNone: boolean; mayWrite: boolean }) {
  const params = useParams({ strict: false }) as { tenant: string; workspace: string };
  if (isNone) {
    const create = (
      <ButtonLink variant="primary" to={{ to: "/t/$tenant/w/$workspace/clients/new", params }}>
        {words.create}
      </ButtonLink>
    );
    return <EmptyState action={mayWrite ? create : undefined}>{words.empty}</EmptyState>;
  }
  const clear = <ButtonLink to={{ to: "/t/$tenant/w/$workspace/clients", params }}>{words.clear}</ButtonLink>;
  return <EmptyState action={clear}>{search.q ? words.noMatch(`“${search.q}”`) : words.noneInView}</EmptyState>;
}

export interface ClientListProps {
  readonly workspace: Pick<ListWorkspace, "clients" | "clientCounts" | "viewerPermissions">;
  readonly search: Search;
  readonly variables: ListVariables;
}

/** The clients of a workspace: any number of them, searched, narrowed and sorted by the server; all of it in the address. */
export function ClientList({ workspace, search, variables }: ClientListProps) {
  const params = useParams({ strict: false }) as { tenant: string; workspace: string };
  const navigate = useNavigate();
  const mayWrite = workspace.viewerPermissions.includes("client:write");
  const { rows, hasMore, more, patch } = useList(params.workspace, workspace.clients, variables);
  const { menu, open, dialogs } = useRowActs(params, mayWrite, patch);
  const go = (next: Search, replace = false) =>
    void navigate({
      to: "/t/$tenant/w/$workspace/clients",
      params,
      search: inAddress({ ...search, ...next }),
      replace,
    });
  const create = { to: "/t/$tenant/w/$workspace/clients/new", params } as const;
  const total = workspace.clients?.totalCount ?? 0;
  return (
    <>
      <PageHead
        title={words.title}
        actions={
          mayWrite ? (
            <ButtonLink variant="primary" icon="plus" shortcut="C" to={create}>
              {words.create}
            </ButtonLink>
          ) : (
            <Button variant="primary" icon="plus" disabledReason={words.mayNotCreate}>
              {words.create}
            </Button>
          )
        }
      >
        {words.about}
      </PageHead>
      <Views search={search} counts={workspace.clientCounts} />
      <Find q={search.q ?? ""} onSearch={(q) => go({ q: q || undefined }, true)} />
      <Table
        label={words.title}
        columns={columns}
        rows={rows}
        rowKey={rowKey}
        rowName={rowName}
        total={{ value: total, exact: true }}
        hasMore={hasMore}
        onMore={more}
        sort={sortOf(search)}
        onSort={(sort) => go({ sort: sortWord(sort) }, true)}
        onOpen={open}
        menu={menu}
        empty={<Empty search={search} isNone={workspace.clientCounts?.all === 0} mayWrite={mayWrite} />}
      />
      {dialogs}
    </>
  );
}

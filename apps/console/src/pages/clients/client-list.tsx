import { useNavigate, useParams, useRouter } from "@tanstack/react-router";
import { useMemo, useRef, useState } from "react";
import { Button, ButtonLink, ButtonSpace } from "../../ui/button.tsx";
import { SearchField } from "../../ui/field.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { PageHead } from "../../ui/page-head.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { EmptyState } from "../../ui/states.tsx";
import { TabLinks } from "../../ui/tab-links.tsx";
import { Table } from "../../ui/table/table.tsx";
import { useTypedSearch } from "../../ui/typed-search.ts";
import { useBulkActs } from "./bulk-acts.tsx";
import { columnsOf } from "./columns.tsx";
import type { ListedClient, ListWorkspace } from "./documents.ts";
import { useRowActs } from "./row-acts.tsx";
import { words } from "./text.ts";
import { useList } from "./use-list.ts";
import { inAddress, type ListVariables, type Search, sortOf, sortWord, type View, viewOf, views } from "./view.ts";

const NONE: ReadonlySet<string> = new Set();

const rowKey = ({ id }: ListedClient) => id;
const rowName = ({ name }: ListedClient) => name;

type Counts = ListWorkspace["clientCounts"] | undefined;

const COUNT = {
  active: "active",
  expiring: "credentialExpiring",
  expired: "credentialExpired",
  unused: "neverUsed",
  disabled: "disabled",
  waiting: "waiting",
} as const satisfies Record<View, string>;

function Views({ search, counts }: { search: Search; counts: Counts }) {
  const params = useParams({ strict: false }) as { tenant: string; workspace: string };
  const to = (view: View | undefined) =>
    ({ to: "/t/$tenant/w/$workspace/clients", params, search: inAddress({ ...search, view }) }) as const;
  // Most workspaces ask for no approval.
  const shown = views.filter((view) => view !== "waiting" || viewOf(search) === view || (counts?.waiting ?? 0) > 0);
  const tabs = shown.map((view) => {
    const count = counts?.[COUNT[view]];
    const isTrouble = view === "expiring" || view === "expired" || view === "waiting";
    const counted = count === undefined ? {} : { count, warn: isTrouble && count > 0 };
    return { id: view, label: words.view[view], to: to(view), ...counted };
  });
  const all = { id: "all", label: words.view.all, to: to(undefined), ...(counts ? { count: counts.all } : {}) };
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
  /** Null while it is on its way. */
  readonly workspace: Pick<ListWorkspace, "id" | "clients" | "clientCounts" | "viewerPermissions"> | null;
  readonly search: Search;
  readonly variables: ListVariables;
}

/** Beside it, for those who may: many of them at once. */
function Import({ may }: { may: boolean | undefined }) {
  const params = useParams({ strict: false }) as { tenant: string; workspace: string };
  const to = { to: "/t/$tenant/w/$workspace/clients/import", params } as const;
  return may === false ? null : <ButtonLink to={to}>{words.import}</ButtonLink>;
}

function Create({ may }: { may: boolean | undefined }) {
  const params = useParams({ strict: false }) as { tenant: string; workspace: string };
  const to = { to: "/t/$tenant/w/$workspace/clients/new", params } as const;
  if (may === undefined)
    return (
      <ButtonSpace icon="plus" shortcut="C">
        {words.create}
      </ButtonSpace>
    );
  return may ? (
    <ButtonLink variant="primary" icon="plus" shortcut="C" to={to}>
      {words.create}
    </ButtonLink>
  ) : (
    <Button variant="primary" icon="plus" disabledReason={words.mayNotCreate}>
      {words.create}
    </Button>
  );
}

/** The clients of a workspace: any number of them, searched, narrowed and sorted by the server; all of it in the address. */
export function ClientList({ workspace, search, variables }: ClientListProps) {
  const navigate = useNavigate();
  const params = useParams({ strict: false }) as { tenant: string; workspace: string };
  const may = workspace?.viewerPermissions.includes("client:write");
  const go = (next: Search) =>
    void navigate({
      to: "/t/$tenant/w/$workspace/clients",
      params,
      search: inAddress({ ...search, ...next }),
      replace: true,
    });
  return (
    <>
      <PageHead
        title={words.title}
        actions={
          <>
            <Import may={may} />
            <Create may={may} />
          </>
        }
      >
        {words.about}
      </PageHead>
      <Views search={search} counts={workspace?.clientCounts} />
      <Find q={search.q ?? ""} onSearch={(q) => go({ q: q || undefined })} />
      <Rows workspace={workspace} search={search} variables={variables} onSort={(sort) => go({ sort })} />
    </>
  );
}

/** The address of a client's page, made once and filled in for each row. */
function useAddress({ tenant, workspace }: { tenant: string; workspace: string }): (id: string) => string {
  const router = useRouter();
  return useMemo(() => {
    const params = { tenant, workspace };
    const list = router.buildLocation({ to: "/t/$tenant/w/$workspace/clients", params });
    const base = router.history.createHref(list.publicHref);
    return (id) => `${base}/${id}`;
  }, [router, tenant, workspace]);
}

/** Apart from the rest, so that further rows draw nothing anew but the table. */
function Rows({
  workspace,
  search,
  variables,
  onSort,
}: ClientListProps & { onSort: (sort: string | undefined) => void }) {
  const params = useParams({ strict: false }) as { tenant: string; workspace: string };
  const mayWrite = workspace?.viewerPermissions.includes("client:write") ?? false;
  const { rows, hasMore, more, patch } = useList(params.workspace, workspace?.clients, variables);
  const { menu, open, dialogs } = useRowActs(params, mayWrite, patch);
  const address = useAddress(params);
  const columns = useMemo(() => columnsOf(address), [address]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(NONE);
  const chosen = useMemo(() => rows.filter(({ id }) => selected.has(id)), [rows, selected]);
  const onDone = () => setSelected(NONE);
  const bulk = useBulkActs({ workspaceId: workspace?.id ?? "", chosen, patch, onDone });
  return (
    <>
      <Table
        label={words.title}
        columns={columns}
        rows={rows}
        rowKey={rowKey}
        rowName={rowName}
        total={workspace ? { value: workspace.clients?.totalCount ?? 0, exact: true } : undefined}
        loading={workspace === null}
        hasMore={hasMore}
        onMore={more}
        sort={sortOf(search)}
        onSort={(sort) => onSort(sortWord(sort))}
        onOpen={open}
        menu={menu}
        {...(mayWrite && { selected, onSelect: setSelected })}
        bulk={bulk.bar}
        empty={<Empty search={search} isNone={workspace?.clientCounts?.all === 0} mayWrite={mayWrite} />}
      />
      {dialogs}
      {bulk.question}
    </>
  );
}

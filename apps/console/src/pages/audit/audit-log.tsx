import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { useClient } from "urql";
import type { AuditRowFragment } from "../../gql/graphql.ts";
import { usePreferences } from "../../preferences.ts";
import { useMore } from "../../server/more.ts";
import { usePage } from "../../server/page.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { NotYours } from "../../ui/not-yours.tsx";
import { PageHead } from "../../ui/page-head.tsx";
import { EmptyState } from "../../ui/states.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { Table } from "../../ui/table/table.tsx";
import { AuditPage, AuditTail, MoreAudit } from "./documents.ts";
import { EntrySheet } from "./entry-sheet.tsx";
import { ExportLog } from "./export-log.tsx";
import { Filters } from "./filters.tsx";
import { LiveSwitch, Waiting } from "./live.tsx";
import { LookedBack } from "./looked-back.tsx";
import { actorWords, sentenceOf } from "./sentence.ts";
import { SentenceLine } from "./sentence-line.tsx";
import { LogTabs } from "./tabs.tsx";
import { aboveList } from "./tail-rows.ts";
import { words } from "./text.ts";
import { useTail } from "./use-tail.ts";
import { filterOf, isFiltered } from "./view.ts";
import { When } from "./when.tsx";

const ROW = 36;

const COLUMNS: readonly Column<AuditRowFragment>[] = [
  { id: "time", header: words.columns.time, width: "130px", narrow: "aside", cell: (row) => <When at={row.at} both /> },
  {
    id: "what",
    header: words.columns.what,
    width: "minmax(260px, 3fr)",
    narrow: "title",
    cell: (row) => (
      <span className="audit-what">
        <SentenceLine entry={row} />
      </span>
    ),
  },
  {
    id: "actor",
    header: words.columns.actor,
    width: "minmax(120px, 1fr)",
    narrow: "detail",
    cell: (row) => actorWords(row),
  },
  {
    id: "outcome",
    header: words.columns.outcome,
    width: "110px",
    narrow: "status",
    cell: (row) =>
      row.outcome === "DONE" ? (
        <span className="muted">{words.done}</span>
      ) : (
        <Badge status="broken">{words.refused}</Badge>
      ),
  },
  {
    id: "from",
    header: words.columns.from,
    width: "140px",
    low: true,
    cell: (row) => <code className="muted small">{row.address ?? ""}</code>,
  },
];

const rowKey = (row: AuditRowFragment) => row.id;
const rowName = (row: AuditRowFragment) => sentenceOf(row);

/** The log of changes, newest first: narrowed by what the address says, one entry beside it. */
export function AuditLog() {
  const { workspace: slug = "" } = useParams({ strict: false });
  const search = useSearch({ from: "/t/$tenant/w/$workspace/audit" });
  const navigate = useNavigate();
  const client = useClient();
  const { zone } = usePreferences();
  const { event, log: _log, live, ...view } = search;
  // The entry that the address names at first comes with the page; later ones are asked for when they are opened.
  const [first] = useState(event);
  const key = JSON.stringify([slug, view, zone]);
  const filter = useMemo(() => filterOf(view, zone), [key]);
  const page = usePage(AuditPage, { ...filter, event: first ?? "", withEvent: first !== undefined }, { rows: 12 });
  const load = useCallback(
    async (after: string) => {
      const { data } = await client.query(MoreAudit, { workspace: slug, ...filter, after }).toPromise();
      return data?.workspace?.auditEntries ?? null;
    },
    [client, slug, filter],
  );
  const more = useMore(key, page.data?.workspace.auditEntries, load);
  const workspaceId = page.data?.workspace.id ?? "";
  const maySee = page.data?.workspace.viewerPermissions.includes("audit:read") === true;
  const tail = useTail(
    live !== undefined && maySee,
    key,
    {
      document: AuditTail,
      variables: (after) => ({ workspaceId, ...filter, after }),
      told: ({ auditTail }) => auditTail,
    },
    page.reload,
  );
  const { rows, isCut } = aboveList(tail.shown, more.rows);
  const show = useCallback(
    (id: string | undefined) =>
      void navigate({ to: ".", search: (all) => ({ ...all, event: id }), ...(id ? {} : { replace: true }) }),
    [navigate],
  );
  const open = useCallback((row: AuditRowFragment) => show(row.id), [show]);
  if (page.wait) return page.wait;
  const { workspace, event: named } = page.data;
  if (!maySee) {
    return (
      <>
        <PageHead title={words.title} />
        <LogTabs current="changes" />
        <NotYours what={words.hidden} />
      </>
    );
  }
  const filtered = isFiltered(view);
  const actor = rows.find((row) => row.actor === view.actor);
  return (
    <>
      <PageHead
        title={words.title}
        actions={
          <>
            <LiveSwitch state={tail.state} />
            <ExportLog order={{ workspaceId: workspace.id, log: "AUDIT", ...filter }} isFiltered={filtered} />
          </>
        }
      >
        {workspace.kind === "CUSTOM" ? words.lead : words.adminLead}
      </PageHead>
      <LogTabs current="changes" />
      <Filters search={view} actorName={actor && actorWords(actor)} />
      <Waiting tail={tail} />
      <Table
        label={words.list}
        columns={COLUMNS}
        rows={rows}
        rowKey={rowKey}
        rowName={rowName}
        rowHeight={ROW}
        hasMore={more.hasMore && !isCut}
        onMore={more.onMore}
        onOpen={open}
        onPeek={open}
        empty={
          more.lookedBackTo ? null : filtered ? (
            <EmptyState
              action={
                <Button onPress={() => void navigate({ to: ".", search: { live } })}>{words.filter.clear}</Button>
              }
            >
              {words.noMatch}
            </EmptyState>
          ) : (
            <EmptyState>{words.none}</EmptyState>
          )
        }
      />
      {isCut ? (
        <div className="looked-back">{words.live.cut}</div>
      ) : (
        <LookedBack to={more.lookedBackTo} onMore={more.onMore} />
      )}
      {event && (
        <EntrySheet
          id={event}
          given={event === first && named?.__typename === "AuditEntry" ? named : undefined}
          given404={event === first && !named}
          onClose={() => show(undefined)}
        />
      )}
    </>
  );
}

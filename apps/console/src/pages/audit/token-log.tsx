import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { useClient } from "urql";
import type { TokenRowFragment } from "../../gql/graphql.ts";
import { usePreferences } from "../../preferences.ts";
import { useMore } from "../../server/more.ts";
import { usePage } from "../../server/page.tsx";
import { Badge } from "../../ui/badge.tsx";
import { NotYours } from "../../ui/not-yours.tsx";
import { PageHead } from "../../ui/page-head.tsx";
import { EmptyState } from "../../ui/states.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { Table } from "../../ui/table/table.tsx";
import { askedFor } from "../overview/asked.ts";
import { reasonTitle } from "../overview/reason-title.ts";
import { MoreTokens, TokenLogPage, TokenLogTail } from "./documents.ts";
import { ExportLog } from "./export-log.tsx";
import { LiveSwitch, Waiting } from "./live.tsx";
import { LookedBack } from "./looked-back.tsx";
import { LogTabs } from "./tabs.tsx";
import { aboveList } from "./tail-rows.ts";
import { words } from "./text.ts";
import { TokenFilters } from "./token-filters.tsx";
import { TokenSheet } from "./token-sheet.tsx";
import { isTokenFiltered, type TokenSearch, tokenFilterOf } from "./token-view.ts";
import { useTail } from "./use-tail.ts";
import { When } from "./when.tsx";

const ROW = 36;
const { tokens } = words;

const COLUMNS: readonly Column<TokenRowFragment>[] = [
  { id: "time", header: tokens.time, width: "130px", narrow: "aside", cell: (row) => <When at={row.at} both /> },
  {
    id: "client",
    header: tokens.client,
    width: "minmax(150px, 1.2fr)",
    narrow: "title",
    cell: (row) => row.clientName ?? <span className="mono muted">{row.client ?? row.clientId ?? tokens.unknown}</span>,
  },
  {
    id: "outcome",
    header: tokens.outcome,
    width: "minmax(150px, 1.2fr)",
    narrow: "status",
    cell: (row) => (
      <>
        <Badge status={row.outcome === "ISSUED" ? "active" : "broken"}>
          {row.outcome === "ISSUED" ? tokens.issued : row.reason ? reasonTitle(row.reason) : tokens.refused}
        </Badge>
        {row.count > 1 && <span className="muted num small"> × {row.count}</span>}
      </>
    ),
  },
  {
    id: "asked",
    header: tokens.asked,
    width: "minmax(160px, 2fr)",
    narrow: "detail",
    low: true,
    cell: (row) => <code className="small">{[askedFor(row), row.resource].filter(Boolean).join("  ")}</code>,
  },
  {
    id: "address",
    header: tokens.address,
    width: "140px",
    low: true,
    cell: (row) => <code className="muted small">{row.address}</code>,
  },
];

const rowKey = (row: TokenRowFragment) => row.id;
const rowName = (row: TokenRowFragment) => row.clientName ?? row.clientId ?? tokens.unknown;

/** The filter as an export takes it. */
const orderOf = ({ clientId: client, outcome: tokenOutcome, ...others }: ReturnType<typeof tokenFilterOf>) => ({
  ...others,
  ...(client !== undefined && { client }),
  tokenOutcome,
});

/** Every decision of the token endpoint, newest first. */
export function TokenLog() {
  const { workspace: slug = "" } = useParams({ strict: false });
  const { event, live, q, outcome, reason, from, to } = useSearch({ from: "/t/$tenant/w/$workspace/audit" });
  const navigate = useNavigate();
  const client = useClient();
  const { zone } = usePreferences();
  const view: TokenSearch = { q, outcome, reason, from, to };
  const key = JSON.stringify([slug, view, zone]);
  const filter = useMemo(() => tokenFilterOf(view, zone), [key]);
  // The entry that the address names at first comes with the page, however far back it is; later ones are opened from a row.
  const [first] = useState(event);
  const page = usePage(TokenLogPage, { ...filter, event: first ?? "", withEvent: first !== undefined }, { rows: 12 });
  const load = useCallback(
    async (after: string) => {
      const { data } = await client.query(MoreTokens, { workspace: slug, ...filter, after }).toPromise();
      return data?.workspace?.tokenLog ?? null;
    },
    [client, slug, filter],
  );
  const more = useMore(key, page.data?.workspace.tokenLog, load);
  const workspaceId = page.data?.workspace.id ?? "";
  const maySee = page.data?.workspace.viewerPermissions.includes("token-log:read") === true;
  const tail = useTail(
    live !== undefined && maySee,
    key,
    {
      document: TokenLogTail,
      variables: (after) => ({ workspaceId, ...filter, after }),
      told: ({ tokenLogTail }) => tokenLogTail,
    },
    page.reload,
  );
  const { rows, isCut } = aboveList(tail.shown, more.rows);
  const show = useCallback(
    (id: string | undefined) =>
      void navigate({ to: ".", search: (all) => ({ ...all, event: id }), ...(id ? {} : { replace: true }) }),
    [navigate],
  );
  const open = useCallback((row: TokenRowFragment) => show(row.id), [show]);
  if (page.wait) return page.wait;
  if (!maySee) {
    return (
      <>
        <PageHead title={words.title} />
        <LogTabs current="tokens" />
        <NotYours what={words.tokensHidden} />
      </>
    );
  }
  const filtered = isTokenFiltered(view);
  const named = page.data.workspace.tokenLogEntry;
  const shown = rows.find((row) => row.id === event) ?? (named?.id === event ? named : undefined);
  return (
    <>
      <PageHead
        title={words.title}
        actions={
          <>
            <LiveSwitch state={tail.state} />
            {page.data.workspace.viewerPermissions.includes("audit:read") && (
              <ExportLog order={{ workspaceId, log: "TOKENS", ...orderOf(filter) }} isFiltered={filtered} />
            )}
          </>
        }
      >
        {words.tokenLead}
      </PageHead>
      <LogTabs current="tokens" />
      <TokenFilters search={view} />
      <Waiting tail={tail} />
      <Table
        label={tokens.list}
        columns={COLUMNS}
        rows={rows}
        rowKey={rowKey}
        rowName={rowName}
        rowHeight={ROW}
        hasMore={more.hasMore && !isCut}
        onMore={more.onMore}
        onOpen={open}
        onPeek={open}
        empty={more.lookedBackTo ? null : <EmptyState>{filtered ? tokens.noMatch : tokens.none}</EmptyState>}
      />
      {isCut ? (
        <div className="looked-back">{words.live.cut}</div>
      ) : (
        <LookedBack to={more.lookedBackTo} onMore={more.onMore} />
      )}
      {shown && (
        <TokenSheet entry={shown} search={view} workspace={page.data.workspace} onClose={() => show(undefined)} />
      )}
    </>
  );
}

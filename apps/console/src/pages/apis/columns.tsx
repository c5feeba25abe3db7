import { linkOptions, useNavigate, useParams } from "@tanstack/react-router";
import { useCallback } from "react";
import { copyText } from "../../ui/copy-button.tsx";
import { AppLink } from "../../ui/link.tsx";
import type { MenuEntry } from "../../ui/menu.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { TimeCell } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { words } from "./text.ts";

/** An API as the list shows it. */
interface Row {
  readonly id: string;
  readonly name: string;
  readonly identifier: string;
  readonly isOwnApi: boolean;
  readonly scopeCount: number;
  readonly clientCount?: number | null;
  readonly createdAt: string;
}

const { list } = words;

function NameCell({ row }: { row: Row }) {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  return (
    <>
      <AppLink
        className="name"
        to={linkOptions({ to: "/t/$tenant/w/$workspace/apis/$id", params: { tenant, workspace, id: row.id } })}
      >
        {row.name}
        {row.isOwnApi && <span className="own-mark"> {list.ownBadge}</span>}
      </AppLink>
      <span className="id">
        <b>{row.identifier}</b>
      </span>
    </>
  );
}

export const COLUMNS: readonly Column<Row>[] = [
  {
    id: "name",
    header: list.api,
    width: "minmax(220px, 2fr)",
    narrow: "title",
    cell: (row) => <NameCell row={row} />,
  },
  {
    id: "scopes",
    header: list.scopes,
    width: "100px",
    narrow: "status",
    cell: (row) => (
      <span className="num">
        {row.scopeCount}
        <span className="only-narrow-inline"> {row.scopeCount === 1 ? "scope" : "scopes"}</span>
      </span>
    ),
  },
  {
    id: "clients",
    header: list.clients,
    width: "100px",
    narrow: "detail",
    cell: (row) => (
      <span className="num">
        {row.clientCount ?? "–"}
        <span className="only-narrow-inline"> {words.clientWord(row.clientCount)}</span>
      </span>
    ),
  },
  {
    id: "created",
    header: list.created,
    width: "140px",
    cell: (row) => <TimeCell at={Date.parse(row.createdAt)} />,
  },
];

export const rowKey = (row: Row) => row.id;
export const rowName = (row: Row) => row.name;

/** What a row can do. */
export function useRowActs() {
  const navigate = useNavigate();
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  const open = useCallback(
    (row: Row) => void navigate({ to: "/t/$tenant/w/$workspace/apis/$id", params: { tenant, workspace, id: row.id } }),
    [navigate, tenant, workspace],
  );
  const menu = useCallback(
    (row: Row): MenuEntry[] => [
      { id: "open", label: words.menu.open, icon: "api", onAction: () => open(row) },
      {
        id: "copy",
        label: words.menu.copyIdentifier,
        icon: "copy",
        onAction: () => void copyText(row.identifier).then((done) => done && toast(words.copied)),
      },
      "line",
      {
        id: "settings",
        label: words.menu.settings,
        icon: "settings",
        onAction: () =>
          void navigate({
            to: "/t/$tenant/w/$workspace/apis/$id/settings",
            params: { tenant, workspace, id: row.id },
          }),
      },
    ],
    [navigate, tenant, workspace, open],
  );
  return { open, menu };
}

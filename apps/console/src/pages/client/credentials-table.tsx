import { useCallback, useMemo } from "react";
import { text } from "../../text.ts";
import { copyText } from "../../ui/copy-button.tsx";
import { LifeBar } from "../../ui/life-bar.tsx";
import type { MenuEntry } from "../../ui/menu.tsx";
import { EmptyState } from "../../ui/states.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { Table } from "../../ui/table/table.tsx";
import { TimeCell, useNow } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import type { KindLook } from "./credential-kinds.tsx";
import { type CredentialRow, markOf } from "./credential-rows.ts";
import { at, credentialState } from "./state.ts";
import { CredentialBadge } from "./status-badge.tsx";
import { words } from "./text.ts";

const { columns, ...say } = words.credentials;

function Ends({ row }: { row: CredentialRow }) {
  const now = useNow(60_000);
  if (row.revokedAt) return <span className="muted">–</span>;
  return <LifeBar createdAt={at(row.createdAt) ?? now} expiresAt={at(row.expiresAt)} now={now} />;
}

const columnsOf = (look: KindLook): readonly Column<CredentialRow>[] => [
  {
    id: "name",
    header: look.words.name,
    width: "minmax(150px, 2.2fr)",
    narrow: "title",
    cell: (row) => (
      <>
        <span className="name">{row.name || look.words.name}</span>
        <span className="secret-hint">{look.mark(row)}</span>
      </>
    ),
  },
  look.column,
  {
    id: "used",
    header: columns.lastUsed,
    width: "minmax(120px, 1.1fr)",
    narrow: "detail",
    cell: (row) => (
      <>
        {row.lastUsedAt && <span className="only-narrow">{columns.used} </span>}
        <span className={row.lastUsedAt ? undefined : "only-wide"}>
          <TimeCell at={at(row.lastUsedAt)} />{" "}
        </span>
        {/* Its status says already that it was never used. */}
        {!row.lastUsedAt && (
          <span className="only-narrow">
            {columns.created} <TimeCell at={at(row.createdAt)} />
          </span>
        )}
        {row.lastUsedAddress && (
          <span className="small muted secret-from">
            <span className="secret-from-word">{words.head.from} </span>
            <span className="mono">{row.lastUsedAddress}</span>
          </span>
        )}
      </>
    ),
  },
  {
    id: "expires",
    header: columns.expires,
    width: "minmax(166px, 1fr)",
    narrow: "aside",
    cell: (row) => <Ends row={row} />,
  },
  {
    id: "status",
    header: columns.status,
    width: "minmax(100px, .8fr)",
    narrow: "status",
    cell: (row) => <CredentialBadge credential={row} />,
  },
];

const idOf = (row: CredentialRow) => row.id;
const copy = async (value: string, done: string) => toast((await copyText(value)) ? done : text.copy.refused);

/** Every credential of one kind, those that work first, with its use and its end. */
export function CredentialsTable({
  look,
  rows,
  locked,
  onRotate,
  onRevoke,
}: {
  look: KindLook;
  rows: readonly CredentialRow[];
  /** Why this person may revoke none. */
  locked: string | undefined;
  /** For kinds that the server makes a successor of. */
  onRotate?: (row: CredentialRow) => void;
  onRevoke: (row: CredentialRow) => void;
}) {
  const shown = useMemo(() => columnsOf(look), [look]);
  const menu = useCallback(
    (row: CredentialRow): readonly MenuEntry[] => [
      ...(row.__typename === "ClientKey" && row.kid
        ? [
            {
              id: "kid",
              label: say.copyKid,
              icon: "copy",
              onAction: () => void copy(row.kid ?? "", say.copiedKid),
            } as const,
          ]
        : []),
      { id: "copy", label: say.copyId, icon: "copy", onAction: () => void copy(row.id, say.copiedId) },
      ...(credentialState(row, Date.now()).works
        ? ([
            "line",
            ...(onRotate && !row.isRetiring
              ? [
                  {
                    id: "rotate",
                    label: words.rotation.act,
                    icon: "rotate",
                    onAction: () => onRotate(row),
                    ...(locked === undefined ? {} : { disabledReason: locked }),
                  } as const,
                ]
              : []),
            {
              id: "revoke",
              label: say.revoke,
              icon: "trash",
              danger: true,
              onAction: () => onRevoke(row),
              ...(locked === undefined ? {} : { disabledReason: locked }),
            },
          ] as const)
        : []),
    ],
    [locked, onRotate, onRevoke],
  );
  return (
    <Table
      label={look.words.title}
      columns={shown}
      rows={rows}
      rowKey={idOf}
      rowName={markOf}
      menu={menu}
      rowHeight={56}
      short
      empty={<EmptyState>{look.words.none}</EmptyState>}
    />
  );
}

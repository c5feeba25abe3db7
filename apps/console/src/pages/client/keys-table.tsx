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
import { type KeyRow, kindOf, shortKid } from "./key-rows.ts";
import { at, secretState } from "./state.ts";
import { SecretBadge } from "./status-badge.tsx";
import { words } from "./text.ts";

const { keys: say, secrets } = words;

function Ends({ row }: { row: KeyRow }) {
  const now = useNow(60_000);
  if (row.revokedAt) return <span className="muted">–</span>;
  return <LifeBar createdAt={at(row.createdAt) ?? now} expiresAt={at(row.expiresAt)} now={now} />;
}

const COLUMNS: readonly Column<KeyRow>[] = [
  {
    id: "key",
    header: say.name,
    width: "minmax(150px, 1.5fr)",
    narrow: "title",
    cell: (row) => (
      <>
        <span className="name">{row.name || say.unnamed}</span>
        <span className="secret-hint">
          <code className="id">{shortKid(row)}</code>
        </span>
      </>
    ),
  },
  { id: "kind", header: say.kind, width: "minmax(90px, .8fr)", low: true, cell: (row) => kindOf(row.publicJwk) },
  {
    id: "used",
    header: secrets.lastUsed,
    width: "minmax(120px, 1.1fr)",
    narrow: "detail",
    cell: (row) => (
      <>
        {row.lastUsedAt && <span className="only-narrow">{secrets.used} </span>}
        <TimeCell at={at(row.lastUsedAt)} />{" "}
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
    header: secrets.expires,
    width: "minmax(150px, 1fr)",
    narrow: "aside",
    cell: (row) => <Ends row={row} />,
  },
  {
    id: "status",
    header: secrets.status,
    width: "minmax(100px, .8fr)",
    narrow: "status",
    cell: (row) => <SecretBadge secret={row} />,
  },
];

const idOf = (row: KeyRow) => row.id;
const copy = async (value: string, done: string) => toast((await copyText(value)) ? done : text.copy.refused);

/** Every key, those that work first, with its use and its end. */
export function KeysTable({
  keys,
  locked,
  onRevoke,
}: {
  keys: readonly KeyRow[];
  /** Why this person may revoke none. */
  locked: string | undefined;
  onRevoke: (row: KeyRow) => void;
}) {
  const total = useMemo(() => ({ value: keys.length, exact: true }), [keys.length]);
  const menu = useCallback(
    (row: KeyRow): readonly MenuEntry[] => [
      { id: "copy", label: say.copyKid, icon: "copy", onAction: () => void copy(row.kid, say.copiedKid) },
      { id: "copy-id", label: say.copyId, icon: "copy", onAction: () => void copy(row.id, say.copiedId) },
      ...(secretState(row, Date.now()).works
        ? ([
            "line",
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
    [locked, onRevoke],
  );
  return (
    <Table
      label={say.table}
      columns={COLUMNS}
      rows={keys}
      rowKey={idOf}
      rowName={shortKid}
      total={total}
      menu={menu}
      rowHeight={56}
      empty={<EmptyState>{say.none}</EmptyState>}
    />
  );
}

import { useCallback, useMemo } from "react";
import { text } from "../../text.ts";
import { Tag } from "../../ui/badge.tsx";
import { copyText } from "../../ui/copy-button.tsx";
import { LifeBar } from "../../ui/life-bar.tsx";
import type { MenuEntry } from "../../ui/menu.tsx";
import { EmptyState } from "../../ui/states.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { Table } from "../../ui/table/table.tsx";
import { TimeCell, useNow } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { hintOf, type SecretRow } from "./secret-rows.ts";
import { at, secretState } from "./state.ts";
import { SecretBadge } from "./status-badge.tsx";
import { words } from "./text.ts";

const { secrets: say } = words;

function Ends({ secret }: { secret: SecretRow }) {
  const now = useNow(60_000);
  if (secret.revokedAt) return <span className="muted">–</span>;
  return <LifeBar createdAt={at(secret.createdAt) ?? now} expiresAt={at(secret.expiresAt)} now={now} />;
}

const COLUMNS: readonly Column<SecretRow>[] = [
  {
    id: "secret",
    header: say.name,
    width: "minmax(150px, 1.5fr)",
    narrow: "title",
    cell: (secret) => (
      <>
        <span className="name">{secret.name || say.unnamed}</span>
        <span className="secret-hint">
          <code className="id">
            {secret.isImported ? "" : "mms_"}
            <b>{hintOf(secret)}</b>
          </code>
          {secret.isImported && <Tag>{say.imported}</Tag>}
        </span>
      </>
    ),
  },
  {
    id: "created",
    header: say.created,
    width: "minmax(90px, .8fr)",
    low: true,
    cell: (secret) => <TimeCell at={at(secret.createdAt)} />,
  },
  {
    id: "used",
    header: say.lastUsed,
    width: "minmax(120px, 1.1fr)",
    narrow: "detail",
    cell: (secret) => (
      <>
        {secret.lastUsedAt && <span className="only-narrow">{say.used} </span>}
        <TimeCell at={at(secret.lastUsedAt)} />{" "}
        {secret.lastUsedAddress && (
          <span className="small muted secret-from">
            <span className="secret-from-word">{words.head.from} </span>
            <span className="mono">{secret.lastUsedAddress}</span>
          </span>
        )}
      </>
    ),
  },
  {
    id: "expires",
    header: say.expires,
    width: "minmax(150px, 1fr)",
    narrow: "aside",
    cell: (secret) => <Ends secret={secret} />,
  },
  {
    id: "status",
    header: say.status,
    width: "minmax(100px, .8fr)",
    narrow: "status",
    cell: (secret) => <SecretBadge secret={secret} />,
  },
];

const keyOf = (secret: SecretRow) => secret.id;
const nameOf = (secret: SecretRow) => hintOf(secret);
const copyId = async (secret: SecretRow) => toast((await copyText(secret.id)) ? say.copiedId : text.copy.refused);

/** Every secret, those that work first, with its use and its end. */
export function SecretsTable({
  secrets,
  locked,
  onRevoke,
}: {
  secrets: readonly SecretRow[];
  /** Why this person may revoke none. */
  locked: string | undefined;
  onRevoke: (secret: SecretRow) => void;
}) {
  const total = useMemo(() => ({ value: secrets.length, exact: true }), [secrets.length]);
  const menu = useCallback(
    (secret: SecretRow): readonly MenuEntry[] => [
      { id: "copy", label: say.copyId, icon: "copy", onAction: () => void copyId(secret) },
      ...(secretState(secret, Date.now()).works
        ? ([
            "line",
            {
              id: "revoke",
              label: say.revoke,
              icon: "trash",
              danger: true,
              onAction: () => onRevoke(secret),
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
      rows={secrets}
      rowKey={keyOf}
      rowName={nameOf}
      total={total}
      menu={menu}
      rowHeight={56}
      empty={<EmptyState>{say.none}</EmptyState>}
    />
  );
}

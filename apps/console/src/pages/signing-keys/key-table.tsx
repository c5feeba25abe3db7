import { useCallback } from "react";
import { text } from "../../text.ts";
import { Badge, Tag } from "../../ui/badge.tsx";
import { copyText } from "../../ui/copy-button.tsx";
import type { MenuEntry } from "../../ui/menu.tsx";
import { EmptyState } from "../../ui/states.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { Table } from "../../ui/table/table.tsx";
import { TimeCell, useNow } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { comesNext, isGone, type Key, shapes, shortKid } from "./states.ts";
import { words } from "./text.ts";

function ComesNext({ signingKey }: { signingKey: Key }) {
  return <>{comesNext(signingKey, useNow(60_000))}</>;
}

const COLUMNS: readonly Column<Key>[] = [
  {
    id: "key",
    header: words.key,
    width: "minmax(170px, 1fr)",
    narrow: "title",
    cell: (key) => (
      <span title={key.kid}>
        <code>{shortKid(key.kid)}</code> <Tag mono>{key.alg}</Tag>
      </span>
    ),
  },
  {
    id: "state",
    header: words.state,
    width: "minmax(110px, .7fr)",
    narrow: "status",
    cell: (key) => <Badge status={shapes[key.state]}>{words.states[key.state]}</Badge>,
  },
  {
    id: "published",
    header: words.published,
    width: "minmax(110px, .7fr)",
    low: true,
    cell: (key) => <TimeCell at={Date.parse(key.publishAt)} />,
  },
  {
    id: "next",
    header: words.changes,
    width: "minmax(220px, 1.6fr)",
    narrow: "detail",
    cell: (key) => <ComesNext signingKey={key} />,
  },
];

const keyOf = (key: Key) => key.kid;
const nameOf = (key: Key) => shortKid(key.kid);
const copyKid = async (kid: string) => toast((await copyText(kid)) ? words.copied : text.copy.refused);

/** Every key, those at work first, with what happens to it next. */
export function KeyTable({
  keys,
  locked,
  onRevoke,
}: {
  keys: readonly Key[];
  /** Why this person may revoke none. */
  locked: string | undefined;
  onRevoke: (key: Key) => void;
}) {
  const menu = useCallback(
    (key: Key): readonly MenuEntry[] => [
      { id: "copy", label: words.copyKid, icon: "copy", onAction: () => void copyKid(key.kid) },
      ...(isGone(key)
        ? []
        : ([
            "line",
            {
              id: "revoke",
              label: words.revoke,
              icon: "trash",
              danger: true,
              onAction: () => onRevoke(key),
              ...(locked === undefined ? {} : { disabledReason: locked }),
            },
          ] as const)),
    ],
    [locked, onRevoke],
  );
  return (
    <Table
      label={words.table}
      columns={COLUMNS}
      rows={keys}
      rowKey={keyOf}
      rowName={nameOf}
      menu={menu}
      empty={<EmptyState>{words.none}</EmptyState>}
      short
    />
  );
}

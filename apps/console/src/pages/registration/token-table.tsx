import { useCallback, useMemo } from "react";
import { text } from "../../text.ts";
import { Badge } from "../../ui/badge.tsx";
import { copyText } from "../../ui/copy-button.tsx";
import { LifeBar } from "../../ui/life-bar.tsx";
import type { MenuEntry } from "../../ui/menu.tsx";
import { EmptyState } from "../../ui/states.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { Table } from "../../ui/table/table.tsx";
import { TimeCell } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import type { Token } from "./documents.ts";
import { ceilingWords, shapes, tokenState } from "./state.ts";
import { words } from "./text.ts";

const { columns: heads } = words;

const COLUMNS: readonly Column<Token>[] = [
  {
    id: "name",
    header: heads.name,
    width: "minmax(180px, 1.4fr)",
    narrow: "title",
    cell: ({ name, hint }) => (
      <>
        <b>{name}</b> <code className="muted">…{hint}</code>
      </>
    ),
  },
  {
    id: "state",
    header: heads.state,
    width: "minmax(100px, .6fr)",
    narrow: "status",
    cell: (token, now) => {
      const state = tokenState(token, now);
      return <Badge status={shapes[state]}>{words.states[state]}</Badge>;
    },
  },
  {
    id: "uses",
    header: heads.uses,
    width: "minmax(100px, .6fr)",
    narrow: "aside",
    cell: ({ usesLeft, uses }) => (
      <span className="num">
        {words.left(usesLeft, uses)}
        <span className="only-narrow-inline">{words.ofUses}</span>
      </span>
    ),
  },
  {
    id: "ends",
    header: heads.ends,
    width: "minmax(150px, 1fr)",
    cell: ({ createdAt, expiresAt }, now) => (
      <LifeBar createdAt={Date.parse(createdAt)} expiresAt={expiresAt ? Date.parse(expiresAt) : null} now={now} />
    ),
  },
  {
    id: "access",
    header: heads.access,
    width: "minmax(170px, 1.2fr)",
    narrow: "detail",
    cell: ({ ceiling }) => ceilingWords(ceiling),
  },
  {
    id: "used",
    header: heads.used,
    width: "minmax(110px, .7fr)",
    low: true,
    cell: ({ lastUsedAt }) =>
      lastUsedAt ? <TimeCell at={Date.parse(lastUsedAt)} /> : <span className="muted">{words.never}</span>,
  },
];

const keyOf = ({ id }: Token) => id;
const nameOf = ({ name }: Token) => name;
const copyId = async (id: string) => toast((await copyText(id)) ? words.copied : text.copy.refused);

/** The tokens that register clients, newest first: what each is good for, and how long. */
export function TokenTable({
  tokens,
  locked,
  onRevoke,
}: {
  tokens: readonly Token[];
  /** Why this person may revoke none. */
  locked: string | undefined;
  onRevoke: (token: Token) => void;
}) {
  const total = useMemo(() => ({ value: tokens.length, exact: true }), [tokens.length]);
  const menu = useCallback(
    (token: Token): readonly MenuEntry[] => [
      { id: "copy", label: words.copyId, icon: "copy", onAction: () => void copyId(token.id) },
      ...(token.revokedAt
        ? []
        : ([
            "line",
            {
              id: "revoke",
              label: words.revoke,
              icon: "trash",
              danger: true,
              onAction: () => onRevoke(token),
              ...(locked === undefined ? {} : { disabledReason: locked }),
            },
          ] as const)),
    ],
    [locked, onRevoke],
  );
  return (
    <Table
      label={words.list}
      columns={COLUMNS}
      rows={tokens}
      rowKey={keyOf}
      rowName={nameOf}
      total={total}
      menu={menu}
      empty={<EmptyState>{words.none}</EmptyState>}
    />
  );
}

import { useCallback } from "react";
import { Badge } from "../../ui/badge.tsx";
import type { MenuEntry } from "../../ui/menu.tsx";
import { EmptyState } from "../../ui/states.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { Table } from "../../ui/table/table.tsx";
import { TimeCell } from "../../ui/time.tsx";
import type { Webhook } from "./documents.ts";
import { StateBadge } from "./state-badge.tsx";
import { words } from "./text.ts";

const { columns: heads } = words;

const COLUMNS: readonly Column<Webhook>[] = [
  {
    id: "name",
    header: heads.name,
    width: "minmax(220px, 1.6fr)",
    narrow: "title",
    cell: ({ name, host }) => (
      <>
        <b>{name}</b> <code className="muted">{host}</code>
      </>
    ),
  },
  {
    id: "state",
    header: heads.state,
    width: "minmax(80px, .5fr)",
    narrow: "status",
    cell: ({ isActive }) => (
      <Badge status={isActive ? "active" : "off"}>{isActive ? words.states.on : words.states.off}</Badge>
    ),
  },
  {
    id: "last",
    header: heads.last,
    width: "minmax(200px, 1.2fr)",
    narrow: "detail",
    cell: ({ deliveries }) => {
      const [last] = deliveries ?? [];
      if (!last) return <span className="muted">{words.never}</span>;
      return (
        <>
          <StateBadge {...last} /> <TimeCell at={Date.parse(last.lastTriedAt ?? last.createdAt)} />
        </>
      );
    },
  },
  {
    id: "secret",
    header: heads.secret,
    width: "minmax(160px, 1fr)",
    low: true,
    cell: ({ formerSecretEndsAt }, now) => (
      <span className="muted">
        {formerSecretEndsAt && Date.parse(formerSecretEndsAt) > now ? words.bothSign : words.oneSigns}
      </span>
    ),
  },
];

const keyOf = ({ id }: Webhook) => id;
const nameOf = ({ name }: Webhook) => name;

export type Act = "test" | "edit" | "renew" | "turn-off" | "turn-on" | "delete";

/** A workspace's webhooks, and what may be done to each. */
export function WebhookTable({
  webhooks,
  locked,
  onAct,
}: {
  webhooks: readonly Webhook[];
  /** Why nothing may be changed. */
  locked: string | undefined;
  onAct: (act: Act, webhook: Webhook) => void;
}) {
  const menu = useCallback(
    (row: Webhook): readonly MenuEntry[] => {
      const reason = locked === undefined ? {} : { disabledReason: locked };
      const entry = (id: Act, label: string) => ({ id, label, ...reason, onAction: () => onAct(id, row) });
      return [
        {
          ...entry("test", words.test),
          ...(row.isActive ? {} : { disabledReason: words.states.off }),
          icon: "play" as const,
        },
        { ...entry("edit", words.edit), icon: "edit" as const },
        { ...entry("renew", words.rotate), icon: "key" as const },
        row.isActive ? entry("turn-off", words.turnOff) : entry("turn-on", words.turnOn),
        "line",
        { ...entry("delete", words.remove), icon: "trash" as const, danger: true },
      ];
    },
    [locked, onAct],
  );
  return (
    <Table
      label={words.list}
      columns={COLUMNS}
      rows={webhooks}
      rowKey={keyOf}
      rowName={nameOf}
      total={{ value: webhooks.length, exact: true }}
      short
      menu={menu}
      {...(locked === undefined && { onOpen: (row: Webhook) => onAct("edit", row) })}
      empty={<EmptyState>{words.none}</EmptyState>}
    />
  );
}

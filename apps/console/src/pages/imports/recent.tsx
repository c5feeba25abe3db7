import { useParams } from "@tanstack/react-router";
import { useMemo } from "react";
import { number } from "../../format.ts";
import { Badge, type Status } from "../../ui/badge.tsx";
import { AppLink } from "../../ui/link.tsx";
import { EmptyState, MarginBlock } from "../../ui/states.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { Table } from "../../ui/table/table.tsx";
import { Time } from "../../ui/time.tsx";
import type { ListedImport } from "./documents.ts";
import { words } from "./text.ts";

const { recent: say } = words;

/** How an import stands, as a shape. */
export const shapes: Readonly<Record<ListedImport["state"], Status>> = {
  WAITING: "never",
  RUNNING: "transition",
  INTERRUPTED: "attention",
  DONE: "active",
};

const columnsOf = (params: { tenant: string; workspace: string }): readonly Column<ListedImport>[] => [
  {
    id: "made",
    header: say.columns.started,
    width: "minmax(170px, 1.2fr)",
    narrow: "title",
    cell: ({ id, createdAt }) => (
      <AppLink to={{ to: "/t/$tenant/w/$workspace/clients/import/$id", params: { ...params, id } }} className="name">
        <Time at={Date.parse(createdAt)} />
      </AppLink>
    ),
  },
  {
    id: "state",
    header: say.columns.state,
    width: "minmax(120px, .8fr)",
    narrow: "status",
    cell: ({ state }) => <Badge status={shapes[state]}>{words.states[state]}</Badge>,
  },
  {
    id: "clients",
    header: say.columns.made,
    width: "minmax(110px, .7fr)",
    narrow: "detail",
    look: "num",
    cell: ({ made }) => say.made(number(made)),
  },
  {
    id: "refused",
    header: say.columns.refused,
    width: "minmax(110px, .7fr)",
    narrow: "aside",
    look: "num",
    cell: ({ refused }) => say.refused(number(refused)),
  },
  { id: "format", header: say.columns.format, width: "minmax(80px, .5fr)", low: true, cell: ({ format }) => format },
];

const keyOf = ({ id }: ListedImport) => id;
const nameOf = ({ createdAt }: ListedImport) => createdAt;

/** What was imported lately, the newest first; each leads to its report. */
export function Recent({ imports }: { imports: readonly ListedImport[] }) {
  const params = useParams({ strict: false }) as { tenant: string; workspace: string };
  const columns = useMemo(() => columnsOf(params), [params]);
  return (
    <MarginBlock title={say.title} help={say.help}>
      <Table
        label={say.title}
        columns={columns}
        rows={imports}
        rowKey={keyOf}
        rowName={nameOf}
        empty={<EmptyState>{say.none}</EmptyState>}
        short
      />
    </MarginBlock>
  );
}

import { useParams } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { useClient } from "urql";
import { number } from "../../format.ts";
import { type Part, useMore } from "../../server/more.ts";
import { Id } from "../../ui/id.tsx";
import { AppLink } from "../../ui/link.tsx";
import { EmptyState } from "../../ui/states.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { Table } from "../../ui/table/table.tsx";
import { type Job, MoreImportedRows, type Row } from "./documents.ts";
import { words } from "./text.ts";

const { job: say } = words;

/** A line as the table has it: known by its number. */
interface Line extends Omit<Row, "id"> {
  readonly id: string;
  /** The client that was made. */
  readonly madeId: string | null;
}

const lineOf = ({ id, ...row }: Row): Line => ({ ...row, id: String(row.line), madeId: id ?? null });
const partOf = ({ nodes, pageInfo }: Part<Row>): Part<Line> => ({ nodes: nodes.map(lineOf), pageInfo });

const line: Column<Line> = {
  id: "line",
  header: say.columns.line,
  width: "80px",
  narrow: "status",
  look: "num soft",
  cell: ({ line }) => (
    <>
      <span className="only-narrow">{say.columns.line} </span>
      {number(line)}
    </>
  ),
};

const REFUSED: readonly Column<Line>[] = [
  line,
  {
    id: "name",
    header: say.columns.name,
    width: "minmax(140px, .7fr)",
    narrow: "title",
    cell: ({ name }) => (name ? <b className="cut">{name}</b> : <span className="muted">{say.nameless}</span>),
  },
  {
    id: "why",
    header: say.columns.why,
    width: "minmax(260px, 2fr)",
    narrow: "detail",
    cell: ({ problem, fix }) => (
      <span className="import-why" title={`${problem ?? ""} ${fix ?? ""}`}>
        {problem} <span className="muted">{fix}</span>
      </span>
    ),
  },
];

const madeColumns = (params: { tenant: string; workspace: string }): readonly Column<Line>[] => [
  line,
  {
    id: "name",
    header: say.columns.name,
    width: "minmax(160px, 1fr)",
    narrow: "title",
    cell: ({ name, madeId }) => (
      <AppLink
        to={{ to: "/t/$tenant/w/$workspace/clients/$id", params: { ...params, id: madeId ?? "" } }}
        className="name"
      >
        {name}
      </AppLink>
    ),
  },
  {
    id: "id",
    header: say.columns.id,
    width: "minmax(160px, 1fr)",
    narrow: "detail",
    cell: ({ clientId }) => <Id id={clientId ?? ""} />,
  },
];

const keyOf = ({ id }: Line) => id;
const nameOf = ({ name, line }: Line) => name || String(line);

/** The lines of a file that were refused, or became clients, in their order. */
export function RowsTable({ job, outcome, total }: { job: Job; outcome: "REFUSED" | "MADE"; total: number }) {
  const params = useParams({ strict: false }) as { tenant: string; workspace: string };
  const client = useClient();
  const { id } = job;
  const load = useCallback(
    async (after: string) => {
      const asked = { id, outcome, after };
      const { data } = await client.query(MoreImportedRows, asked, { requestPolicy: "network-only" }).toPromise();
      return data?.node?.__typename === "Import" ? partOf(data.node.rows) : null;
    },
    [client, id, outcome],
  );
  const first = useMemo(() => partOf(job.rows), [job.rows]);
  const { rows, hasMore, onMore } = useMore<Line>(`${id} ${outcome}`, first, load);
  const columns = useMemo(() => (outcome === "MADE" ? madeColumns(params) : REFUSED), [outcome, params]);
  return (
    <Table
      label={say.rows}
      columns={columns}
      rows={rows}
      rowKey={keyOf}
      rowName={nameOf}
      total={{ value: total, exact: true }}
      hasMore={hasMore}
      onMore={onMore}
      empty={<EmptyState>{outcome === "MADE" ? say.noneMade : say.noneRefused}</EmptyState>}
    />
  );
}

import { useMemo } from "react";
import { number } from "../../format.ts";
import type { SigningKeysPageQuery } from "../../gql/graphql.ts";
import { agentName } from "../../ui/agent.ts";
import { Badge } from "../../ui/badge.tsx";
import { EmptyState, MarginBlock } from "../../ui/states.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { Table } from "../../ui/table/table.tsx";
import { TimeCell } from "../../ui/time.tsx";
import { words } from "./text.ts";

/** A verifier as the page has it. */
export type Verifier = NonNullable<NonNullable<SigningKeysPageQuery["workspace"]>["jwksFetches"]>[number];

const { verifiers: say } = words;

/** What a verifier calls itself, for people. */
export const verifierName = ({ agent }: Pick<Verifier, "agent">): string => agentName(agent) ?? say.nameless;

const COLUMNS: readonly Column<Verifier>[] = [
  {
    id: "verifier",
    header: say.verifier,
    width: "minmax(160px, 1.4fr)",
    narrow: "title",
    cell: (verifier) => (
      <span className="cut" title={verifier.agent}>
        {verifierName(verifier)}
      </span>
    ),
  },
  {
    id: "address",
    header: say.address,
    width: "minmax(120px, 1fr)",
    narrow: "detail",
    cell: ({ address }) => <span className="mono">{address}</span>,
  },
  {
    id: "fetches",
    header: say.fetches,
    width: "minmax(80px, .5fr)",
    low: true,
    cell: ({ fetches }) => <span className="num">{number(fetches)}</span>,
  },
  {
    id: "last",
    header: say.last,
    width: "minmax(110px, .8fr)",
    narrow: "aside",
    cell: ({ lastAt }) => <TimeCell at={Date.parse(lastAt)} />,
  },
  {
    id: "holds",
    header: say.holds,
    width: "minmax(120px, .8fr)",
    narrow: "status",
    cell: ({ isCurrent }) => (
      <Badge status={isCurrent ? "active" : "attention"}>{isCurrent ? say.current : say.old}</Badge>
    ),
  },
];

const keyOf = ({ address, agent }: Verifier) => `${address} ${agent}`;

/** Who has fetched the key set: those that still hold an old one first. */
export function Verifiers({ fetches }: { fetches: readonly Verifier[] }) {
  const rows = useMemo(
    () => fetches.toSorted((a, b) => Number(a.isCurrent) - Number(b.isCurrent) || b.lastAt.localeCompare(a.lastAt)),
    [fetches],
  );
  const behind = rows.filter(({ isCurrent }) => !isCurrent).length;
  return (
    <div className="verifiers">
      <MarginBlock title={say.title} help={rows.length === 0 ? say.help : `${say.help} ${say.behind(behind)}`}>
        <Table
          label={say.title}
          columns={COLUMNS}
          rows={rows}
          rowKey={keyOf}
          rowName={verifierName}
          empty={<EmptyState>{say.none}</EmptyState>}
          short
        />
      </MarginBlock>
    </div>
  );
}

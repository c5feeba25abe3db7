import { useMemo } from "react";
import { EmptyState } from "../../ui/states.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { Table } from "../../ui/table/table.tsx";
import { TimeCell } from "../../ui/time.tsx";
import type { Delivery, Unmailed, Webhook } from "./documents.ts";
import { StateBadge } from "./state-badge.tsx";
import { words } from "./text.ts";

const { sent: say } = words;
const { columns: heads } = say;
const MOST = 20;

type Row = Delivery & { readonly to: string; readonly key: string };

function aboutOf({ isTest, clientName, credentialHint, daysBefore }: Delivery): string {
  if (isTest) return say.test;
  return `${daysBefore === 0 ? say.ended : say.ends(daysBefore ?? 0)}: ${clientName} …${credentialHint}`;
}

const COLUMNS: readonly Column<Row>[] = [
  {
    id: "about",
    header: heads.about,
    width: "minmax(200px, 1.4fr)",
    narrow: "title",
    cell: (row) => <b>{aboutOf(row)}</b>,
  },
  {
    id: "state",
    header: heads.state,
    width: "minmax(110px, .6fr)",
    narrow: "status",
    cell: (row) => <StateBadge {...row} />,
  },
  { id: "to", header: heads.to, width: "minmax(110px, .8fr)", cell: ({ to }) => to },
  {
    id: "when",
    header: heads.when,
    width: "minmax(100px, .6fr)",
    narrow: "aside",
    cell: ({ createdAt }) => <TimeCell at={Date.parse(createdAt)} />,
  },
  {
    id: "tries",
    header: heads.tries,
    width: "minmax(60px, .3fr)",
    low: true,
    cell: ({ attempts }) => <span className="num">{attempts}</span>,
  },
  {
    id: "reason",
    header: heads.reason,
    width: "minmax(240px, 2fr)",
    narrow: "detail",
    cell: ({ reason, nextTryAt }) =>
      reason !== null && (
        <span className="small">
          {reason}{" "}
          {nextTryAt !== null && (
            <span className="muted">
              {say.next} <TimeCell at={Date.parse(nextTryAt)} />
            </span>
          )}
        </span>
      ),
  },
];

const keyOf = ({ key }: Row) => key;

/** The newest notices of all webhooks, and those that could not be mailed: how far each has come, and why not further. */
export function DeliveryTable({ webhooks, unmailed }: { webhooks: readonly Webhook[]; unmailed: readonly Unmailed[] }) {
  const rows = useMemo(() => {
    const posted = webhooks.flatMap(({ id, name, deliveries }) =>
      (deliveries ?? []).map((one): Row => ({ ...one, to: name, key: `${one.messageId} ${id}` })),
    );
    const mailed = unmailed.map(
      (one, place): Row => ({ ...one, to: say.mail(one.mailedTo), key: `${one.messageId} mail ${place}` }),
    );
    return [...posted, ...mailed]
      .toSorted((one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt))
      .slice(0, MOST);
  }, [webhooks, unmailed]);
  return (
    <section className="below">
      <h2>{say.list}</h2>
      <Table
        label={say.list}
        columns={COLUMNS}
        rows={rows}
        rowKey={keyOf}
        rowName={aboutOf}
        total={{ value: rows.length, exact: true }}
        short
        empty={<EmptyState>{say.none}</EmptyState>}
      />
    </section>
  );
}

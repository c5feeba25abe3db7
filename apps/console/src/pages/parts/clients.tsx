import { useCallback, useMemo, useState } from "react";
import { Badge, Tag } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Id } from "../../ui/id.tsx";
import { LifeBar } from "../../ui/life-bar.tsx";
import { AppLink } from "../../ui/link.tsx";
import { EmptyState } from "../../ui/states.tsx";
import type { Column, Sort } from "../../ui/table/columns.ts";
import { Table } from "../../ui/table/table.tsx";
import { TimeCell, useNow } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { type SampleClient, sampleClients } from "./samples.ts";

const ALL = sampleClients(10_000);
const PAGE = 50;

function Life({ client }: { client: SampleClient }) {
  return <LifeBar createdAt={client.createdAt} expiresAt={client.expiresAt} now={useNow(60_000)} none="No secret" />;
}

const COLUMNS: readonly Column<SampleClient>[] = [
  {
    id: "name",
    header: "Client",
    width: "minmax(150px, 1.4fr)",
    sort: "NAME",
    narrow: "title",
    cell: (client) => (
      <>
        <AppLink to={{ to: "/parts", search: { q: client.name } }} className="name">
          {client.name}
        </AppLink>
        <Id id={client.id} />
      </>
    ),
  },
  {
    id: "methods",
    header: "Authenticates with",
    width: "minmax(120px, 1.1fr)",
    low: true,
    cell: (client) =>
      client.methods.map((one) => (
        <Tag key={one} mono>
          {one}
        </Tag>
      )),
  },
  {
    id: "access",
    header: "Access",
    width: "minmax(120px, 1fr)",
    low: true,
    cell: (client) => <span className="soft num">{client.access}</span>,
  },
  {
    id: "used",
    header: "Last used",
    width: "minmax(100px, 0.7fr)",
    sort: "LAST_USED",
    narrow: "detail",
    cell: (client) => (
      <span className="soft">
        <TimeCell at={client.lastUsedAt} />
      </span>
    ),
  },
  {
    id: "expires",
    header: "Expires in",
    width: "minmax(160px, 1.2fr)",
    sort: "EXPIRY",
    narrow: "aside",
    cell: (client) => <Life client={client} />,
  },
  {
    id: "status",
    header: "Status",
    width: "minmax(125px, 0.9fr)",
    narrow: "status",
    cell: (client) => <Badge status={client.status}>{client.words}</Badge>,
  },
];

/** The table on a long list: pages of fifty arrive as the view goes down. */
export function Clients() {
  const [loaded, setLoaded] = useState(PAGE);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set(["cli_9fTe2LwQ", "cli_f3HjB9us"]));
  const [sort, setSort] = useState<Sort>({ by: "LAST_USED", direction: "desc" });
  const rows = useMemo(() => ALL.slice(0, loaded), [loaded]);
  const more = useCallback(() => setLoaded((count) => Math.min(ALL.length, count + PAGE)), []);
  const menu = useCallback(
    (client: SampleClient) => [{ id: "disable", label: "Disable", onAction: () => toast(`${client.name} disabled`) }],
    [],
  );
  return (
    <Table
      label="Clients"
      columns={COLUMNS}
      rows={rows}
      rowKey={rowKey}
      rowName={rowName}
      total={{ value: ALL.length, exact: true }}
      hasMore={loaded < ALL.length}
      onMore={more}
      sort={sort}
      onSort={setSort}
      selected={selected}
      onSelect={setSelected}
      bulk={
        <>
          <Button icon="rotate" onPress={() => toast("Rotation is a job of the server")}>
            Rotate secrets
          </Button>
          <Button onPress={() => toast("Disabled")}>Disable</Button>
        </>
      }
      onOpen={open}
      onPeek={open}
      menu={menu}
      empty={<EmptyState>No clients yet.</EmptyState>}
    />
  );
}

const rowKey = (client: SampleClient) => client.id;
const rowName = (client: SampleClient) => client.name;
const open = (client: SampleClient) => toast(`${client.name} opens here`);

/** The states of a table that has nothing to show. */
export function EmptyTables() {
  const few = COLUMNS.slice(0, 1);
  return (
    <>
      <Table
        label="No clients"
        columns={few}
        rows={[]}
        rowKey={rowKey}
        rowName={rowName}
        empty={<EmptyState>No client matches.</EmptyState>}
      />
      <br />
      <Table
        label="Clients on their way"
        loading
        columns={few}
        rows={[]}
        rowKey={rowKey}
        rowName={rowName}
        empty={null}
      />
    </>
  );
}

import { useParams } from "@tanstack/react-router";
import { plural } from "../../format.ts";
import { Badge, type Status } from "../../ui/badge.tsx";
import { Id } from "../../ui/id.tsx";
import { LifeBar } from "../../ui/life-bar.tsx";
import { AppLink } from "../../ui/link.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { TimeCell, useNow } from "../../ui/time.tsx";
import type { ListedClient } from "./documents.ts";
import { words } from "./text.ts";

const SOON = 14 * 86_400_000;

/** How a client is, by the thing about it that matters most. */
export function statusOf({ status, summary }: ListedClient, now: number): readonly [Status, string] {
  const said = words.status;
  if (status === "DISABLED") return ["off", said.disabled];
  if (!summary) return ["active", said.active];
  if (!summary.secret) return ["attention", said.noSecret];
  const ends =
    summary.secret.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(summary.secret.expiresAt ?? "");
  if (ends <= now) return ["broken", said.expired];
  if (ends - now <= SOON) return ["attention", said.expiring];
  return summary.lastUsedAt ? ["active", said.active] : ["never", said.unused];
}

function NameCell({ client }: { client: ListedClient }) {
  const params = useParams({ strict: false }) as { tenant: string; workspace: string };
  const to = { to: "/t/$tenant/w/$workspace/clients/$id", params: { ...params, id: client.id } } as const;
  return (
    <>
      <AppLink to={to} className="name">
        {client.name}
      </AppLink>
      <Id id={client.clientId} />
    </>
  );
}

function StatusCell({ client }: { client: ListedClient }) {
  const [status, said] = statusOf(client, useNow(60_000));
  return <Badge status={status}>{said}</Badge>;
}

function ExpiryCell({ client: { summary } }: { client: ListedClient }) {
  const now = useNow(60_000);
  if (!summary?.secret) return <span className="muted">{words.noSecret}</span>;
  const { createdAt, expiresAt } = summary.secret;
  return <LifeBar createdAt={Date.parse(createdAt)} expiresAt={expiresAt ? Date.parse(expiresAt) : null} now={now} />;
}

const When = ({ at }: { at: number | null }) => (
  <span className="soft">
    <TimeCell at={at} />
  </span>
);

function accessWords({ summary }: ListedClient): string {
  if (!summary || summary.scopes === 0) return words.noAccess;
  return words.access(plural(summary.resources, "API"), plural(summary.scopes, "scope"));
}

const used = ({ summary }: ListedClient) => (summary?.lastUsedAt ? Date.parse(summary.lastUsedAt) : null);

/** The columns of the list; `sort` is the word in the address. */
export const columns: readonly Column<ListedClient>[] = [
  {
    id: "client",
    header: words.columns.client,
    width: "minmax(190px, 1.5fr)",
    narrow: "title",
    sort: "name",
    cell: (client) => <NameCell client={client} />,
  },
  {
    id: "access",
    header: words.columns.access,
    width: "minmax(120px, 1fr)",
    cell: (client) => <span className="soft num">{accessWords(client)}</span>,
  },
  {
    id: "used",
    header: words.columns.lastUsed,
    width: "minmax(100px, 0.7fr)",
    narrow: "detail",
    sort: "used",
    cell: (client) => <When at={used(client)} />,
  },
  {
    id: "expires",
    header: words.columns.expires,
    width: "minmax(156px, 1fr)",
    narrow: "aside",
    cell: (client) => <ExpiryCell client={client} />,
  },
  {
    id: "created",
    header: words.columns.created,
    width: "minmax(100px, 0.7fr)",
    sort: "created",
    low: true,
    cell: (client) => <When at={Date.parse(client.createdAt)} />,
  },
  {
    id: "status",
    header: words.columns.status,
    width: "minmax(126px, 0.8fr)",
    narrow: "status",
    cell: (client) => <StatusCell client={client} />,
  },
];

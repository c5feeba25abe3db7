import { plural } from "../../format.ts";
import { Badge, type Status as Shape } from "../../ui/badge.tsx";
import { Id } from "../../ui/id.tsx";
import { LifeBar } from "../../ui/life-bar.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { TimeCell } from "../../ui/time.tsx";
import type { ListedClient } from "./documents.ts";
import { words } from "./text.ts";

const SOON = 14 * 86_400_000;

/** How a client is, by the thing about it that matters most. */
export function statusOf({ status, approval, summary }: ListedClient, now: number): readonly [Shape, string] {
  const said = words.status;
  if (status === "DISABLED") return ["off", said.disabled];
  if (approval === "REFUSED") return ["broken", said.refused];
  if (approval === "WAITING") return ["attention", said.waiting];
  if (!summary) return ["active", said.active];
  if (!summary.credential) return ["attention", said.noCredential];
  const ends =
    summary.credential.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(summary.credential.expiresAt ?? "");
  if (ends <= now) return ["broken", said.expired];
  if (ends - now <= SOON) return ["attention", said.expiring];
  return summary.lastUsedAt ? ["active", said.active] : ["never", said.unused];
}

function Name({ client, address }: { client: ListedClient; address: string }) {
  return (
    <>
      <a href={address} className="name" data-row="">
        {client.name}
      </a>
      <Id id={client.clientId} />
    </>
  );
}

function Status({ client, now }: { client: ListedClient; now: number }) {
  const [status, said] = statusOf(client, now);
  return <Badge status={status}>{said}</Badge>;
}

function Expiry({ client: { summary }, now }: { client: ListedClient; now: number }) {
  if (!summary?.credential) return <span className="muted">{words.noCredential}</span>;
  const { createdAt, expiresAt } = summary.credential;
  return <LifeBar createdAt={Date.parse(createdAt)} expiresAt={expiresAt ? Date.parse(expiresAt) : null} now={now} />;
}

function accessWords({ summary }: ListedClient): string {
  if (!summary || summary.scopes === 0) return words.noAccess;
  return words.access(plural(summary.resources, "API"), plural(summary.scopes, "scope"));
}

const used = ({ summary }: ListedClient) => (summary?.lastUsedAt ? Date.parse(summary.lastUsedAt) : null);

/** The columns of the list; `sort` is the word in the address, `address` leads to a client's page by its id. */
export const columnsOf = (address: (id: string) => string): readonly Column<ListedClient>[] => [
  {
    id: "client",
    header: words.columns.client,
    width: "minmax(190px, 1.5fr)",
    narrow: "title",
    sort: "name",
    cell: (client) => <Name client={client} address={address(client.id)} />,
  },
  {
    id: "access",
    header: words.columns.access,
    width: "minmax(120px, 1fr)",
    look: "soft num",
    cell: accessWords,
  },
  {
    id: "used",
    header: words.columns.lastUsed,
    width: "minmax(100px, 0.7fr)",
    narrow: "detail",
    sort: "used",
    look: "soft",
    cell: (client, now) => <TimeCell at={used(client)} now={now} />,
  },
  {
    id: "expires",
    header: words.columns.expires,
    width: "minmax(156px, 1fr)",
    narrow: "aside",
    cell: (client, now) => <Expiry client={client} now={now} />,
  },
  {
    id: "created",
    header: words.columns.created,
    width: "minmax(100px, 0.7fr)",
    sort: "created",
    low: true,
    look: "soft",
    cell: (client, now) => <TimeCell at={Date.parse(client.createdAt)} now={now} />,
  },
  {
    id: "status",
    header: words.columns.status,
    width: "minmax(126px, 0.8fr)",
    narrow: "status",
    cell: (client, now) => <Status client={client} now={now} />,
  },
];

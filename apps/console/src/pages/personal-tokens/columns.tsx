import { Tag } from "../../ui/badge.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { TimeCell } from "../../ui/time.tsx";
import { EndsIn, StateBadge } from "../api-tokens/columns.tsx";
import type { Own } from "./documents.ts";
import { words } from "./text.ts";

const { columns: heads, permissions } = words;

/** What it is recognised by: the ends of a token, or of a client's id. */
const markOf = ({ __typename, id, hint }: Own) =>
  __typename === "PersonalClient" ? `cli_…${id.slice(-4)}` : `mmp_…${hint}`;

export const COLUMNS: readonly Column<Own>[] = [
  {
    id: "name",
    header: heads.name,
    width: "minmax(170px, 1.6fr)",
    narrow: "title",
    cell: (own) => (
      <>
        <span className="name">{own.name}</span>
        <span className="secret-hint">
          <code className="id">{markOf(own)}</code>
          {own.__typename === "PersonalClient" && <Tag>{words.clientCredentials}</Tag>}
        </span>
      </>
    ),
  },
  {
    id: "permissions",
    header: heads.permissions,
    width: "minmax(150px, 1.2fr)",
    low: true,
    look: "soft",
    cell: ({ followsPower, scopes }) => (followsPower ? permissions.all : permissions.some(scopes.length)),
  },
  {
    id: "used",
    header: heads.used,
    width: "minmax(110px, .8fr)",
    narrow: "detail",
    cell: ({ lastUsedAt, lastUsedAddress }) => (
      <>
        {lastUsedAt && <span className="only-narrow">{heads.usedOn} </span>}
        <TimeCell at={lastUsedAt ? Date.parse(lastUsedAt) : null} />
        {lastUsedAddress && <span className="small muted mono secret-from"> {lastUsedAddress}</span>}
      </>
    ),
  },
  {
    id: "expires",
    header: heads.expires,
    width: "minmax(150px, .9fr)",
    narrow: "aside",
    cell: (token, now) => <EndsIn token={token} now={now} />,
  },
  {
    id: "status",
    header: heads.status,
    width: "minmax(100px, .7fr)",
    narrow: "status",
    cell: (token, now) => <StateBadge token={token} now={now} />,
  },
];

import { Badge, Tag } from "../../ui/badge.tsx";
import { LifeBar } from "../../ui/life-bar.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { TimeCell } from "../../ui/time.tsx";
import type { ApiToken, ListedToken } from "./documents.ts";
import { type Dates, markOf, permissionWords, tokenState } from "./state.ts";
import { words } from "./text.ts";

const { columns: heads, marks } = words;

/** What it is recognised by, and where it came from. */
export function Mark({ token }: { token: ApiToken }) {
  return (
    <span className="secret-hint">
      <code className="id">{markOf(token)}</code>
      {token.isImported && <Tag>{marks.imported}</Tag>}
      {token.isMadeByOperator && <Tag>{marks.operator}</Tag>}
    </span>
  );
}

/** "6 days", "Never", "Expired". */
export function EndsIn({ token, now }: { token: Dates; now: number }) {
  if (token.revokedAt) return <span className="muted">–</span>;
  const expiresAt = token.expiresAt ? Date.parse(token.expiresAt) : null;
  return (
    <LifeBar
      createdAt={Date.parse(token.createdAt)}
      expiresAt={expiresAt}
      now={now}
      none={words.never}
      over={words.expired}
    />
  );
}

export function StateBadge({ token, now }: { token: Dates; now: number }) {
  const { status, word } = tokenState(token, now);
  return <Badge status={status}>{word}</Badge>;
}

/** The columns of a client's own list. */
export const COLUMNS: readonly Column<ApiToken>[] = [
  {
    id: "name",
    header: heads.name,
    width: "minmax(170px, 1.6fr)",
    narrow: "title",
    cell: (token) => (
      <>
        <span className="name">{token.name}</span>
        <Mark token={token} />
      </>
    ),
  },
  {
    id: "permissions",
    header: heads.permissions,
    width: "minmax(150px, 1.2fr)",
    low: true,
    look: "soft",
    cell: permissionWords,
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

const [nameColumn, ...others] = COLUMNS;

/** Those of the workspace's list: whose each token is, besides. */
export const listedColumns = (address: (clientId: string) => string): readonly Column<ListedToken>[] => [
  ...(nameColumn ? [nameColumn] : []),
  {
    id: "client",
    header: heads.client,
    width: "minmax(130px, 1fr)",
    cell: ({ client }) =>
      client ? (
        <a className="link" href={address(client.id)}>
          {client.name}
        </a>
      ) : (
        <span className="muted">{words.noClient}</span>
      ),
  },
  ...others,
];

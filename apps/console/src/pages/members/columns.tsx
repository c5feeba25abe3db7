import { Badge } from "../../ui/badge.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { TimeCell } from "../../ui/time.tsx";
import type { Member } from "./documents.ts";
import { rolesLine } from "./roles-of.ts";
import { words } from "./text.ts";

const { columns: heads } = words;

const name = (you: string | null | undefined): Column<Member> => ({
  id: "name",
  header: heads.name,
  width: "minmax(180px, 1.4fr)",
  narrow: "title",
  cell: (member) => (
    <>
      <b>{member.name}</b>
      {member.id === you && <span className="muted"> ({words.you})</span>}
      {member.account && <span className="muted small only-wide"> {member.account.email}</span>}
    </>
  ),
});

const roles: Column<Member> = {
  id: "roles",
  header: heads.roles,
  width: "minmax(180px, 1.2fr)",
  narrow: "detail",
  cell: ({ assignments }) => rolesLine(assignments),
};

const joined: Column<Member> = {
  id: "joined",
  header: heads.joined,
  width: "minmax(110px, .7fr)",
  low: true,
  cell: ({ createdAt }) => <TimeCell at={Date.parse(createdAt)} />,
};

/** What those see who look after the tenant's people. */
const account: readonly Column<Member>[] = [
  {
    id: "factor",
    header: heads.factor,
    width: "minmax(110px, .7fr)",
    narrow: "status",
    cell: ({ account }) =>
      account ? (
        <Badge status={account.hasSecondFactor || account.provider ? "active" : "never"}>
          {account.provider ?? (account.hasSecondFactor ? words.factor.on : words.factor.off)}
          <span className="sr"> ({heads.factor})</span>
        </Badge>
      ) : null,
  },
  {
    id: "seen",
    header: heads.seen,
    width: "minmax(110px, .7fr)",
    narrow: "aside",
    cell: ({ account }) =>
      account?.lastSeenAt ? (
        <TimeCell at={Date.parse(account.lastSeenAt)} />
      ) : (
        <span className="muted">{words.unseen}</span>
      ),
  },
];

/** @param you the member who looks */
export const columnsFor = (you: string | null | undefined, seesAccounts: boolean): readonly Column<Member>[] => [
  name(you),
  roles,
  ...(seesAccounts ? account : []),
  joined,
];

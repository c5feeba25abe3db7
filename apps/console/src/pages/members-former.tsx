import { useCallback, useState } from "react";
import { useClient } from "urql";
import { mayNot } from "../may-not.ts";
import { useMore } from "../server/more.ts";
import { usePage } from "../server/page.tsx";
import { NotYours } from "../ui/not-yours.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { EmptyState } from "../ui/states.tsx";
import type { Column } from "../ui/table/columns.ts";
import { Table } from "../ui/table/table.tsx";
import { TimeCell } from "../ui/time.tsx";
import { EraseDialog } from "./members/erase-dialog.tsx";
import {
  type FormerMember,
  FormerMembersPage,
  type FormerMembersPart,
  MoreFormerMembers,
} from "./members/former-documents.ts";
import { MemberTabs } from "./members/tabs.tsx";
import { words } from "./members/text.ts";
import "../styles/members.css";

const { former: say } = words;

const COLUMNS: readonly Column<FormerMember>[] = [
  {
    id: "name",
    header: words.columns.name,
    width: "minmax(180px, 1.4fr)",
    narrow: "title",
    cell: ({ name }) => <b>{name}</b>,
  },
  {
    id: "id",
    header: say.columns.id,
    width: "minmax(160px, 1fr)",
    narrow: "detail",
    cell: ({ id }) => <span className="mono small">{id}</span>,
  },
  {
    id: "removed",
    header: say.columns.removed,
    width: "minmax(110px, .7fr)",
    narrow: "aside",
    cell: ({ removedAt }) => <TimeCell at={Date.parse(removedAt)} />,
  },
  {
    id: "erased",
    header: say.columns.erased,
    width: "minmax(110px, .7fr)",
    narrow: "status",
    cell: ({ erasedAt }) =>
      erasedAt ? <TimeCell at={Date.parse(erasedAt)} /> : <span className="muted">{say.notErased}</span>,
  },
];

const keyOf = ({ id }: FormerMember) => id;
const nameOf = ({ name }: FormerMember) => name;

/** The people as far as they were scrolled; after a change anew. */
function useFormerMembers(first: FormerMembersPart | null | undefined) {
  const client = useClient();
  const [changes, setChanges] = useState(0);
  const load = useCallback(
    async (after: string) => {
      const { data } = await client.query(MoreFormerMembers, { after }, { requestPolicy: "network-only" }).toPromise();
      return data?.formerMembers ?? null;
    },
    [client],
  );
  const list = useMore<FormerMember>(`${first?.pageInfo.endCursor} ${changes}`, first, load);
  return { ...list, onChange: () => setChanges((before) => before + 1) };
}

/** Who was removed: what they did stays under their name, until somebody erases what names them. */
export function FormerMembers() {
  const page = usePage(FormerMembersPage, {});
  const { rows, hasMore, onMore, onChange } = useFormerMembers(page.data?.formerMembers);
  const [erasing, setErasing] = useState<FormerMember | null>(null);
  const locked = mayNot(page.data?.viewer.permissions ?? [], "member:erase");
  const menu = useCallback(
    (row: FormerMember) => {
      const disabledReason = locked ?? (row.erasedAt ? say.already : undefined);
      return [
        {
          id: "erase",
          label: say.erase,
          icon: "trash" as const,
          danger: true,
          onAction: () => setErasing(row),
          ...(disabledReason === undefined ? {} : { disabledReason }),
        },
      ];
    },
    [locked],
  );
  if (page.wait) return page.wait;
  const { formerMembers, viewer } = page.data;
  if (!formerMembers) return <NotYours what={say.hidden} />;
  const changed = () => {
    onChange();
    page.reload();
  };
  return (
    <>
      <PageHead title={words.title}>{say.lead}</PageHead>
      <MemberTabs current="former" may={viewer.permissions} />
      <Table
        label={say.list}
        columns={COLUMNS}
        rows={rows}
        rowKey={keyOf}
        rowName={nameOf}
        total={hasMore ? undefined : { value: rows.length, exact: true }}
        hasMore={hasMore}
        onMore={onMore}
        menu={menu}
        empty={<EmptyState>{say.none}</EmptyState>}
      />
      {erasing && <EraseDialog person={erasing} onClose={() => setErasing(null)} onDone={changed} />}
    </>
  );
}

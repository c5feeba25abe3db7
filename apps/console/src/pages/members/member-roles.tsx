import { useCallback, useState } from "react";
import { sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { text } from "../../text.ts";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { LifeBar } from "../../ui/life-bar.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { Table } from "../../ui/table/table.tsx";
import { Time, useNow } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { GiveMemberRole, type Member, type MemberAssignment, TakeMemberRole } from "./documents.ts";
import { givenAgain, placeOf } from "./roles-of.ts";
import { words } from "./text.ts";

const { sheet: say } = words;

function Ends({ row }: { row: MemberAssignment }) {
  const now = useNow(60_000);
  const begins = Date.parse(row.notBefore);
  // The clock of this column is a minute coarse.
  if (begins > now + 60_000)
    return (
      <span>
        {say.begins} <Time at={begins} />
      </span>
    );
  return <LifeBar createdAt={begins} expiresAt={row.expiresAt ? Date.parse(row.expiresAt) : null} now={now} />;
}

const COLUMNS: readonly Column<MemberAssignment>[] = [
  { id: "role", header: say.role, width: "minmax(90px, 1fr)", narrow: "title", cell: ({ role }) => role?.name },
  { id: "place", header: say.place, width: "minmax(110px, 1.2fr)", narrow: "detail", cell: placeOf },
  { id: "ends", header: say.ends, width: "minmax(120px, 1fr)", narrow: "aside", cell: (row) => <Ends row={row} /> },
];

const keyOf = ({ id }: MemberAssignment) => id;
const nameOf = ({ role, id }: MemberAssignment) => role?.name ?? id;

/** Takes a role back at once, and gives it again when the person changes their mind. */
function useTakeBack({ id: memberId, name }: Member, onChanged: () => void) {
  const take = useMutate(TakeMemberRole);
  const give = useMutate(GiveMemberRole);
  return useCallback(
    async (row: MemberAssignment) => {
      const done = await take({ id: row.id });
      if (!done.ok) return toast(sentence(done.failures[0]));
      onChanged();
      const undo = async () => {
        const again = givenAgain(row, memberId, Date.now());
        if (!again) return;
        const undone = await give(again);
        toast(undone.ok ? text.toast.undone : `${text.toast.undoFailed} ${sentence(undone.failures[0])}`);
        onChanged();
      };
      toast(say.took(nameOf(row), name), givenAgain(row, memberId, Date.now()) && undo);
    },
    [take, give, memberId, name, onChanged],
  );
}

/** The roles of one member: where each counts and until when. */
export function MemberRoles({
  member,
  isYou,
  locked,
  onChanged,
}: {
  member: Member;
  isYou: boolean;
  /** Why this person may take none back. */
  locked: string | undefined;
  onChanged: () => void;
}) {
  const takeBack = useTakeBack(member, onChanged);
  const [asking, setAsking] = useState<MemberAssignment | null>(null);
  const menu = useCallback(
    (row: MemberAssignment) => [
      {
        id: "take",
        label: say.take,
        icon: "trash" as const,
        danger: true,
        onAction: () => (isYou ? setAsking(row) : void takeBack(row)),
        ...(locked === undefined ? {} : { disabledReason: locked }),
      },
    ],
    [takeBack, isYou, locked],
  );
  return (
    <>
      <Table
        label={say.rolesTable(member.name)}
        columns={COLUMNS}
        rows={member.assignments ?? []}
        rowKey={keyOf}
        rowName={nameOf}
        menu={menu}
        empty={<p className="state">{say.noRoles}</p>}
        short
      />
      {asking && (
        <ConfirmDialog
          open
          title={say.askOwn(nameOf(asking))}
          confirm={say.confirmOwn}
          destructive
          onCancel={() => setAsking(null)}
          onConfirm={() => {
            setAsking(null);
            void takeBack(asking);
          }}
        >
          <p>{say.ownEffect}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

import { useCallback, useState } from "react";
import { mayNot } from "../../may-not.ts";
import { sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { text } from "../../text.ts";
import { Button } from "../../ui/button.tsx";
import { LifeBar } from "../../ui/life-bar.tsx";
import { EmptyState, MarginBlock } from "../../ui/states.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { Table } from "../../ui/table/table.tsx";
import { TimeCell, useNow } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { createAssignment, GiveRole, type RoleChoice } from "./give-role.tsx";
import { at } from "./state.ts";
import { words } from "./text.ts";

const deleteAssignment = graphql(`
  mutation DeleteAssignment($input: DeleteAssignmentInput!) {
    deleteAssignment(input: $input) {
      deletedAssignmentId
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

interface AssignmentRow {
  readonly id: string;
  readonly createdAt: string;
  readonly expiresAt?: string | null;
  readonly everywhere: boolean;
  readonly role?: { readonly id: string; readonly name: string } | null;
  readonly targetWorkspace?: { readonly id: string; readonly name: string } | null;
}

function Ends({ row }: { row: AssignmentRow }) {
  const now = useNow(60_000);
  return <LifeBar createdAt={at(row.createdAt) ?? now} expiresAt={at(row.expiresAt)} now={now} />;
}

const targetOf = ({ everywhere, targetWorkspace }: AssignmentRow): string =>
  everywhere ? words.roles.everywhere : (targetWorkspace?.name ?? words.roles.hidden);

const COLUMNS: readonly Column<AssignmentRow>[] = [
  { id: "role", header: words.roles.role, width: "minmax(120px, 1fr)", narrow: "title", cell: (row) => row.role?.name },
  { id: "target", header: words.roles.target, width: "minmax(140px, 1.4fr)", narrow: "detail", cell: targetOf },
  {
    id: "given",
    header: words.roles.given,
    width: "minmax(100px, 1fr)",
    low: true,
    cell: (row) => <TimeCell at={at(row.createdAt)} />,
  },
  {
    id: "expires",
    header: words.roles.expires,
    width: "minmax(150px, 1fr)",
    narrow: "aside",
    cell: (row) => <Ends row={row} />,
  },
];

const keyOf = (row: AssignmentRow) => row.id;
const nameOf = (row: AssignmentRow) => row.role?.name ?? row.id;

/** Takes a role back at once, and gives it again when the person changes their mind. */
function useTakeBack(clientId: string) {
  const take = useMutate(deleteAssignment);
  const give = useMutate(createAssignment);
  return useCallback(
    async (row: AssignmentRow) => {
      const done = await take({ id: row.id });
      if (!done.ok) return toast(sentence(done.failures[0]));
      const { role, everywhere, targetWorkspace: target, expiresAt = null } = row;
      const undo =
        role && (everywhere || target)
          ? async () => {
              const where = everywhere ? { everywhere } : { targetWorkspaceId: target?.id ?? "" };
              const undone = await give({ roleId: role.id, clientId, ...where, expiresAt });
              toast(undone.ok ? text.toast.undone : `${text.toast.undoFailed} ${sentence(undone.failures[0])}`);
            }
          : undefined;
      toast(words.roles.removed(nameOf(row)), undo);
    },
    [take, give, clientId],
  );
}

/** The roles that a client holds: where each counts and until when. */
export function Roles({
  client,
  workspace,
  roles,
  assignments,
  workspaces,
}: {
  client: { readonly id: string; readonly name: string };
  workspace: { readonly id: string; readonly kind: string; readonly viewerPermissions: readonly string[] };
  roles: readonly RoleChoice[];
  assignments: readonly AssignmentRow[];
  workspaces: readonly { readonly id: string; readonly name: string }[];
}) {
  const [open, setOpen] = useState(false);
  const takeBack = useTakeBack(client.id);
  const locked =
    mayNot(workspace.viewerPermissions, "assignment:write") ??
    mayNot(workspace.viewerPermissions, "client-grant:write");
  const menu = useCallback(
    (row: AssignmentRow) => [
      {
        id: "remove",
        label: words.roles.remove,
        icon: "trash" as const,
        danger: true,
        onAction: () => void takeBack(row),
        ...(locked === undefined ? {} : { disabledReason: locked }),
      },
    ],
    [takeBack, locked],
  );
  return (
    <MarginBlock
      title={words.roles.title}
      help={words.roles.help}
      action={
        <Button icon="plus" disabledReason={locked} onPress={() => setOpen(true)}>
          {words.roles.add}
        </Button>
      }
    >
      <Table
        label={words.roles.table}
        columns={COLUMNS}
        rows={assignments}
        rowKey={keyOf}
        rowName={nameOf}
        menu={menu}
        empty={<EmptyState>{words.roles.none}</EmptyState>}
        short
      />
      {open && (
        <GiveRole
          client={client}
          workspace={workspace}
          roles={roles}
          workspaces={workspaces}
          onClose={() => setOpen(false)}
        />
      )}
    </MarginBlock>
  );
}

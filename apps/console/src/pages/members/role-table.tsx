import { useCallback } from "react";
import { Badge } from "../../ui/badge.tsx";
import type { MenuEntry } from "../../ui/menu.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { Table } from "../../ui/table/table.tsx";
import type { Role } from "./documents.ts";
import { boundBy, holdersLine } from "./holders.ts";
import { words } from "./text.ts";

const { roles: say } = words;

const COLUMNS: readonly Column<Role>[] = [
  {
    id: "name",
    header: say.columns.name,
    width: "minmax(160px, 1fr)",
    narrow: "title",
    cell: ({ name }) => <b>{name}</b>,
  },
  {
    id: "kind",
    header: say.columns.kind,
    width: "100px",
    narrow: "status",
    cell: ({ isBuiltIn }) => (
      <Badge status={isBuiltIn ? "off" : "active"}>{isBuiltIn ? say.builtIn : say.custom}</Badge>
    ),
  },
  {
    id: "can",
    header: say.columns.can,
    width: "130px",
    narrow: "aside",
    cell: ({ scopes }) => say.can(scopes?.length ?? 0),
  },
  { id: "who", header: say.columns.who, width: "minmax(180px, 1.4fr)", narrow: "detail", cell: holdersLine },
];

const keyOf = ({ id }: Role) => id;
const nameOf = ({ name }: Role) => name;

/** What may be done with the roles of the list. */
export interface RoleActs {
  readonly onOpen: (role: Role) => void;
  readonly onCopy: (role: Role) => void;
  readonly onEdit: (role: Role) => void;
  readonly onDelete: (role: Role) => void;
}

/** The roles of the tenant, the newest first. */
export function RoleTable({
  roles,
  hasMore,
  onMore,
  locked,
  mayInAdmin,
  onOpen,
  onCopy,
  onEdit,
  onDelete,
}: RoleActs & {
  roles: readonly Role[];
  hasMore: boolean;
  onMore: () => void;
  /** Why this person may change none. */
  locked: string | undefined;
  /** What they may do in the admin workspace. */
  mayInAdmin: readonly string[];
}) {
  const menu = useCallback(
    (role: Role): readonly MenuEntry[] => {
      const off = locked === undefined ? {} : { disabledReason: locked };
      // A role that lets nobody do anything goes without being taken from anybody.
      const bound = locked ?? (role.scopes?.length ? boundBy(role, mayInAdmin) : undefined);
      const stays = bound === undefined ? {} : { disabledReason: bound };
      const copy = { id: "copy", label: say.copy, icon: "copy", onAction: () => onCopy(role), ...off } as const;
      if (role.isBuiltIn) return [copy];
      return [
        { id: "edit", label: say.edit, icon: "edit", onAction: () => onEdit(role), ...off },
        copy,
        "line",
        { id: "delete", label: say.delete, icon: "trash", danger: true, onAction: () => onDelete(role), ...stays },
      ];
    },
    [locked, mayInAdmin, onCopy, onEdit, onDelete],
  );
  return (
    <Table
      label={say.list}
      columns={COLUMNS}
      rows={roles}
      rowKey={keyOf}
      rowName={nameOf}
      total={hasMore ? undefined : { value: roles.length, exact: true }}
      hasMore={hasMore}
      onMore={onMore}
      onOpen={onOpen}
      menu={menu}
      empty={<p className="state">{say.none}</p>}
    />
  );
}

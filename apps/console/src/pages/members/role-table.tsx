import { useCallback } from "react";
import { Badge } from "../../ui/badge.tsx";
import type { MenuEntry } from "../../ui/menu.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { Table } from "../../ui/table/table.tsx";
import type { Role } from "./documents.ts";
import { words } from "./text.ts";

const { roles: say } = words;

/** Who has it: the first by name, and how many more are known of. */
function holders({ assignments }: Role): string {
  const all = assignments?.nodes ?? [];
  const names = [...new Set(all.flatMap(({ member, client }) => member?.name ?? client?.name ?? []))];
  const [first] = names;
  if (all.length === 0) return say.nobody;
  if (assignments?.pageInfo.hasNextPage) return `${first ?? ""} ${say.someOthers}`.trim();
  const others = all.length - (first === undefined ? 0 : 1);
  return others === 0 ? (first ?? "") : [first, say.others(others)].filter(Boolean).join(", ");
}

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
  { id: "who", header: say.columns.who, width: "minmax(180px, 1.4fr)", narrow: "detail", cell: holders },
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
  locked,
  onOpen,
  onCopy,
  onEdit,
  onDelete,
}: RoleActs & {
  roles: readonly Role[];
  /** Why this person may change none. */
  locked: string | undefined;
}) {
  const menu = useCallback(
    (role: Role): readonly MenuEntry[] => {
      const off = locked === undefined ? {} : { disabledReason: locked };
      const copy = { id: "copy", label: say.copy, icon: "copy", onAction: () => onCopy(role), ...off } as const;
      if (role.isBuiltIn) return [copy];
      return [
        { id: "edit", label: say.edit, icon: "edit", onAction: () => onEdit(role), ...off },
        copy,
        "line",
        { id: "delete", label: say.delete, icon: "trash", danger: true, onAction: () => onDelete(role), ...off },
      ];
    },
    [locked, onCopy, onEdit, onDelete],
  );
  return (
    <Table
      label={say.list}
      columns={COLUMNS}
      rows={roles}
      rowKey={keyOf}
      rowName={nameOf}
      total={{ value: roles.length, exact: true }}
      onOpen={onOpen}
      menu={menu}
      empty={<p className="state">{say.none}</p>}
    />
  );
}

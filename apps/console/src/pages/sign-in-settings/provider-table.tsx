import { useCallback } from "react";
import { Badge } from "../../ui/badge.tsx";
import type { MenuEntry } from "../../ui/menu.tsx";
import { EmptyState } from "../../ui/states.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { Table } from "../../ui/table/table.tsx";
import { rolesLine } from "../members/roles-of.ts";
import type { Provider } from "./documents.ts";
import { words } from "./text.ts";

const { columns: heads } = words;

const COLUMNS: readonly Column<Provider>[] = [
  {
    id: "name",
    header: heads.name,
    width: "minmax(220px, 1.6fr)",
    narrow: "title",
    cell: ({ name, issuer }) => (
      <>
        <b>{name}</b> <code className="muted">{issuer}</code>
      </>
    ),
  },
  {
    id: "state",
    header: heads.state,
    width: "minmax(80px, .5fr)",
    narrow: "status",
    cell: ({ isActive }) => (
      <Badge status={isActive ? "active" : "off"}>{isActive ? words.states.on : words.states.off}</Badge>
    ),
  },
  {
    id: "joining",
    header: heads.joining,
    width: "minmax(180px, 1.2fr)",
    narrow: "detail",
    cell: ({ joining, roles }) =>
      joining === "ANYONE" ? `${words.joining[joining]}: ${rolesLine(roles)}` : words.joining[joining],
  },
  {
    id: "required",
    header: heads.required,
    width: "minmax(110px, .7fr)",
    low: true,
    cell: ({ isRequired }) => (isRequired ? words.required.yes : words.required.no),
  },
];

const keyOf = ({ id }: Provider) => id;
const nameOf = ({ name }: Provider) => name;

export type Act = "edit" | "turn-off" | "turn-on" | "delete";

/** The tenant's providers, and what may be done to each. */
export function ProviderTable({
  providers,
  locked,
  onAct,
}: {
  providers: readonly Provider[];
  /** Why nothing may be changed. */
  locked: string | undefined;
  onAct: (act: Act, provider: Provider) => void;
}) {
  const menu = useCallback(
    (row: Provider): readonly MenuEntry[] => {
      const reason = locked === undefined ? {} : { disabledReason: locked };
      const entry = (id: Act, label: string) => ({ id, label, ...reason, onAction: () => onAct(id, row) });
      return [
        { ...entry("edit", words.edit), icon: "edit" as const },
        row.isActive ? entry("turn-off", words.turnOff) : entry("turn-on", words.turnOn),
        { ...entry("delete", words.remove), icon: "trash" as const, danger: true },
      ];
    },
    [locked, onAct],
  );
  return (
    <Table
      label={words.list}
      columns={COLUMNS}
      rows={providers}
      rowKey={keyOf}
      rowName={nameOf}
      total={{ value: providers.length, exact: true }}
      menu={menu}
      {...(locked === undefined && { onOpen: (row: Provider) => onAct("edit", row) })}
      empty={<EmptyState>{words.none}</EmptyState>}
    />
  );
}

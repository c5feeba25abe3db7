import { useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { copyText } from "../../ui/copy-button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { SearchField } from "../../ui/field.tsx";
import type { MenuEntry } from "../../ui/menu.tsx";
import { EmptyState } from "../../ui/states.tsx";
import type { Column } from "../../ui/table/columns.ts";
import { Table } from "../../ui/table/table.tsx";
import { TimeCell } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { AddScope } from "./add-scope.tsx";
import { DeleteScope } from "./documents.ts";
import { EditScope } from "./edit-scope.tsx";
import { useApiAddress } from "./head.tsx";
import { words } from "./text.ts";

export interface ScopeRow {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly createdAt: string;
  readonly clientCount?: number | null;
}

const { scopes: own } = words;

const COLUMNS: readonly Column<ScopeRow>[] = [
  {
    id: "name",
    header: own.scope,
    width: "minmax(180px, 1.2fr)",
    narrow: "title",
    cell: (row) => <code className="name mono">{row.name}</code>,
  },
  {
    id: "allows",
    header: own.allows,
    width: "minmax(200px, 2.4fr)",
    narrow: "detail",
    cell: (row) => row.description || <span className="muted">{own.noDescription}</span>,
  },
  {
    id: "clients",
    header: own.clients,
    width: "100px",
    narrow: "status",
    cell: (row) => (
      <span className="num">
        {row.clientCount ?? "–"}
        <span className="only-narrow-inline"> {words.clientWord(row.clientCount)}</span>
      </span>
    ),
  },
  {
    id: "created",
    header: own.created,
    width: "140px",
    low: true,
    cell: (row) => <TimeCell at={Date.parse(row.createdAt)} />,
  },
];

const rowKey = (row: ScopeRow) => row.id;
const rowName = (row: ScopeRow) => row.name;

/** The question before a scope goes, with what it costs. */
function DeleteDialog({ scope, onClose }: { scope: ScopeRow | null; onClose: () => void }) {
  const remove = useMutate(DeleteScope);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  if (!scope) return null;
  const held = scope.clientCount ?? 0;
  const confirm = async () => {
    setPending(true);
    const done = await remove({ id: scope.id });
    setPending(false);
    if (!done.ok) return setError(sentence(done.failures[0]));
    toast(own.removed(scope.name));
    onClose();
  };
  return (
    <ConfirmDialog
      open
      title={own.removeTitle(scope.name)}
      confirm={own.removeConfirm(scope.name)}
      destructive
      {...(held > 0 ? { typed: scope.name } : {})}
      pending={pending}
      error={error}
      onCancel={onClose}
      onConfirm={() => void confirm()}
    >
      <p>{held > 0 ? own.removeHeld(held, scope.name) : own.removeFree(scope.name)}</p>
      <p>{own.removeLives}</p>
    </ConfirmDialog>
  );
}

/** The scopes of an API: find, add, describe, delete. */
export function ScopeTable({
  apiId,
  scopes,
  whyNot,
}: {
  apiId: string;
  scopes: readonly ScopeRow[];
  whyNot: string | undefined;
}) {
  const [q, setQ] = useState("");
  const [edited, setEdited] = useState<ScopeRow | null>(null);
  const [deleted, setDeleted] = useState<ScopeRow | null>(null);
  const { tenant, workspace, id } = useApiAddress();
  const navigate = useNavigate();
  const rows = useMemo(() => {
    const wanted = q.trim().toLowerCase();
    return scopes.filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(wanted));
  }, [scopes, q]);
  const menu = useCallback(
    (row: ScopeRow): MenuEntry[] => {
      const off = whyNot === undefined ? {} : { disabledReason: whyNot };
      return [
        {
          id: "copy",
          label: own.copy,
          icon: "copy",
          onAction: () => void copyText(row.name).then((done) => done && toast(own.nameCopied)),
        },
        {
          id: "clients",
          label: own.whoHas,
          icon: "client",
          onAction: () =>
            void navigate({ to: "/t/$tenant/w/$workspace/apis/$id/clients", params: { tenant, workspace, id } }),
        },
        "line",
        { id: "edit", label: own.edit, icon: "edit", ...off, onAction: () => setEdited(row) },
        { id: "delete", label: own.remove, icon: "trash", danger: true, ...off, onAction: () => setDeleted(row) },
      ];
    },
    [whyNot, navigate, tenant, workspace, id],
  );
  const open = useCallback((row: ScopeRow) => setEdited(row), []);
  return (
    <>
      {scopes.length > 8 && (
        <div className="filters">
          <SearchField label={own.search} placeholder={own.search} value={q} onChange={setQ} />
        </div>
      )}
      <Table
        label={own.label}
        columns={COLUMNS}
        rows={rows}
        rowKey={rowKey}
        rowName={rowName}
        total={{ value: scopes.length, exact: true }}
        menu={menu}
        {...(whyNot === undefined ? { onOpen: open } : {})}
        empty={<EmptyState>{q ? own.noMatch(q) : own.empty}</EmptyState>}
      />
      {whyNot === undefined ? <AddScope apiId={apiId} taken={scopes} /> : null}
      {edited && <EditScope scope={edited} onClose={() => setEdited(null)} />}
      <DeleteDialog key={deleted?.id} scope={deleted} onClose={() => setDeleted(null)} />
    </>
  );
}

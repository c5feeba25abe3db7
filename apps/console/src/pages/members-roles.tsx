import { useCallback, useMemo, useState } from "react";
import { useClient } from "urql";
import { mayNot } from "../may-not.ts";
import { sentence } from "../server/ask.ts";
import { useMore } from "../server/more.ts";
import { useMutate } from "../server/mutate.ts";
import { usePage } from "../server/page.tsx";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/dialog.tsx";
import { NotYours } from "../ui/not-yours.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { toast } from "../ui/toast.tsx";
import { type AdminRoles, DeleteRole, MoreRoleRows, type Role, RolesPage } from "./members/documents.ts";
import { boundBy, holdersOf } from "./members/holders.ts";
import type { Wanted } from "./members/role-draft.ts";
import { RoleForm } from "./members/role-form.tsx";
import { RoleSheet } from "./members/role-sheet.tsx";
import { RoleTable } from "./members/role-table.tsx";
import { MemberTabs } from "./members/tabs.tsx";
import { words } from "./members/text.ts";
import "../styles/members.css";

const { roles: say } = words;

/** The question before a role goes, with who loses it. */
function DeleteDialog({ role, onClose, onDone }: { role: Role; onClose: () => void; onDone: () => void }) {
  const remove = useMutate(DeleteRole);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const { id, name } = role;
  const { count, isWhole } = holdersOf(role, Date.now());
  const confirm = async () => {
    setPending(true);
    const done = await remove({ id });
    setPending(false);
    if (!done.ok) return setError(sentence(done.failures[0]));
    toast(say.deleted(name));
    onDone();
    onClose();
  };
  return (
    <ConfirmDialog
      open
      title={say.ask(name)}
      confirm={say.confirm}
      destructive
      pending={pending}
      error={error}
      onCancel={onClose}
      onConfirm={() => void confirm()}
    >
      <p>{say.lose(count, isWhole)}</p>
    </ConfirmDialog>
  );
}

/** The roles as far as they were scrolled; after a change, and where the first part ends elsewhere, anew. */
function useRoles(first: AdminRoles["roles"] | undefined) {
  const client = useClient();
  const [changes, setChanges] = useState(0);
  const load = useCallback(
    async (after: string) => {
      const { data } = await client.query(MoreRoleRows, { after }, { requestPolicy: "network-only" }).toPromise();
      return data?.admin?.roles ?? null;
    },
    [client],
  );
  const list = useMore<Role>(`${first?.pageInfo.endCursor} ${changes}`, first, load);
  return { ...list, onChange: () => setChanges((before) => before + 1) };
}

type Over = { readonly at: "role" | "delete"; readonly role: Role } | { readonly at: "form"; readonly wanted: Wanted };

/** The roles of the tenant: what each may do, who has it, and roles of one's own. */
export function MemberRolesPage() {
  const page = usePage(RolesPage, {});
  const { rows, hasMore, onMore, onChange } = useRoles(page.data?.admin?.roles);
  const [over, setOver] = useState<Over | null>(null);
  const acts = useMemo(
    () => ({
      onOpen: (role: Role) => setOver({ at: "role", role }),
      onCopy: (role: Role) => setOver({ at: "form", wanted: { kind: "create", from: role } }),
      onEdit: (role: Role) => setOver({ at: "form", wanted: { kind: "edit", role } }),
      onDelete: (role: Role) => setOver({ at: "delete", role }),
    }),
    [],
  );
  if (page.wait) return page.wait;
  const { admin, viewer } = page.data;
  if (!admin?.roles || !viewer.permissions.includes("role:read")) return <NotYours what={say.hidden} />;
  const locked = mayNot(viewer.permissions, "role:write");
  const scopes = admin.resources?.nodes.find(({ isOwnApi }) => isOwnApi)?.scopes ?? [];
  const close = () => setOver(null);
  const changed = () => {
    onChange();
    page.reload();
  };
  return (
    <>
      <PageHead
        title={words.title}
        actions={
          <Button
            variant="primary"
            icon="plus"
            disabledReason={locked}
            onPress={() => setOver({ at: "form", wanted: { kind: "create" } })}
          >
            {say.create}
          </Button>
        }
      >
        {say.lead}
      </PageHead>
      <MemberTabs current="roles" may={viewer.permissions} />
      <RoleTable
        roles={rows}
        hasMore={hasMore}
        onMore={onMore}
        locked={locked}
        mayInAdmin={admin.viewerPermissions}
        {...acts}
      />
      {over?.at === "role" && <RoleSheet role={over.role} onClose={close} />}
      {over?.at === "delete" && <DeleteDialog role={over.role} onClose={close} onDone={changed} />}
      {over?.at === "form" && (
        <RoleForm
          wanted={over.wanted}
          workspaceId={admin.id}
          scopes={scopes}
          held={viewer.permissions}
          bound={over.wanted.kind === "edit" ? boundBy(over.wanted.role, admin.viewerPermissions) : undefined}
          onSaved={changed}
          onClose={close}
        />
      )}
    </>
  );
}

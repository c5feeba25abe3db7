import { useMemo, useState } from "react";
import { mayNot } from "../may-not.ts";
import { sentence } from "../server/ask.ts";
import { useMutate } from "../server/mutate.ts";
import { usePage } from "../server/page.tsx";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/dialog.tsx";
import { NotYours } from "../ui/not-yours.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { toast } from "../ui/toast.tsx";
import { DeleteRole, type Role, RolesPage } from "./members/documents.ts";
import { RoleForm, type Wanted } from "./members/role-form.tsx";
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
  const { id, name, assignments } = role;
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
      <p>{say.lose(assignments?.nodes.length ?? 0, assignments?.pageInfo.hasNextPage ?? false)}</p>
    </ConfirmDialog>
  );
}

type Over = { readonly at: "role" | "delete"; readonly role: Role } | { readonly at: "form"; readonly wanted: Wanted };

/** The roles of the tenant: what each may do, who has it, and roles of one's own. */
export function MemberRolesPage() {
  const page = usePage(RolesPage, {});
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
      <RoleTable roles={admin.roles.nodes} locked={locked} {...acts} />
      {over?.at === "role" && <RoleSheet role={over.role} onClose={close} />}
      {over?.at === "delete" && <DeleteDialog role={over.role} onClose={close} onDone={page.reload} />}
      {over?.at === "form" && (
        <RoleForm
          wanted={over.wanted}
          workspaceId={admin.id}
          scopes={scopes}
          held={viewer.permissions}
          onSaved={page.reload}
          onClose={close}
        />
      )}
    </>
  );
}

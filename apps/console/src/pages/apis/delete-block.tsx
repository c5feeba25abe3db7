import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { ApiHeadFragment } from "../../gql/graphql.ts";
import { sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { DeleteApi } from "./documents.ts";
import { useApiAddress } from "./head.tsx";
import { words } from "./text.ts";

/** The end of an API, after its name was typed. */
export function DeleteBlock({ api, whyNot }: { api: ApiHeadFragment; whyNot: string | undefined }) {
  const { tenant, workspace } = useApiAddress();
  const navigate = useNavigate();
  const remove = useMutate(DeleteApi);
  const [open, setOpen] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const { settings } = words;
  const confirm = async () => {
    setPending(true);
    const done = await remove({ id: api.id });
    setPending(false);
    if (!done.ok) return setError(sentence(done.failures[0]));
    toast(settings.deleted(api.name));
    void navigate({ to: "/t/$tenant/w/$workspace/apis", params: { tenant, workspace }, replace: true });
  };
  return (
    <>
      <Button variant="danger" icon="trash" disabledReason={whyNot} onPress={() => setOpen(true)}>
        {settings.delete}
      </Button>
      <ConfirmDialog
        open={open}
        title={settings.deleteTitle(api.name)}
        confirm={settings.deleteConfirm(api.name)}
        destructive
        typed={api.name}
        pending={pending}
        error={error}
        onCancel={() => setOpen(false)}
        onConfirm={() => void confirm()}
      >
        <p>{settings.deleteEffect(api.scopeCount, api.clientCount)}</p>
        <p>{settings.deleteLives}</p>
      </ConfirmDialog>
    </>
  );
}

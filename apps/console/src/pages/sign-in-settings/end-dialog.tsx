import { useState } from "react";
import { sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { DeleteSsoProvider, type Provider, UpdateSsoProvider } from "./documents.ts";
import { words } from "./text.ts";

/** The question before everybody who came by a provider is signed out. */
export function EndDialog({
  provider: { id, name, isRequired },
  isDeleting,
  onDone,
  onClose,
}: {
  provider: Provider;
  isDeleting: boolean;
  onDone: () => void;
  onClose: () => void;
}) {
  const update = useMutate(UpdateSsoProvider);
  const remove = useMutate(DeleteSsoProvider);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const { off, gone } = words;
  const confirm = async () => {
    setPending(true);
    const done = isDeleting ? await remove({ id }) : await update({ id, isActive: false });
    setPending(false);
    if (!done.ok) return setError(sentence(done.failures[0]));
    toast(isDeleting ? gone.done(name) : off.done(name));
    onDone();
    onClose();
  };
  return (
    <ConfirmDialog
      open
      title={isDeleting ? gone.title(name) : off.title(name)}
      confirm={isDeleting ? gone.confirm(name) : off.confirm}
      {...(isDeleting && { typed: name })}
      destructive
      pending={pending}
      error={error}
      onCancel={onClose}
      onConfirm={() => void confirm()}
    >
      <p>{isDeleting ? gone.body : off.body}</p>
      {isRequired && <p>{off.required}</p>}
    </ConfirmDialog>
  );
}

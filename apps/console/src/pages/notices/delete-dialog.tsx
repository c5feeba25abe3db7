import { useState } from "react";
import { sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { DeleteWebhook, type Webhook } from "./documents.ts";
import { words } from "./text.ts";

const { ask: say } = words;

/** The question before a webhook is deleted. */
export function DeleteDialog({
  webhook: { id, name },
  onDone,
  onClose,
}: {
  webhook: Webhook;
  onDone: () => void;
  onClose: () => void;
}) {
  const remove = useMutate(DeleteWebhook);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const confirm = async () => {
    setPending(true);
    const done = await remove({ id });
    setPending(false);
    if (!done.ok) return setError(sentence(done.failures[0]));
    toast(say.done(name));
    onDone();
    onClose();
  };
  return (
    <ConfirmDialog
      open
      title={say.title(name)}
      confirm={say.confirm}
      destructive
      pending={pending}
      error={error}
      onCancel={onClose}
      onConfirm={() => void confirm()}
    >
      <p>{say.body}</p>
    </ConfirmDialog>
  );
}

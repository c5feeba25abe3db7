import { useState } from "react";
import { sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { RevokeInitialAccessToken, type Token } from "./documents.ts";
import { words } from "./text.ts";

const { ask: say } = words;

/** Says what becomes of the clients that a token registered, then stops it. */
export function RevokeDialog({ token, onClose }: { token: Token; onClose: () => void }) {
  const revoke = useMutate(RevokeInitialAccessToken);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const { id, name, uses, usesLeft } = token;
  const confirm = async () => {
    setPending(true);
    const done = await revoke({ id });
    setPending(false);
    if (!done.ok) return setError(sentence(done.failures[0]));
    toast(say.done(name));
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
      <p>{say.stops}</p>
      <p>{say.stay(uses - usesLeft)}</p>
    </ConfirmDialog>
  );
}

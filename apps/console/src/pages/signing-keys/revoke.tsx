import { useState } from "react";
import { sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { seconds } from "../settings/seconds.ts";
import { type Key, shortKid } from "./states.ts";
import { words } from "./text.ts";

const revokeSigningKey = graphql(`
  mutation RevokeSigningKey($input: RevokeSigningKeyInput!) {
    revokeSigningKey(input: $input) {
      workspace {
        id
      }
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

const { ask: say } = words;

/** An emergency: says which tokens die and where, has the key's beginning typed, and revokes it. */
export function RevokeDialog({
  workspaceId,
  signingKey,
  maxAge,
  measured,
  onClose,
}: {
  workspaceId: string;
  signingKey: Key;
  /** Seconds that a key set may be cached. */
  maxAge: number;
  /** How much is signed here, where that may be known. */
  measured: string | undefined;
  onClose: () => void;
}) {
  const revoke = useMutate(revokeSigningKey);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const { kid, state } = signingKey;
  const short = shortKid(kid);
  const signed = state === "ACTIVE" || state === "RETIRING";
  const confirm = async () => {
    setPending(true);
    const done = await revoke({ workspaceId, kid });
    setPending(false);
    if (!done.ok) return setError(sentence(done.failures[0]));
    toast(say.done(short));
    onClose();
  };
  return (
    <ConfirmDialog
      open
      title={say.title(short)}
      confirm={say.confirm(short)}
      destructive
      typed={kid.slice(0, 8)}
      pending={pending}
      error={error}
      onCancel={onClose}
      onConfirm={() => void confirm()}
    >
      <p>{state === "ACTIVE" ? say.active : signed ? say.retiring : say.next}</p>
      {signed && (
        <p>
          {say.maxAge(seconds(maxAge))} {measured}
        </p>
      )}
      <p>
        <b>{say.final}</b>
      </p>
    </ConfirmDialog>
  );
}

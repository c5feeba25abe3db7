import { useState } from "react";
import { sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { Checkbox } from "../../ui/choices.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { seconds } from "../settings/seconds.ts";
import { type KeyRow, shortKid } from "./key-rows.ts";
import { words } from "./text.ts";

const revokeClientKey = graphql(`
  mutation RevokeClientKey($input: RevokeClientKeyInput!) {
    revokeClientKey(input: $input) {
      clientKey {
        id
        revokedAt
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

/** Says what ends with the key, then ends it. */
export function RevokeKey({
  row,
  lifetime,
  onClose,
}: {
  row: KeyRow;
  /** Seconds that its tokens live at most. */
  lifetime: number;
  onClose: () => void;
}) {
  const { revokeKey: say } = words;
  const [withTokens, setWithTokens] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const revoke = useMutate(revokeClientKey);
  const name = row.name || shortKid(row);
  const confirm = async () => {
    setPending(true);
    const done = await revoke({ id: row.id, withTokens });
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
      onConfirm={() => void confirm()}
      onCancel={onClose}
    >
      <p>
        {say.effect} {!withTokens && say.living(seconds(lifetime))}
      </p>
      <Checkbox checked={withTokens} onChange={setWithTokens} help={words.revoke.withTokensHelp}>
        {words.revoke.withTokens}
      </Checkbox>
    </ConfirmDialog>
  );
}

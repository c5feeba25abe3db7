import { useState } from "react";
import { sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { Checkbox } from "../../ui/choices.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { seconds } from "../settings/seconds.ts";
import { hintOf, type SecretRow } from "./secret-rows.ts";
import { at } from "./state.ts";
import { words } from "./text.ts";

const revokeClientSecret = graphql(`
  mutation RevokeClientSecret($input: RevokeClientSecretInput!) {
    revokeClientSecret(input: $input) {
      clientSecret {
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

/** Says what ends with the secret, then ends it. The last one that works must be typed. */
export function RevokeSecret({
  secret,
  client,
  lifetime,
  isLast,
  onClose,
}: {
  secret: SecretRow;
  client: { readonly name: string };
  /** Seconds that its tokens live at most. */
  lifetime: number;
  isLast: boolean;
  onClose: () => void;
}) {
  const { revoke: say, head } = words;
  const hint = hintOf(secret);
  const [withTokens, setWithTokens] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const revoke = useMutate(revokeClientSecret);
  const used = at(secret.lastUsedAt);
  const confirm = async () => {
    setPending(true);
    const done = await revoke({ id: secret.id, withTokens });
    setPending(false);
    if (!done.ok) return setError(sentence(done.failures[0]));
    toast(say.done(hint));
    onClose();
  };
  return (
    <ConfirmDialog
      open
      title={say.title(hint)}
      confirm={say.confirm(hint)}
      destructive
      pending={pending}
      error={error}
      {...(isLast ? { typed: say.stops(client.name) } : {})}
      onConfirm={() => void confirm()}
      onCancel={onClose}
    >
      <p>
        {used === null ? (
          say.unused
        ) : (
          <>
            {say.used} <Time at={used} />
            {secret.lastUsedAddress && (
              <>
                {" "}
                {head.from} <span className="mono">{secret.lastUsedAddress}</span>
              </>
            )}
            .
          </>
        )}{" "}
        {isLast && <b>{say.last}</b>}
      </p>
      <p>
        {say.effect} {!withTokens && say.living(seconds(lifetime))}
      </p>
      <Checkbox checked={withTokens} onChange={setWithTokens} help={say.withTokensHelp}>
        {say.withTokens}
      </Checkbox>
    </ConfirmDialog>
  );
}

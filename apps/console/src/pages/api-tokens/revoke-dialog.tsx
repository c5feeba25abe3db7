import { useState } from "react";
import { sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { type ApiToken, RevokeApiToken } from "./documents.ts";
import { words } from "./text.ts";

const { revoking: say } = words;

/** Says who felt it, then stops a token. */
export function RevokeDialog({ token, onClose }: { token: ApiToken; onClose: () => void }) {
  const revoke = useMutate(RevokeApiToken);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const { id, name, lastUsedAt, lastUsedAddress } = token;
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
      confirm={say.confirm(name)}
      destructive
      pending={pending}
      error={error}
      onCancel={onClose}
      onConfirm={() => void confirm()}
    >
      <p>
        {lastUsedAt ? (
          <>
            {say.used} <Time at={Date.parse(lastUsedAt)} />
            {lastUsedAddress && (
              <>
                {" "}
                {say.from} <span className="mono">{lastUsedAddress}</span>
              </>
            )}
            .
          </>
        ) : (
          say.unused
        )}
      </p>
      <p>{say.effect}</p>
    </ConfirmDialog>
  );
}

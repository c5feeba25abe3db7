import { useState } from "react";
import { type Failure, sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { type ApiToken, RevokeApiToken } from "./documents.ts";
import { words } from "./text.ts";

const { revoking: say } = words;

type Revoke = (input: {
  id: string;
}) => Promise<{ ok: true } | { ok: false; failures: readonly [Failure, ...Failure[]] }>;

/** Says when a static token of any kind was used last and from where, then stops it. */
export function RevokeStatic({
  token,
  revoke,
  onDone,
  onClose,
}: {
  token: Pick<ApiToken, "id" | "name" | "lastUsedAt" | "lastUsedAddress">;
  revoke: Revoke;
  onDone: () => void;
  onClose: () => void;
}) {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const { id, name, lastUsedAt, lastUsedAddress } = token;
  const confirm = async () => {
    setPending(true);
    const done = await revoke({ id });
    setPending(false);
    if (!done.ok) return setError(sentence(done.failures[0]));
    toast(say.done(name));
    onDone();
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

/** Stops an API token of a client. */
export function RevokeDialog({ token, onClose }: { token: ApiToken; onClose: () => void }) {
  const revoke = useMutate(RevokeApiToken);
  return <RevokeStatic token={token} revoke={revoke} onDone={onClose} onClose={onClose} />;
}

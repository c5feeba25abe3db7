import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { EmptyState, MarginBlock } from "../../ui/states.tsx";
import type { KeyRow } from "./key-rows.ts";
import { KeysTable } from "./keys-table.tsx";
import { RevokeKey } from "./revoke-key.tsx";
import { words } from "./text.ts";

interface KeyOwner {
  readonly keys?: readonly KeyRow[] | null | undefined;
  readonly settings?: { readonly accessTokenLifetime: { readonly value?: number | null } } | null | undefined;
}

/** A client's public keys: to see and to revoke; who registers one leaves the page to its sheet. The server gives the newest first. */
export function KeysBlock({
  client,
  locked,
  onRegister,
}: {
  client: KeyOwner;
  /** Why this person may change none. */
  locked: string | undefined;
  onRegister: () => void;
}) {
  const { keys: say } = words;
  const [revoking, setRevoking] = useState<KeyRow | null>(null);
  return (
    <>
      <MarginBlock
        title={say.title}
        help={say.help}
        action={
          <div className="block-actions">
            <Button icon="plus" disabledReason={locked} onPress={onRegister}>
              {say.add}
            </Button>
          </div>
        }
      >
        {client.keys ? (
          <KeysTable keys={client.keys} locked={locked} onRevoke={setRevoking} />
        ) : (
          <div className="panel">
            <EmptyState>{say.hidden}</EmptyState>
          </div>
        )}
      </MarginBlock>
      {revoking && (
        <RevokeKey
          row={revoking}
          lifetime={client.settings?.accessTokenLifetime.value ?? 0}
          onClose={() => setRevoking(null)}
        />
      )}
    </>
  );
}

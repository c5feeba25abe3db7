import type { Asked } from "./client-section.tsx";
import type { TokenClient } from "./documents.ts";
import { EditSheet } from "./edit-sheet.tsx";
import { RevokeDialog } from "./revoke-dialog.tsx";
import { TokenSheet } from "./token-sheet.tsx";

export { AddSheet } from "./add-sheet.tsx";
export { ImportSheet } from "./import-sheet.tsx";

/** What opens over the list, for one token. */
export function Over({
  asked,
  client,
  mayWrite,
  onAsk,
}: {
  asked: Asked;
  client: TokenClient;
  mayWrite: boolean;
  onAsk: (asked: Asked | null) => void;
}) {
  const { token, what } = asked;
  const close = () => onAsk(null);
  if (what === "edit") return <EditSheet token={token} client={client} onClose={close} />;
  if (what === "revoke") return <RevokeDialog token={token} onClose={close} />;
  return (
    <TokenSheet
      token={token}
      mayWrite={mayWrite}
      onEdit={() => onAsk({ token, what: "edit" })}
      onRevoke={() => onAsk({ token, what: "revoke" })}
      onClose={close}
    />
  );
}

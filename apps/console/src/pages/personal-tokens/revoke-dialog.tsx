import { useMutate } from "../../server/mutate.ts";
import { RevokeStatic } from "../api-tokens/revoke-dialog.tsx";
import { type Own, RevokePersonalClient, RevokePersonalToken } from "./documents.ts";

/** Says when it was used last, then stops what is the person's own. */
export function RevokeDialog({ token, onDone, onClose }: { token: Own; onDone: () => void; onClose: () => void }) {
  const revokeToken = useMutate(RevokePersonalToken);
  const revokeClient = useMutate(RevokePersonalClient);
  const revoke = token.__typename === "PersonalClient" ? revokeClient : revokeToken;
  return <RevokeStatic token={token} revoke={revoke} onDone={onDone} onClose={onClose} />;
}

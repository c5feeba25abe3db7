import { useMutate } from "../../server/mutate.ts";
import { RevokeStatic } from "../api-tokens/revoke-dialog.tsx";
import { type PersonalToken, RevokePersonalToken } from "./documents.ts";

/** Says when it was used last, then stops a personal token. */
export function RevokeDialog({
  token,
  onDone,
  onClose,
}: {
  token: PersonalToken;
  onDone: () => void;
  onClose: () => void;
}) {
  const revoke = useMutate(RevokePersonalToken);
  return <RevokeStatic token={token} revoke={revoke} onDone={onDone} onClose={onClose} />;
}

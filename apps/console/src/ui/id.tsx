import { idParts } from "../format.ts";
import { CopyButton } from "./copy-button.tsx";

/** An identifier, its prefix lighter than its body; `what` names it for the copy button ("client ID"). */
export function Id({ id, what }: { id: string; what?: string }) {
  const { prefix, body } = idParts(id);
  return (
    <span className="id">
      {prefix}
      <b>{body}</b>
      {what && <CopyButton value={id} what={what} look="icon" />}
    </span>
  );
}

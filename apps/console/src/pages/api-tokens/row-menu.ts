import { text } from "../../text.ts";
import { copyText } from "../../ui/copy-button.tsx";
import type { MenuEntry } from "../../ui/menu.tsx";
import { toast } from "../../ui/toast.tsx";
import { type Dates, tokenState } from "./state.ts";
import { words } from "./text.ts";

const copyId = async (id: string) => toast((await copyText(id)) ? words.copied : text.copy.refused);

/** What can be done with a token: nothing that the person may not, nothing with one that is over. Where there is nothing to edit, nobody edits. */
export function menuOf<Token extends Dates & { readonly id: string }>(
  token: Token,
  mayWrite: boolean,
  onEdit: ((token: Token) => void) | undefined,
  onRevoke: (token: Token) => void,
): readonly MenuEntry[] {
  const copy: MenuEntry = { id: "copy", label: words.copyId, icon: "copy", onAction: () => void copyId(token.id) };
  if (!mayWrite || !tokenState(token, Date.now()).works) return [copy];
  const edit: MenuEntry | undefined = onEdit && {
    id: "edit",
    label: words.edit,
    icon: "edit",
    onAction: () => onEdit(token),
  };
  return [
    ...(edit ? [edit] : []),
    copy,
    "line",
    { id: "revoke", label: words.revoke, icon: "trash", danger: true, onAction: () => onRevoke(token) },
  ];
}

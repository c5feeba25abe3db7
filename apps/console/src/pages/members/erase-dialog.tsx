import { useState } from "react";
import { sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { EraseMember, type FormerMember } from "./former-documents.ts";
import { words } from "./text.ts";

const { erase: say } = words;

const Lines = ({ head, lines }: { head: string; lines: readonly string[] }) => (
  <>
    <p>
      <b>{head}</b>
    </p>
    <ul>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  </>
);

/** The question before somebody is erased: what goes, and what stays. Their name is typed first. */
export function EraseDialog({
  person: { id, name },
  onClose,
  onDone,
}: {
  person: FormerMember;
  onClose: () => void;
  onDone: () => void;
}) {
  const erase = useMutate(EraseMember);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const confirm = async () => {
    setPending(true);
    const done = await erase({ id });
    setPending(false);
    if (!done.ok) return setError(sentence(done.failures[0]));
    // Their name is not said again.
    toast(say.done);
    onDone();
    onClose();
  };
  return (
    <ConfirmDialog
      open
      title={say.title(name)}
      confirm={say.confirm}
      typed={name}
      destructive
      pending={pending}
      error={error}
      onCancel={onClose}
      onConfirm={() => void confirm()}
    >
      <Lines {...say.goes} />
      <Lines {...say.stays} />
      <p>{say.forGood}</p>
    </ConfirmDialog>
  );
}

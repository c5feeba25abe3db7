import { useState } from "react";
import { sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { type Member, RemoveMember } from "./documents.ts";
import { words } from "./text.ts";

const { remove: say } = words;

/** What goes along with a membership, as the server counted it. */
function Effect({ account, assignments }: Member) {
  const { personalTokens = 0, ownClients = 0 } = account ?? {};
  return (
    <>
      <p>{say.ends}</p>
      <ul>
        <li>{say.roles(assignments?.length ?? 0)}</li>
        {personalTokens > 0 && <li>{say.tokens(personalTokens)}</li>}
        {ownClients > 0 && <li>{say.clients(ownClients)}</li>}
        {account && personalTokens + ownClients === 0 && <li>{say.nothing}</li>}
      </ul>
    </>
  );
}

/** The question before a member goes, with what it costs; the name is typed first. */
export function RemoveDialog({
  member,
  isYou,
  onRemoved,
  onClose,
}: {
  member: Member;
  isYou: boolean;
  onRemoved: () => void;
  onClose: () => void;
}) {
  const remove = useMutate(RemoveMember);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const { id, name } = member;
  const confirm = async () => {
    setPending(true);
    const done = await remove({ id });
    setPending(false);
    if (!done.ok) return setError(sentence(done.failures[0]));
    toast(say.done(name));
    onRemoved();
  };
  return (
    <ConfirmDialog
      open
      title={say.title(name)}
      confirm={say.confirm(name)}
      typed={name}
      destructive
      pending={pending}
      error={error}
      onCancel={onClose}
      onConfirm={() => void confirm()}
    >
      {isYou && <p>{say.yourself}</p>}
      <Effect {...member} />
    </ConfirmDialog>
  );
}

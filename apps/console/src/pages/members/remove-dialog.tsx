import { useState } from "react";
import { sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { Select } from "../../ui/field.tsx";
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
  others,
  isYou,
  onRemoved,
  onClose,
}: {
  member: Member;
  /** Who could take over what is theirs. */
  others: readonly Pick<Member, "id" | "name">[];
  isYou: boolean;
  onRemoved: () => void;
  onClose: () => void;
}) {
  const remove = useMutate(RemoveMember);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const [successor, setSuccessor] = useState("");
  const { id, name } = member;
  const confirm = async () => {
    setPending(true);
    const done = await remove({ id, successorMemberId: successor || null });
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
      {(member.account?.ownClients ?? 0) > 0 && (
        <Select
          label={say.successor}
          value={successor}
          onChange={setSuccessor}
          choices={[{ value: "", label: say.nobody }, ...others.map((one) => ({ value: one.id, label: one.name }))]}
          help={say.successorHelp}
        />
      )}
    </ConfirmDialog>
  );
}

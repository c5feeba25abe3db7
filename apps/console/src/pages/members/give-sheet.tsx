import { useState } from "react";
import { type Failure, problemOf, wrongHere } from "../../server/ask.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { useMutate } from "../../server/mutate.ts";
import { toast } from "../../ui/toast.tsx";
import { type Expiry, expiryWrong, instantOf, NO_CEILING } from "../expiry/expiry.ts";
import { ExpiryField } from "../expiry/expiry-field.tsx";
import { GiveMemberRole, type Member } from "./documents.ts";
import { failureAt, type Places, RoleFields } from "./role-fields.tsx";
import { inputOf, isComplete, NO_ROLE } from "./roles-of.ts";
import { words } from "./text.ts";

const { give: say } = words;
const FIELDS = ["roleId", "targetWorkspaceId", "expiresAt"];

/** Gives a member a role: which, where it counts, and until when. */
export function GiveSheet({
  member: { id: memberId, name },
  onChanged,
  onClose,
  ...places
}: Places & { member: Member; onChanged: () => void; onClose: () => void }) {
  const [draft, setDraft] = useState(NO_ROLE);
  const [expiry, setExpiry] = useState<Expiry>({ preset: "never", day: "" });
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const give = useMutate(GiveMemberRole);
  const submit = async () => {
    const now = Date.now();
    const wrong = expiryWrong(expiry, NO_CEILING, now);
    if (wrong) return setFailures([wrongHere(wrong, "expiresAt")]);
    setPending(true);
    const done = await give({ memberId, ...inputOf(draft), expiresAt: instantOf(expiry, now) });
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    toast(words.sheet.gave(places.roles.find(({ id }) => id === draft.roleId)?.name ?? "", name));
    onChanged();
    onClose();
  };
  return (
    <FormSheet
      title={say.title(name)}
      submit={say.submit}
      onSubmit={() => void submit()}
      pending={pending}
      disabledReason={isComplete(draft) ? undefined : words.inviting.missing}
      failures={failures}
      fields={FIELDS}
      onClose={onClose}
    >
      <RoleFields {...places} value={draft} onChange={setDraft} problemAt={(member) => failureAt(failures, member)} />
      <ExpiryField
        label={say.expires}
        value={expiry}
        onChange={setExpiry}
        neverHelp={say.neverHelp}
        error={problemOf(failures, "expiresAt")}
      />
    </FormSheet>
  );
}

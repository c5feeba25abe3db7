import { useState } from "react";
import type { Failure } from "../../server/ask.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { useMutate } from "../../server/mutate.ts";
import { toast } from "../../ui/toast.tsx";
import { EndOf } from "../api-tokens/end-of.tsx";
import { NameField } from "../api-tokens/fields.tsx";
import { words as tokenWords } from "../api-tokens/text.ts";
import { FIELDS, problemsOf } from "../api-tokens/use-draft.ts";
import { firstExpiry } from "../expiry/expiry.ts";
import { type PersonalToken, type Rules, UpdatePersonalToken } from "./documents.ts";
import { ceilingOfRules, changesOf, type Edited, editedOf } from "./draft.ts";
import { PersonalPowerField } from "./power-field.tsx";
import { words } from "./text.ts";

const { editing: say } = tokenWords;

/** Changes a token's name, end and permissions; its value is not here, and stays. */
export function EditSheet({
  token,
  held,
  rules,
  onDone,
  onClose,
}: {
  token: PersonalToken;
  /** What the person may do in the whole tenant. */
  held: readonly string[];
  rules: Rules;
  onDone: () => void;
  onClose: () => void;
}) {
  const ceiling = ceilingOfRules(rules);
  const [edited, setEdited] = useState(() => editedOf(token));
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const update = useMutate(UpdatePersonalToken);
  const change = (next: Partial<Edited>) => setEdited((before) => ({ ...before, ...next }));
  // An end that stays is nobody's fault.
  const draft = { ...edited, expiry: edited.expiry ?? firstExpiry(ceiling.days) };
  const submit = async () => {
    const now = Date.now();
    const problems = problemsOf(draft, ceiling, now);
    if (problems.length > 0) return setFailures(problems);
    const changes = changesOf(token, edited, now);
    if (!changes) return onClose();
    setPending(true);
    const done = await update(changes);
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    toast(say.done(edited.name.trim()));
    onDone();
  };
  return (
    <FormSheet
      title={say.title(token.name)}
      submit={say.submit}
      onSubmit={() => void submit()}
      pending={pending}
      disabledReason={changesOf(token, edited, Date.now()) ? undefined : say.unchanged}
      failures={failures}
      fields={FIELDS}
      onClose={onClose}
    >
      <p className="soft sheet-lead">{say.lead}</p>
      <NameField draft={draft} onChange={change} failures={failures} help={words.form.nameHelp} />
      <PersonalPowerField draft={edited} onChange={change} failures={failures} held={held} />
      <EndOf
        expiresAt={token.expiresAt}
        expiry={edited.expiry}
        onChange={(expiry) => change({ expiry })}
        ceiling={ceiling}
        failures={failures}
      />
    </FormSheet>
  );
}

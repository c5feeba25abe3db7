import { useState } from "react";
import { isFixed, NewValueSheet } from "../../reveal/new-value-sheet.tsx";
import type { Failure } from "../../server/ask.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { useMutate } from "../../server/mutate.ts";
import { toast } from "../../ui/toast.tsx";
import { UpdateWebhook, type Webhook } from "./documents.ts";
import { words } from "./text.ts";
import { useNewSecret, useNewWebhook } from "./use-secret.ts";
import { type Draft, FIELDS, inputOf, problemsOf, WebhookForm } from "./webhook-form.tsx";

const { sheet: say, renew } = words;
const EMPTY: Draft = { name: "", address: "" };

/** Makes a webhook; then, in the same sheet, shows once what signs. */
export function CreateSheet({
  workspaceId,
  onMade,
  onClose,
}: {
  workspaceId: string;
  /** Before the secret is shown: the address must no longer say that one is to be made. */
  onMade: () => Promise<void>;
  onClose: () => void;
}) {
  const [draft, setDraft] = useState(EMPTY);
  const { stage, failures, setFailures, submit, reveal } = useNewWebhook(onMade, onClose);
  const send = () => {
    const problems = isFixed(stage) ? [] : problemsOf(draft);
    if (problems.length > 0) return setFailures(problems);
    void submit({ workspaceId, ...inputOf(draft) });
  };
  return (
    <NewValueSheet
      say={say}
      stage={stage}
      failures={failures}
      fields={FIELDS}
      isTouched={draft !== EMPTY}
      reveal={reveal}
      onSend={send}
      onClose={onClose}
    >
      <WebhookForm
        draft={draft}
        onChange={(next) => setDraft((before) => ({ ...before, ...next }))}
        failures={failures}
        disabled={isFixed(stage)}
      />
    </NewValueSheet>
  );
}

/** Gives a webhook a new secret, and shows it once. */
export function RenewSheet({
  webhook: { id, name },
  onMade,
  onClose,
}: {
  webhook: Webhook;
  onMade: () => Promise<void>;
  onClose: () => void;
}) {
  const { stage, failures, submit, reveal } = useNewSecret(name, onMade, onClose);
  return (
    <NewValueSheet
      say={{ ...renew, title: renew.title(name) }}
      stage={stage}
      failures={failures}
      fields={[]}
      isTouched={false}
      reveal={reveal}
      onSend={() => void submit({ id })}
      onClose={onClose}
    >
      <p>{renew.body}</p>
    </NewValueSheet>
  );
}

/** Changes the name and the address of a webhook. */
export function EditSheet({
  webhook: { id, name, address },
  onSaved,
  onClose,
}: {
  webhook: Webhook;
  onSaved: () => void;
  onClose: () => void;
}) {
  const [first] = useState<Draft>({ name, address: address ?? "" });
  const [draft, setDraft] = useState(first);
  const [pending, setPending] = useState(false);
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const update = useMutate(UpdateWebhook);
  const submit = async () => {
    const problems = problemsOf(draft);
    if (problems.length > 0) return setFailures(problems);
    setPending(true);
    const done = await update({ id, ...inputOf(draft) });
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    toast(words.saved(inputOf(draft).name));
    onSaved();
    onClose();
  };
  return (
    <FormSheet
      title={say.edit(name)}
      submit={say.submitEdit}
      onSubmit={() => void submit()}
      pending={pending}
      failures={failures}
      fields={FIELDS}
      guard={draft === first ? undefined : say.draft}
      onClose={onClose}
    >
      <WebhookForm
        draft={draft}
        onChange={(next) => setDraft((before) => ({ ...before, ...next }))}
        failures={failures}
        disabled={pending}
      />
    </FormSheet>
  );
}

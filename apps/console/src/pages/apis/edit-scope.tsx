import { useState } from "react";
import { type Failure, problemOf } from "../../server/ask.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { useMutate } from "../../server/mutate.ts";
import { TextArea } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import { UpdateScope } from "./documents.ts";
import { words } from "./text.ts";

/** What a scope allows, in words; its name is fixed. */
export function EditScope({
  scope,
  onClose,
}: {
  scope: { readonly id: string; readonly name: string; readonly description: string };
  onClose: () => void;
}) {
  const update = useMutate(UpdateScope);
  const [description, setDescription] = useState(scope.description);
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const { scopes, sheet } = words;
  const dirty = description !== scope.description;
  async function submit() {
    if (!dirty) return onClose();
    setPending(true);
    const done = await update({ id: scope.id, description });
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    toast(scopes.saved(scope.name));
    onClose();
  }
  return (
    <FormSheet
      width="peek"
      title={scopes.editTitle(scope.name)}
      submit={scopes.save}
      onSubmit={() => void submit()}
      pending={pending}
      failures={failures}
      fields={["description"]}
      onClose={onClose}
      guard={dirty && !pending ? { ...sheet.guard, title: scopes.discard, body: scopes.discardBody } : undefined}
    >
      <TextArea
        label={scopes.allows}
        value={description}
        onChange={setDescription}
        error={problemOf(failures, "description")}
        help={scopes.fixed}
        rows={4}
      />
    </FormSheet>
  );
}

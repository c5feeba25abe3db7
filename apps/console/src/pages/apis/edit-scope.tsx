import { type FormEvent, useState } from "react";
import { sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { text } from "../../text.ts";
import { Button } from "../../ui/button.tsx";
import { TextArea } from "../../ui/field.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { toast } from "../../ui/toast.tsx";
import { UpdateScope } from "./documents.ts";
import { words } from "./text.ts";

const FORM = "describe-scope";

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
  const [error, setError] = useState<string>();
  const [pending, setPending] = useState(false);
  const { scopes, sheet } = words;
  const dirty = description !== scope.description;
  async function submit(event?: FormEvent) {
    event?.preventDefault();
    if (!dirty) return onClose();
    setPending(true);
    const done = await update({ id: scope.id, description });
    setPending(false);
    if (!done.ok) return setError(sentence(done.failures[0]));
    toast(scopes.saved(scope.name));
    onClose();
  }
  useShortcuts({ "mod+Enter": () => void submit() }, true);
  return (
    <Sheet
      open
      width="peek"
      title={scopes.editTitle(scope.name)}
      onClose={onClose}
      guard={dirty && !pending ? { ...sheet.guard, title: scopes.discard, body: scopes.discardBody } : undefined}
      foot={
        <>
          <span className="grow" />
          <Button onPress={onClose}>{text.dialog.cancel}</Button>
          <Button variant="primary" type="submit" form={FORM} shortcut="⌘↵" pending={pending}>
            {scopes.save}
          </Button>
        </>
      }
    >
      <form id={FORM} onSubmit={(event) => void submit(event)}>
        <TextArea
          label={scopes.allows}
          value={description}
          onChange={setDescription}
          error={error}
          help={scopes.fixed}
          rows={4}
        />
      </form>
    </Sheet>
  );
}

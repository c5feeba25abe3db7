import { useState } from "react";
import { type Failure, wrongHere } from "../../server/ask.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { useMutate } from "../../server/mutate.ts";
import { Button } from "../../ui/button.tsx";
import { KeyValueList } from "../../ui/key-value-list.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { toast } from "../../ui/toast.tsx";
import type { Places } from "../members/role-fields.tsx";
import { CreateSsoProvider, type Provider, UpdateSsoProvider } from "./documents.ts";
import { type Draft, draftOf, fieldsOf, isWhole, NEW } from "./draft.ts";
import { ProviderForm } from "./provider-form.tsx";
import { words } from "./text.ts";

const { sheet: say, ready } = words;
const FIELDS = ["name", "issuer", "clientId", "clientSecret", "scopes", "emailDomains", "joining", "roles"];

/** Sends what the form says; answers the provider as it is then, or why it was refused. */
function useSave(provider: Provider | undefined) {
  const create = useMutate(CreateSsoProvider);
  const update = useMutate(UpdateSsoProvider);
  return async (draft: Draft): Promise<Provider | readonly Failure[]> => {
    const { clientSecret, issuer } = draft;
    const done = provider
      ? await update({ id: provider.id, ...fieldsOf(draft), ...(clientSecret === "" ? {} : { clientSecret }) })
      : await create({ ...fieldsOf(draft), issuer: issuer.trim(), clientSecret });
    if (!done.ok) return done.failures;
    return done.payload.ssoProvider ?? [];
  };
}

/** Adds a provider, and shows the address that it needs; or changes one. */
export function ProviderSheet({
  provider,
  places,
  onSaved,
  onClose,
}: {
  provider?: Provider | undefined;
  places: Places;
  onSaved: () => void;
  onClose: () => void;
}) {
  const [first] = useState(() => (provider ? draftOf(provider) : NEW));
  const [draft, setDraft] = useState(first);
  const [pending, setPending] = useState(false);
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [added, setAdded] = useState<Provider | null>(null);
  const save = useSave(provider);
  const submit = async () => {
    if (!isWhole(draft)) return setFailures([wrongHere(say.missing, "roles")]);
    setPending(true);
    const saved = await save(draft);
    setPending(false);
    if ("length" in saved && saved.length > 0) return setFailures(saved);
    onSaved();
    if (!provider && "id" in saved) return setAdded(saved);
    toast(words.saved(draft.name));
    onClose();
  };
  if (added)
    return (
      <Sheet
        open
        title={ready.title(added.name)}
        onClose={onClose}
        foot={
          <>
            <span className="grow" />
            <Button variant="primary" onPress={onClose}>
              {ready.done}
            </Button>
          </>
        }
      >
        <p className="field">{ready.body}</p>
        <KeyValueList
          items={[{ label: say.redirectUri, value: added.redirectUri, mono: true, copy: added.redirectUri }]}
        />
      </Sheet>
    );
  return (
    <FormSheet
      title={provider ? say.edit(provider.name) : say.add}
      submit={provider ? say.submitEdit : say.submitAdd}
      onSubmit={() => void submit()}
      pending={pending}
      failures={failures}
      fields={FIELDS}
      guard={draft === first ? undefined : say.draft}
      onClose={onClose}
    >
      <ProviderForm
        draft={draft}
        onChange={(next) => setDraft((before) => ({ ...before, ...next }))}
        failures={failures}
        provider={provider}
        places={places}
      />
    </FormSheet>
  );
}

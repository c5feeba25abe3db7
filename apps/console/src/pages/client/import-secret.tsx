import { useState } from "react";
import { type Failure, problemOf } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { Button } from "../../ui/button.tsx";
import { RadioCards } from "../../ui/choices.tsx";
import { TextField } from "../../ui/field.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { toast } from "../../ui/toast.tsx";
import { expiryFailure, GeneralFailures, type SecretOwner } from "./add-secret.tsx";
import { shortHint } from "./credential-rows.ts";
import { endOf, expiryProblem, firstExpiry } from "./expiry.ts";
import { ExpiryField } from "./expiry-field.tsx";
import { words } from "./text.ts";

const importClientSecret = graphql(`
  mutation ImportClientSecret($input: ImportClientSecretInput!) {
    importClientSecret(input: $input) {
      clientSecret {
        id
        hint
      }
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

type By = "value" | "sha256";

function useImport(owner: SecretOwner, onDone: () => void) {
  const [by, setBy] = useState<By>("value");
  const [given, setGiven] = useState("");
  const [name, setName] = useState("");
  const [expiry, setExpiry] = useState(() => firstExpiry(owner.ceiling.days));
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const run = useMutate(importClientSecret);
  const submit = async () => {
    if (pending) return;
    const now = Date.now();
    const wrong = expiryFailure(expiryProblem(expiry, owner.ceiling.days, now), owner.ceiling);
    if (wrong.length > 0) return setFailures(wrong);
    const end = endOf(expiry, now);
    // A name may be left out, but not be empty.
    const named = name.trim() === "" ? null : name;
    setPending(true);
    const expiresAt = end ? new Date(end).toISOString() : null;
    const done = await run({ clientId: owner.id, name: named, expiresAt, [by]: given });
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    const { clientSecret } = done.payload;
    if (clientSecret) toast(words.import.done(shortHint(clientSecret.hint)));
    onDone();
  };
  const choose = (next: By) => {
    setBy(next);
    setGiven("");
    setFailures([]);
  };
  return { by, choose, given, setGiven, name, setName, expiry, setExpiry, failures, pending, submit };
}

/** Takes over a secret that is in use elsewhere, by itself or by its hash. */
export function ImportSecret({ owner, onClose }: { owner: SecretOwner; onClose: () => void }) {
  const { import: say, add } = words;
  const form = useImport(owner, onClose);
  const { by, failures } = form;
  useShortcuts({ "mod+Enter": () => void form.submit() }, true);
  return (
    <Sheet
      open
      title={say.title(owner.name)}
      onClose={onClose}
      foot={
        <>
          <span className="grow" />
          <Button variant="primary" shortcut="⌘↵" pending={form.pending} onPress={() => void form.submit()}>
            {say.submit}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void form.submit();
        }}
      >
        <p className="soft sheet-lead">{say.lead}</p>
        <GeneralFailures failures={failures} fields={["name", "expiresAt", "value", "sha256"]} />
        <RadioCards<By>
          label={say.how}
          value={by}
          onChange={form.choose}
          choices={[
            { value: "value", label: say.value, help: say.valueHelp },
            { value: "sha256", label: say.sha256, help: say.sha256Help },
          ]}
        />
        <TextField
          key={by}
          label={by === "value" ? say.valueField : say.sha256Field}
          type={by === "value" ? "password" : "text"}
          autoComplete="off"
          value={form.given}
          onChange={form.setGiven}
          help={by === "value" ? say.valueRule : say.sha256Rule}
          error={problemOf(failures, by)}
          mono
        />
        <TextField
          label={add.name}
          value={form.name}
          onChange={form.setName}
          help={add.nameHelp}
          error={problemOf(failures, "name")}
          maxLength={100}
          optional
        />
        <ExpiryField
          value={form.expiry}
          onChange={form.setExpiry}
          ceiling={owner.ceiling.days}
          ceilingFrom={owner.ceiling.from}
          error={problemOf(failures, "expiresAt")}
        />
        <button type="submit" hidden />
      </form>
    </Sheet>
  );
}

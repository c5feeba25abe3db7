import { useState } from "react";
import { problemOf } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { RadioCards } from "../../ui/choices.tsx";
import { TextField } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import type { SecretOwner } from "./add-secret.tsx";
import { shortHint } from "./credential-rows.ts";
import { CredentialSheet, useCredentialForm } from "./new-credential.tsx";
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

/** Takes over a secret that is in use elsewhere, by itself or by its hash. */
export function ImportSecret({ owner, onClose }: { owner: SecretOwner; onClose: () => void }) {
  const { import: say } = words;
  const [by, setBy] = useState<By>("value");
  const [given, setGiven] = useState("");
  const run = useMutate(importClientSecret);
  const form = useCredentialForm(owner.id, owner.ceiling, async (input) => {
    const done = await run({ ...input, [by]: given });
    if (!done.ok) return done.failures;
    const { clientSecret } = done.payload;
    if (clientSecret) toast(say.done(shortHint(clientSecret.hint)));
    onClose();
    return [];
  });
  return (
    <CredentialSheet
      form={form}
      fields={["value", "sha256"]}
      title={say.title(owner.name)}
      submit={say.submit}
      nameHelp={words.add.nameHelp}
      onClose={onClose}
    >
      <p className="soft sheet-lead">{say.lead}</p>
      <RadioCards<By>
        label={say.how}
        value={by}
        onChange={(next) => {
          setBy(next);
          // What was typed as a secret is never shown as a hash.
          setGiven("");
        }}
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
        value={given}
        onChange={setGiven}
        help={by === "value" ? say.valueRule : say.sha256Rule}
        error={problemOf(form.failures, by)}
        mono
      />
    </CredentialSheet>
  );
}

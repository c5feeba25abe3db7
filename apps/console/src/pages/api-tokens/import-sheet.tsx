import { linkOptions, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type Failure, problemOf } from "../../server/ask.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { useMutate } from "../../server/mutate.ts";
import { RadioCards } from "../../ui/choices.tsx";
import { TextField } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import { ImportApiToken, type TokenClient } from "./documents.ts";
import { EndField, NameField, PowerField } from "./fields.tsx";
import { choicesOf } from "./scopes.ts";
import { words } from "./text.ts";
import { FIELDS, inputOf, problemsOf, useDraft } from "./use-draft.ts";

const { importing: say } = words;

type By = "value" | "sha256";

/** A token that is in use elsewhere: itself, or its hash. */
function Given({
  by,
  onBy,
  given,
  onGiven,
  failures,
}: {
  by: By;
  onBy: (by: By) => void;
  given: string;
  onGiven: (given: string) => void;
  failures: readonly Failure[];
}) {
  return (
    <>
      <RadioCards<By>
        label={say.how}
        value={by}
        onChange={onBy}
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
        onChange={onGiven}
        help={by === "value" ? say.valueRule : say.sha256Rule}
        error={problemOf(failures, by)}
        mono
      />
    </>
  );
}

/** Takes over a token that is in use elsewhere, by itself or by its hash. */
export function ImportSheet({ client, onClose }: { client: TokenClient; onClose: () => void }) {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  const { draft, change, ceiling } = useDraft(client);
  const [by, setBy] = useState<By>("value");
  const [given, setGiven] = useState("");
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const run = useMutate(ImportApiToken);
  const submit = async () => {
    const now = Date.now();
    const problems = problemsOf(draft, ceiling, now);
    if (problems.length > 0) return setFailures(problems);
    setPending(true);
    const done = await run({ ...inputOf(draft, client, now), [by]: given });
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    toast(say.done(draft.name.trim()));
    onClose();
  };
  const form = { draft, onChange: change, failures };
  const access = linkOptions({
    to: "/t/$tenant/w/$workspace/clients/$id/access",
    params: { tenant, workspace, id: client.id },
  });
  return (
    <FormSheet
      title={say.title(client.name)}
      submit={say.submit}
      onSubmit={() => void submit()}
      pending={pending}
      failures={failures}
      fields={[...FIELDS, "value", "sha256"]}
      onClose={onClose}
    >
      <p className="soft sheet-lead">{say.lead}</p>
      <Given
        by={by}
        onBy={(next) => {
          setBy(next);
          // What was typed as a token is never shown as a hash.
          setGiven("");
        }}
        given={given}
        onGiven={setGiven}
        failures={failures}
      />
      <NameField {...form} isFirst={false} />
      <PowerField {...form} choices={choicesOf(client)} access={access} />
      <EndField expiry={draft.expiry} onChange={(expiry) => change({ expiry })} ceiling={ceiling} failures={failures} />
    </FormSheet>
  );
}

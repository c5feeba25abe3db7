import { linkOptions, useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { Failure } from "../../server/ask.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { useMutate } from "../../server/mutate.ts";
import { toast } from "../../ui/toast.tsx";
import { firstExpiry } from "../expiry/expiry.ts";
import { changesOf, type Edited, editedOf } from "./changes.ts";
import { type ApiToken, type TokenClient, UpdateApiToken } from "./documents.ts";
import { EndOf } from "./end-of.tsx";
import { NameField, PowerField } from "./fields.tsx";
import { choicesOf } from "./scopes.ts";
import { tokenCeiling } from "./state.ts";
import { words } from "./text.ts";
import { FIELDS, problemsOf } from "./use-draft.ts";

const { editing: say } = words;

/** Changes a token's name, end and permissions; its value is not here, and stays. */
export function EditSheet({ token, client, onClose }: { token: ApiToken; client: TokenClient; onClose: () => void }) {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  const ceiling = tokenCeiling(client.settings);
  const choices = choicesOf(client);
  const [edited, setEdited] = useState(() => editedOf(token));
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const update = useMutate(UpdateApiToken);
  const change = (next: Partial<Edited>) => setEdited((before) => ({ ...before, ...next }));
  const submit = async () => {
    const now = Date.now();
    // An end that stays is nobody's fault.
    const end = edited.expiry ?? firstExpiry(ceiling.days);
    const problems = problemsOf({ ...edited, expiry: end }, ceiling, now);
    if (problems.length > 0) return setFailures(problems);
    const changes = changesOf(token, edited, choices, now);
    if (!changes) return onClose();
    setPending(true);
    const done = await update(changes);
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    toast(say.done(edited.name.trim()));
    onClose();
  };
  const expiry = edited.expiry ?? firstExpiry(ceiling.days);
  const form = { draft: { ...edited, expiry }, onChange: change, failures };
  const access = linkOptions({
    to: "/t/$tenant/w/$workspace/clients/$id/access",
    params: { tenant, workspace, id: client.id },
  });
  return (
    <FormSheet
      title={say.title(token.name)}
      submit={say.submit}
      onSubmit={() => void submit()}
      pending={pending}
      disabledReason={changesOf(token, edited, choices, Date.now()) ? undefined : say.unchanged}
      failures={failures}
      fields={FIELDS}
      onClose={onClose}
    >
      <p className="soft sheet-lead">{say.lead}</p>
      <NameField {...form} />
      <PowerField {...form} choices={choices} access={access} />
      <EndOf
        expiresAt={token.expiresAt}
        expiry={edited.expiry}
        onChange={(next) => change({ expiry: next })}
        ceiling={ceiling}
        failures={failures}
      />
    </FormSheet>
  );
}

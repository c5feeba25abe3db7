import { useState } from "react";
import { type Failure, problemOf } from "../../server/ask.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { useMutate } from "../../server/mutate.ts";
import { Checkbox } from "../../ui/choices.tsx";
import { TextArea, TextField } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import { CreateRole, type Role, UpdateRole } from "./documents.ts";
import { words } from "./text.ts";

const { roles: say } = words;
const FIELDS = ["name", "description", "scopeIds"];

export interface ScopeChoice {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

interface Draft {
  readonly name: string;
  readonly description: string;
  readonly scopes: ReadonlySet<string>;
}

/** What is about to be made: a new role, a copy of one, or one that changes. */
export type Wanted =
  | { readonly kind: "create"; readonly from?: Role | undefined }
  | { readonly kind: "edit"; readonly role: Role };

function draftOf(wanted: Wanted): Draft {
  const from = wanted.kind === "edit" ? wanted.role : wanted.from;
  const name = wanted.kind === "edit" ? wanted.role.name : from ? say.copyOf(from.name) : "";
  return { name, description: from?.description ?? "", scopes: new Set((from?.scopes ?? []).map(({ id }) => id)) };
}

/** The scopes of the Admin API, each with what it lets its holder do; what the person does not hold is off. */
function ScopePicker({
  scopes,
  held,
  value,
  onChange,
}: {
  scopes: readonly ScopeChoice[];
  held: readonly string[];
  value: ReadonlySet<string>;
  onChange: (value: ReadonlySet<string>) => void;
}) {
  const toggle = (id: string, on: boolean) => {
    const next = new Set(value);
    if (on) next.add(id);
    else next.delete(id);
    onChange(next);
  };
  return (
    <fieldset className="field role-scopes">
      <legend>{say.scopes}</legend>
      <p className="help">{say.scopesHelp}</p>
      {scopes.map(({ id, name, description }) => (
        <Checkbox
          key={id}
          checked={value.has(id)}
          onChange={(on) => toggle(id, on)}
          disabled={!held.includes(name)}
          help={held.includes(name) ? description : `${description} ${say.beyond}`}
        >
          <code>{name}</code>
        </Checkbox>
      ))}
    </fieldset>
  );
}

/** Makes a role of the admin workspace, or changes one. */
export function RoleForm({
  wanted,
  workspaceId,
  scopes,
  held,
  onSaved,
  onClose,
}: {
  wanted: Wanted;
  workspaceId: string;
  scopes: readonly ScopeChoice[];
  /** What the person holds in the whole tenant. */
  held: readonly string[];
  onSaved: () => void;
  onClose: () => void;
}) {
  const [first] = useState(() => draftOf(wanted));
  const [draft, setDraft] = useState(first);
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const create = useMutate(CreateRole);
  const update = useMutate(UpdateRole);
  const change = (next: Partial<Draft>) => setDraft((before) => ({ ...before, ...next }));
  const submit = async () => {
    setPending(true);
    const input = { name: draft.name.trim(), description: draft.description, scopeIds: [...draft.scopes] };
    const done = await (wanted.kind === "edit"
      ? update({ id: wanted.role.id, ...input })
      : create({ workspaceId, ...input }));
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    toast(wanted.kind === "edit" ? say.saved(input.name) : say.made(input.name));
    onSaved();
    onClose();
  };
  return (
    <FormSheet
      title={wanted.kind === "edit" ? say.title.edit(wanted.role.name) : say.title.create}
      submit={say.submit[wanted.kind]}
      onSubmit={() => void submit()}
      pending={pending}
      failures={failures}
      fields={FIELDS}
      guard={draft === first ? undefined : say.draft}
      onClose={onClose}
    >
      <TextField
        label={say.name}
        value={draft.name}
        onChange={(name) => change({ name })}
        error={problemOf(failures, "name")}
        maxLength={100}
        autoFocus
        required
      />
      <TextArea
        label={say.description}
        value={draft.description}
        onChange={(description) => change({ description })}
        help={say.descriptionHelp}
        error={problemOf(failures, "description")}
      />
      <ScopePicker scopes={scopes} held={held} value={draft.scopes} onChange={(chosen) => change({ scopes: chosen })} />
    </FormSheet>
  );
}

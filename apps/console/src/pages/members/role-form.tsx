import { useState } from "react";
import { list } from "../../format.ts";
import { type Failure, problemOf } from "../../server/ask.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { useMutate } from "../../server/mutate.ts";
import { Checkbox } from "../../ui/choices.tsx";
import { TextArea, TextField } from "../../ui/field.tsx";
import { Banner } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { CreateRole, UpdateRole } from "./documents.ts";
import { type RoleForm as Draft, draftOf, type ScopeChoice, type Wanted } from "./role-draft.ts";
import { words } from "./text.ts";

const { roles: say } = words;
const FIELDS = ["name", "description", "scopeIds"];

/** The scopes of the Admin API, each with what it lets its holder do; what the person does not hold is off. */
function ScopePicker({
  scopes,
  held,
  isFixed,
  value,
  onChange,
}: {
  scopes: readonly ScopeChoice[];
  held: readonly string[];
  isFixed: boolean;
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
          disabled={isFixed || !held.includes(name)}
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
  bound,
  onSaved,
  onClose,
}: {
  wanted: Wanted;
  workspaceId: string;
  scopes: readonly ScopeChoice[];
  /** What the person holds in the whole tenant. */
  held: readonly string[];
  /** Why its name and scopes stay as they are. */
  bound?: string | undefined;
  onSaved: () => void;
  onClose: () => void;
}) {
  const [{ draft: first, leftOut }] = useState(() => draftOf(wanted, scopes, held));
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
      {bound && <Banner tone="info">{bound}</Banner>}
      {leftOut.length > 0 && <Banner tone="info">{say.leftOut(list(leftOut))}</Banner>}
      <TextField
        label={say.name}
        value={draft.name}
        onChange={(name) => change({ name })}
        error={problemOf(failures, "name")}
        maxLength={100}
        disabled={bound !== undefined}
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
      <ScopePicker
        scopes={scopes}
        held={held}
        isFixed={bound !== undefined}
        value={draft.scopes}
        onChange={(chosen) => change({ scopes: chosen })}
      />
    </FormSheet>
  );
}

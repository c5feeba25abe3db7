import { type FormEvent, useState } from "react";
import type { ApiHeadFragment } from "../../gql/graphql.ts";
import { type Failure, otherProblems, problemOf } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { Button } from "../../ui/button.tsx";
import { Problem, TextArea, TextField } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import { UpdateApi } from "./documents.ts";
import { nameProblem } from "./rules.ts";
import { words } from "./text.ts";

/** An API's name and description. */
export function WordsForm({ api, whyNot }: { api: ApiHeadFragment; whyNot: string | undefined }) {
  const update = useMutate(UpdateApi);
  const [name, setName] = useState(api.name);
  const [description, setDescription] = useState(api.description);
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const { settings } = words;
  const changed = name !== api.name || description !== api.description;
  const off = whyNot !== undefined;
  const [elsewhere] = otherProblems(failures, ["name", "description"]);
  const nothing = changed ? undefined : "Nothing has changed.";
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (off || !changed || pending || nameProblem(name)) return;
    setPending(true);
    const done = await update({ id: api.id, name, description });
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    setFailures([]);
    toast(settings.saved);
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="words-form" noValidate>
      <TextField
        label={settings.name}
        value={name}
        onChange={setName}
        disabled={off}
        error={nameProblem(name) ?? problemOf(failures, "name")}
      />
      <TextArea
        label={settings.description}
        value={description}
        onChange={setDescription}
        disabled={off}
        error={problemOf(failures, "description")}
      />
      {elsewhere && <Problem>{elsewhere}</Problem>}
      <div className="form-end">
        <Button type="submit" variant="primary" pending={pending} disabledReason={whyNot ?? nothing}>
          {settings.save}
        </Button>
      </div>
    </form>
  );
}

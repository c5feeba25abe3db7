import { type FormEvent, useRef, useState } from "react";
import { type Failure, otherProblems, problemOf } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { announce } from "../../ui/announce.tsx";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { CreateScope } from "./documents.ts";
import { scopeProblem } from "./rules.ts";
import { words } from "./text.ts";

/** The line below the scopes: a name, what it allows, Enter. The focus stays, so that several follow quickly. */
export function AddScope({ apiId, taken }: { apiId: string; taken: readonly { readonly name: string }[] }) {
  const create = useMutate(CreateScope);
  const field = useRef<HTMLInputElement>(null);
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const { scopes } = words;
  const isTaken = taken.some((scope) => scope.name === name);
  const typed = scopeProblem(name) ?? (isTaken ? "This API has that scope already." : undefined);
  const [elsewhere] = otherProblems(failures, ["name", "description"]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (pending || name === "" || typed) return field.current?.focus();
    setPending(true);
    const done = await create({ resourceId: apiId, name, description: description || null });
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    announce(scopes.added(name));
    setName("");
    setDescription("");
    setFailures([]);
    field.current?.focus();
  }
  return (
    <form className="add-scope" onSubmit={(event) => void submit(event)} aria-label={scopes.addTitle} noValidate>
      <TextField
        ref={field}
        label={scopes.name}
        value={name}
        onChange={(value) => {
          setName(value);
          setFailures([]);
        }}
        placeholder={words.sheet.scopePlaceholder}
        error={typed ?? problemOf(failures, "name") ?? elsewhere}
        mono
      />
      <TextField
        label={scopes.description}
        value={description}
        onChange={setDescription}
        maxLength={1000}
        error={problemOf(failures, "description")}
      />
      <Button type="submit" icon="plus" pending={pending}>
        {scopes.add}
      </Button>
    </form>
  );
}

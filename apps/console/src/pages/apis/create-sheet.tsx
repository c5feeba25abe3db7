import { useNavigate, useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { Failure } from "../../server/ask.ts";
import { problemOf, sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { text } from "../../text.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { Banner } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import type { ListWorkspace } from "./list.tsx";
import { type Draft, identifierProblem, nameProblem, repeated, scopeProblem } from "./rules.ts";
import { ScopeDrafts } from "./scope-drafts.tsx";
import { words } from "./text.ts";

const CreateApi = graphql(`
  mutation CreateApi($input: CreateResourceInput!) {
    createResource(input: $input) {
      resource {
        id
        name
      }
      userErrors {
        code
        message
        fix
        path
      }
    }
  }
`);

const FORM = "create-api";
const EMPTY: Draft = { name: "", description: "" };

/** The failure about one scope of the list, by its place. */
const ofScope = (failures: readonly Failure[], at: number): string | undefined => {
  const failure = failures.find(({ path }) => path.includes("scopes") && path.includes(String(at)));
  return failure && sentence(failure);
};

const isElsewhere = ({ path }: Failure) => !path.some((step) => ["name", "identifier", "scopes"].includes(step));

/** Name, identifier and scopes of a new API; one call makes all of it. */
export function CreateSheet({ workspace }: { workspace: ListWorkspace }) {
  const { tenant = "", workspace: slug = "" } = useParams({ strict: false });
  const navigate = useNavigate();
  const create = useMutate(CreateApi);
  const [name, setName] = useState("");
  const [identifier, setIdentifier] = useState("");
  const [drafts, setDrafts] = useState<readonly Draft[]>([EMPTY]);
  const [left, setLeft] = useState(false);
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const { sheet } = words;
  const may = workspace.viewerPermissions.includes("resource:write");
  const written = drafts.filter((draft) => draft.name !== "" || draft.description !== "");
  const twice = repeated(drafts);
  const wrong =
    name.trim() === "" ||
    identifier === "" ||
    nameProblem(name) !== undefined ||
    identifierProblem(identifier) !== undefined ||
    twice.size > 0 ||
    written.some((draft) => draft.name === "" || scopeProblem(draft.name) !== undefined);
  const dirty = name !== "" || identifier !== "" || written.length > 0;
  const list = { to: "/t/$tenant/w/$workspace/apis", params: { tenant, workspace: slug } } as const;

  async function submit(event?: FormEvent) {
    event?.preventDefault();
    setLeft(true);
    if (wrong || pending || !may) return;
    setPending(true);
    const scopes = written.map((draft) => ({ name: draft.name, description: draft.description || null }));
    const answer = await create({ workspaceId: workspace.id, name, identifier, scopes });
    setPending(false);
    if (!answer.ok) return setFailures(answer.failures);
    toast(sheet.done(name.trim()));
    void navigate({
      to: "/t/$tenant/w/$workspace/apis/$id",
      params: { tenant, workspace: slug, id: answer.payload.resource?.id ?? "" },
      replace: true,
      ignoreBlocker: true,
    });
  }
  useShortcuts({ "mod+Enter": () => void submit() }, true);
  const general = failures.find(isElsewhere);
  const identifierError =
    problemOf(failures, "identifier") ?? (left || identifier.length > 8 ? identifierProblem(identifier) : undefined);
  return (
    <Sheet
      open
      title={sheet.title}
      // By then the guard has asked.
      onClose={() => void navigate({ ...list, ignoreBlocker: true })}
      guard={dirty ? sheet.guard : undefined}
      foot={
        <>
          <span className="grow" />
          <Button onPress={() => void navigate(list)}>{text.dialog.cancel}</Button>
          <Button
            variant="primary"
            type="submit"
            form={FORM}
            shortcut="⌘↵"
            pending={pending}
            disabledReason={may ? undefined : words.mayNot}
          >
            {sheet.submit}
          </Button>
        </>
      }
    >
      <form id={FORM} onSubmit={(event) => void submit(event)} noValidate>
        {!may && <Banner tone="info">{words.mayNot}</Banner>}
        {general && <Banner tone="bad">{sentence(general)}</Banner>}
        <TextField
          label={sheet.name}
          value={name}
          onChange={setName}
          placeholder={sheet.namePlaceholder}
          error={
            problemOf(
              failures.filter(({ path }) => !path.includes("scopes")),
              "name",
            ) ??
            nameProblem(name) ??
            (left && name.trim() === "" ? "Give it a name that people know." : undefined)
          }
          autoFocus
          required
        />
        <TextField
          label={sheet.identifier}
          value={identifier}
          onChange={(value) => setIdentifier(value.trim())}
          onBlur={() => setLeft(left || identifier !== "")}
          placeholder={sheet.identifierPlaceholder}
          help={sheet.identifierHelp}
          error={identifierError ?? (left && identifier === "" ? "Give it an identifier." : undefined)}
          inputMode="url"
          mono
          required
        />
        <ScopeDrafts
          drafts={drafts}
          onChange={(next) => {
            setDrafts(next);
            setFailures([]);
          }}
          problem={(at) => {
            const draft = drafts[at] ?? EMPTY;
            if (twice.has(at)) return "This scope stands here already.";
            if (left && draft.name === "" && draft.description !== "") return "Name this scope.";
            const place = drafts.slice(0, at).filter((one) => one.name !== "" || one.description !== "").length;
            return scopeProblem(draft.name) ?? ofScope(failures, place);
          }}
        />
      </form>
    </Sheet>
  );
}

import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { mayNot } from "../../may-not.ts";
import { type Failure, problemOf, sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { useOneTry } from "../../server/one-try.ts";
import { TextField } from "../../ui/field.tsx";
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

const EMPTY: Draft = { name: "", description: "" };

/** The failure about one scope of the list, by its place. */
const ofScope = (failures: readonly Failure[], at: number): string | undefined => {
  const failure = failures.find(({ path }) => path[0] === "scopes" && path.includes(String(at)));
  return failure && sentence(failure);
};

/** Name, identifier and scopes of a new API; one call makes all of it. */
export function CreateSheet({ workspace }: { workspace: ListWorkspace }) {
  const { tenant = "", workspace: slug = "" } = useParams({ strict: false });
  const navigate = useNavigate();
  const create = useOneTry(CreateApi);
  const [name, setName] = useState("");
  const [identifier, setIdentifier] = useState("");
  const [drafts, setDrafts] = useState<readonly Draft[]>([EMPTY]);
  const [left, setLeft] = useState(false);
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const { sheet } = words;
  const locked = mayNot(workspace.viewerPermissions, "resource:write");
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

  async function submit() {
    setLeft(true);
    if (wrong) return;
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
  const identifierError =
    problemOf(failures, "identifier") ?? (left || identifier.length > 8 ? identifierProblem(identifier) : undefined);
  return (
    <FormSheet
      title={sheet.title}
      submit={sheet.submit}
      onSubmit={() => void submit()}
      pending={pending}
      disabledReason={locked}
      failures={failures}
      fields={["name", "identifier", "scopes"]}
      // By then the guard has asked.
      onClose={() => void navigate({ ...list, ignoreBlocker: true })}
      guard={dirty ? sheet.guard : undefined}
    >
      {locked !== undefined && <Banner tone="info">{locked}</Banner>}
      <TextField
        label={sheet.name}
        value={name}
        onChange={setName}
        placeholder={sheet.namePlaceholder}
        error={
          problemOf(failures, "name") ??
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
    </FormSheet>
  );
}

import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type Failure, problemOf } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { useOneTry } from "../../server/one-try.ts";
import { slugOf } from "../../slug.ts";
import { tenantWords } from "../../text/tenant.ts";
import { TextField } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import { IssuerPreview } from "../set-up/step.tsx";

const words = tenantWords.sheet;

const CreateWorkspaceDocument = graphql(`
  mutation CreateWorkspace($input: CreateWorkspaceInput!) {
    createWorkspace(input: $input) {
      workspace {
        id
        slug
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

/** A custom workspace: it has its first signing key, and can issue, as soon as it is made. */
export function CreateWorkspace({
  tenant,
  issuer,
  onClose,
}: {
  tenant: string;
  /** The issuer of any other workspace: its origin is this one's too. */
  issuer: string | undefined;
  onClose: () => void;
}) {
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [ownSlug, setOwnSlug] = useState<string | null>(null);
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const create = useOneTry(CreateWorkspaceDocument);
  const slug = ownSlug ?? slugOf(name);
  const submit = async () => {
    setPending(true);
    const done = await create({ name: name.trim(), slug });
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    const made = done.payload.workspace;
    if (!made) return;
    toast(words.made(made.name));
    void navigate({ to: "/t/$tenant/w/$workspace", params: { tenant, workspace: made.slug }, ignoreBlocker: true });
  };
  return (
    <FormSheet
      width="peek"
      title={words.title}
      submit={words.submit}
      onSubmit={() => void submit()}
      pending={pending}
      failures={failures}
      fields={["name", "slug"]}
      onClose={onClose}
      guard={name !== "" || ownSlug !== null ? words.discard : undefined}
    >
      <TextField
        label={words.name}
        value={name}
        onChange={setName}
        help={words.nameHelp}
        error={problemOf(failures, "name")}
        autoFocus
      />
      <TextField
        label={tenantWords.slug}
        value={slug}
        onChange={setOwnSlug}
        help={words.slugHelp}
        error={problemOf(failures, "slug")}
        mono
      />
      <IssuerPreview origin={issuer ? new URL(issuer).origin : location.origin} tenant={tenant} workspace={slug} />
    </FormSheet>
  );
}

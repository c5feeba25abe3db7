import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { type Failure, problemOf, sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { slugOf } from "../../slug.ts";
import { tenantWords } from "../../text/tenant.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { Banner } from "../../ui/states.tsx";
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

const FORM = "create-workspace";
const FIELDS = ["name", "slug"];

interface Props {
  open: boolean;
  tenant: string;
  /** The issuer of any other workspace: its origin is this one's too. */
  issuer: string | undefined;
  onClose: () => void;
}

function Form({
  tenant,
  issuer,
  onPending,
}: Omit<Props, "open" | "onClose"> & { onPending: (pending: boolean) => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [ownSlug, setOwnSlug] = useState<string | null>(null);
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const create = useMutate(CreateWorkspaceDocument);
  const slug = ownSlug ?? slugOf(name);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    onPending(true);
    const done = await create({ name: name.trim(), slug });
    onPending(false);
    if (!done.ok) return setFailures(done.failures);
    const made = done.payload.workspace;
    if (!made) return;
    toast(words.made(made.name));
    void navigate({ to: "/t/$tenant/w/$workspace", params: { tenant, workspace: made.slug } });
  };
  const whole = failures.find(({ path }) => !FIELDS.includes(path.at(-1) ?? ""));
  return (
    <form id={FORM} onSubmit={(event) => void submit(event)} noValidate>
      {whole && (
        <div role="alert">
          <Banner tone="bad">{sentence(whole)}</Banner>
        </div>
      )}
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
    </form>
  );
}

function Keys() {
  const form = () => document.getElementById(FORM);
  useShortcuts({ "mod+Enter": () => (form() as HTMLFormElement | null)?.requestSubmit() }, true);
  return null;
}

/** A custom workspace: it has its first signing key, and can issue, as soon as it is made. */
export function CreateWorkspace({ open, onClose, ...rest }: Props) {
  const [pending, setPending] = useState(false);
  return (
    <Sheet
      open={open}
      title={words.title}
      onClose={onClose}
      width="peek"
      foot={
        <Button type="submit" form={FORM} variant="primary" pending={pending} shortcut="⌘↵">
          {words.submit}
        </Button>
      }
    >
      <Keys />
      <Form {...rest} onPending={setPending} />
    </Sheet>
  );
}

import { type FormEvent, useEffect, useRef, useState } from "react";
import { graphqlClient } from "../../graphql.ts";
import { type Failure, problemOf } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { FormProblems } from "../../server/form-sheet.tsx";
import { mutateAt } from "../../server/mutate.ts";
import { useAccount } from "../../shell/account-shell.tsx";
import { account } from "../../text/account.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { KeyValueList } from "../../ui/key-value-list.tsx";
import { MarginBlock } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { ConfirmMailbox } from "./confirm-mailbox.tsx";

const UpdateOwnName = graphql(`
  mutation UpdateOwnName($input: UpdateOwnNameInput!) {
    updateOwnName(input: $input) {
      viewer {
        name
      }
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

const FIELDS = ["name"] as const;

/** The name is one in all tenants: it is changed at the first that lets the person in, without single sign-on here. */
async function renameAt(slugs: readonly string[], name: string): Promise<readonly Failure[]> {
  let failures: readonly Failure[] = [];
  for (const slug of slugs) {
    const done = await mutateAt(graphqlClient(slug), UpdateOwnName, { name });
    if (done.ok) return [];
    failures = done.failures;
    if (done.failures[0].code !== "SSO_REQUIRED") break;
  }
  return failures;
}

/** Who the person is to others. */
export function You() {
  const { facts, reload } = useAccount();
  const words = account.you;
  const [name, setName] = useState(facts.name);
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (failures.length > 0) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [failures]);
  const unchanged = name.trim() === facts.name ? words.unchanged : undefined;
  const disabledReason = facts.tenants.length === 0 ? words.nowhere : unchanged;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (pending || disabledReason !== undefined) return;
    setPending(true);
    const problems = await renameAt(
      facts.tenants.map(({ slug }) => slug),
      name,
    );
    setPending(false);
    setFailures(problems);
    if (problems.length > 0) return;
    toast(words.renamed);
    reload();
  };
  const items = [
    { label: words.email, value: facts.email },
    { label: words.tenants, value: facts.tenants.map(({ name }) => name).join(", ") },
  ];
  return (
    <MarginBlock title={words.title} help={words.help}>
      <div className="form-narrow">
        <form ref={form} onSubmit={(event) => void submit(event)} noValidate>
          <FormProblems failures={failures} fields={FIELDS} />
          <TextField
            label={words.name}
            value={name}
            onChange={setName}
            error={problemOf(failures, "name")}
            autoComplete="name"
            maxLength={100}
          />
          <Button type="submit" pending={pending} disabledReason={disabledReason}>
            {words.rename}
          </Button>
        </form>
      </div>
      <KeyValueList items={items} />
      {facts.isConfirmed === false && <ConfirmMailbox />}
    </MarginBlock>
  );
}

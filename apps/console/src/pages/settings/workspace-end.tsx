import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { mayNot } from "../../may-not.ts";
import { type Failure, sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { ActRow } from "../../ui/act-row.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { MarginBlock } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { words } from "./text.ts";

const suspendWorkspace = graphql(`
  mutation SuspendWorkspace($input: SuspendWorkspaceInput!) {
    suspendWorkspace(input: $input) {
      workspace {
        id
        status
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

const resumeWorkspace = graphql(`
  mutation ResumeWorkspace($input: ResumeWorkspaceInput!) {
    resumeWorkspace(input: $input) {
      workspace {
        id
        status
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

const deleteWorkspace = graphql(`
  mutation DeleteWorkspace($input: DeleteWorkspaceInput!) {
    deleteWorkspace(input: $input) {
      deletedWorkspaceId
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

type Outcome = { readonly ok: true } | { readonly ok: false; readonly failures: readonly [Failure, ...Failure[]] };

const { end: say } = words;

/** Suspends a workspace, resumes it, or deletes it for good. The two special ones have no such end. */
export function WorkspaceEnd({
  workspace: { id, slug, name, status },
  permissions,
  measured,
  held,
}: {
  workspace: { readonly id: string; readonly slug: string; readonly name: string; readonly status: string };
  permissions: readonly string[];
  /** Who would feel it, as far as it is known. */
  measured: string | undefined;
  /** What would go with it, as far as it is known. */
  held: string | undefined;
}) {
  const { tenant = "" } = useParams({ strict: false }) as { tenant?: string };
  const navigate = useNavigate();
  const [asked, setAsked] = useState<"suspend" | "delete" | null>(null);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const [suspend, resume, remove] = [
    useMutate(suspendWorkspace),
    useMutate(resumeWorkspace),
    useMutate(deleteWorkspace),
  ];
  const run = async (call: () => Promise<Outcome>, done: string): Promise<boolean> => {
    setPending(true);
    setError(undefined);
    const answer = await call();
    setPending(false);
    if (answer.ok) setAsked(null);
    else if (asked) setError(sentence(answer.failures[0]));
    toast(answer.ok ? done : sentence(answer.failures[0]));
    return answer.ok;
  };
  const ask = (what: "suspend" | "delete") => () => {
    setError(undefined);
    setAsked(what);
  };
  const end = async () => {
    if (await run(() => remove({ id }), say.deleted(name)))
      void navigate({ to: "/t/$tenant", params: { tenant }, replace: true, ignoreBlocker: true });
  };
  const action = (label: string, permission: string, onAction: () => void, danger: boolean) => {
    const locked = mayNot(permissions, permission);
    return { id: label, label, onAction, danger, ...(locked !== undefined && { disabledReason: locked }) };
  };
  const isOff = status === "SUSPENDED";
  const goOn = () => void run(() => resume({ id }), say.resumed(name));
  const common = { destructive: true, pending, error, onCancel: () => setAsked(null) };
  return (
    <MarginBlock title={say.title} help={say.help}>
      <ul className="panel ruled">
        {isOff ? (
          <ActRow act={action(say.resume, "workspace:write", goOn, false)} title={say.resumeNamed(name)}>
            {say.resumeHelp}
          </ActRow>
        ) : (
          <ActRow act={action(say.suspend, "workspace:write", ask("suspend"), true)} title={say.suspendNamed(name)}>
            {say.suspendHelp}
          </ActRow>
        )}
        <ActRow act={action(say.delete, "workspace:delete", ask("delete"), true)} title={say.deleteNamed(name)}>
          {say.deleteHelp}
        </ActRow>
      </ul>
      <ConfirmDialog
        {...common}
        open={asked === "suspend"}
        title={say.suspendTitle(name)}
        confirm={say.suspendNamed(name)}
        onConfirm={() => void run(() => suspend({ id }), say.suspended(name))}
      >
        <p>{say.suspendBody}</p>
        {measured && <p>{measured}</p>}
      </ConfirmDialog>
      <ConfirmDialog
        {...common}
        open={asked === "delete"}
        title={say.deleteTitle(name)}
        confirm={say.deleteNamed(name)}
        typed={slug}
        onConfirm={() => void end()}
      >
        <p>{say.deleteBody}</p>
        {measured && <p>{measured}</p>}
        {held && <p>{held}</p>}
        <p>
          <b>{say.forGood(slug)}</b>
        </p>
      </ConfirmDialog>
    </MarginBlock>
  );
}

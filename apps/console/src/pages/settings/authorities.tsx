import { useState } from "react";
import { unsentKey } from "../../private-key.ts";
import { type Failure, problemOf, sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { useMutate } from "../../server/mutate.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { TextArea, TextField } from "../../ui/field.tsx";
import { LifeBar } from "../../ui/life-bar.tsx";
import { EmptyState, MarginBlock } from "../../ui/states.tsx";
import { useNow } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { words } from "./text.ts";

const { authorities: say } = words;

const addClientAuthority = graphql(`
  mutation AddClientAuthority($input: AddClientAuthorityInput!) {
    addClientAuthority(input: $input) {
      clientAuthority {
        id
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

const removeClientAuthority = graphql(`
  mutation RemoveClientAuthority($input: RemoveClientAuthorityInput!) {
    removeClientAuthority(input: $input) {
      removedClientAuthorityId
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

interface Authority {
  readonly id: string;
  readonly name: string;
  readonly subject: string;
  readonly fingerprint: string;
  readonly notAfter: string;
  readonly createdAt: string;
}

function AddAuthority({ workspaceId, onClose }: { workspaceId: string; onClose: () => void }) {
  const [certificate, setCertificate] = useState("");
  const [name, setName] = useState("");
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [pending, setPending] = useState(false);
  const add = useMutate(addClientAuthority);
  const submit = async () => {
    const unsent = unsentKey("certificate", certificate);
    if (unsent.length > 0) return setFailures(unsent);
    setPending(true);
    // A name may be left out, but not be empty.
    const done = await add({ workspaceId, certificate, name: name.trim() === "" ? null : name });
    setPending(false);
    if (!done.ok) return setFailures(done.failures);
    toast(say.added);
    onClose();
  };
  return (
    <FormSheet
      title={say.addTitle}
      submit={say.add}
      onSubmit={() => void submit()}
      pending={pending}
      failures={failures}
      fields={["certificate", "name"]}
      onClose={onClose}
    >
      <p className="soft sheet-lead">{say.lead}</p>
      <TextArea
        label={say.certificate}
        value={certificate}
        onChange={setCertificate}
        help={say.certificateHelp}
        error={problemOf(failures, "certificate")}
        rows={9}
        mono
      />
      <TextField
        label={say.name}
        value={name}
        onChange={setName}
        error={problemOf(failures, "name")}
        maxLength={100}
        optional
      />
    </FormSheet>
  );
}

/** Who may sign the certificates of a workspace's clients: to see, to trust, to trust no more. */
export function Authorities({
  workspaceId,
  authorities,
  locked,
}: {
  workspaceId: string;
  authorities: readonly Authority[];
  /** Why this person may change nothing. */
  locked: string | undefined;
}) {
  const now = useNow(60_000);
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<Authority | null>(null);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const remove = useMutate(removeClientAuthority);
  const confirm = async ({ id }: Authority) => {
    setPending(true);
    const done = await remove({ id });
    setPending(false);
    if (!done.ok) return setError(sentence(done.failures[0]));
    setLeaving(null);
    toast(say.removed);
  };
  const nameOf = ({ name, subject }: Authority) => name || subject;
  return (
    <MarginBlock
      title={say.title}
      help={say.help}
      action={
        <div className="block-actions">
          <Button icon="plus" disabledReason={locked} onPress={() => setAdding(true)}>
            {say.add}
          </Button>
        </div>
      }
    >
      <div className="panel">
        {authorities.length === 0 ? (
          <EmptyState>{say.none}</EmptyState>
        ) : (
          <ul className="ruled">
            {authorities.map((one) => (
              <li key={one.id} className="authority-line">
                <span className="grow">
                  <b>{nameOf(one)}</b>
                  {one.name && <span className="small muted"> {one.subject}</span>}
                  <br />
                  <code className="id">{one.fingerprint.slice(0, 23)}…</code>
                </span>
                <LifeBar createdAt={Date.parse(one.createdAt)} expiresAt={Date.parse(one.notAfter)} now={now} />
                <Button
                  size="compact"
                  variant="quiet"
                  disabledReason={locked}
                  onPress={() => {
                    setError(undefined);
                    setLeaving(one);
                  }}
                >
                  {say.remove}
                  <span className="sr"> {nameOf(one)}</span>
                </Button>
              </li>
            ))}
          </ul>
        )}
      </div>
      {adding && <AddAuthority workspaceId={workspaceId} onClose={() => setAdding(false)} />}
      {leaving && (
        <ConfirmDialog
          open
          title={say.removeTitle(nameOf(leaving))}
          confirm={say.removeConfirm}
          destructive
          pending={pending}
          error={error}
          onCancel={() => setLeaving(null)}
          onConfirm={() => void confirm(leaving)}
        >
          <p>{say.removeBody}</p>
        </ConfirmDialog>
      )}
    </MarginBlock>
  );
}

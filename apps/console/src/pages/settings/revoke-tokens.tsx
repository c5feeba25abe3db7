import { useState } from "react";
import { sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { MarginBlock } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { words } from "./text.ts";

const { revokeTokens: say, sections } = words;

const revokeWorkspaceTokens = graphql(`
  mutation RevokeWorkspaceTokens($input: RevokeWorkspaceTokensInput!) {
    revokeWorkspaceTokens(input: $input) {
      workspace {
        id
        tokensNotBefore
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

/** The act that takes back every token of a workspace, and when it was done last. */
export function RevokeTokens({
  workspaceId,
  place,
  lastAt,
  measured,
  isStopped,
  locked,
}: {
  workspaceId: string;
  /** The workspace's name: typed before it happens. */
  place: string;
  lastAt: string | null | undefined;
  measured: string | undefined;
  /** Nothing is issued now: clients get no new tokens. */
  isStopped: boolean;
  locked: string | undefined;
}) {
  const [asked, setAsked] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const revoke = useMutate(revokeWorkspaceTokens);
  const confirm = async () => {
    setPending(true);
    const done = await revoke({ workspaceId });
    setPending(false);
    setError(done.ok ? undefined : sentence(done.failures[0]));
    if (!done.ok) return;
    setAsked(false);
    toast(say.done);
  };
  return (
    <MarginBlock title={sections.revokeTokens.title} help={sections.revokeTokens.help}>
      <div className="panel act">
        <div className="grow">
          <p className="small muted">
            {lastAt ? (
              <>
                {say.last} <Time at={Date.parse(lastAt)} />.
              </>
            ) : (
              say.never
            )}
          </p>
        </div>
        <Button
          variant="danger"
          icon="trash"
          disabledReason={locked}
          onPress={() => {
            setError(undefined);
            setAsked(true);
          }}
        >
          {say.act}
        </Button>
      </div>
      <ConfirmDialog
        open={asked}
        title={say.title(place)}
        confirm={say.confirm(place)}
        destructive
        typed={place}
        pending={pending}
        error={error}
        onCancel={() => setAsked(false)}
        onConfirm={() => void confirm()}
      >
        <p>{say.body}</p>
        {measured && <p>{measured}</p>}
        <p>{isStopped ? say.stopped : say.anew}</p>
      </ConfirmDialog>
    </MarginBlock>
  );
}

import { useState } from "react";
import { plural } from "../../format.ts";
import { sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { MarginBlock } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { words } from "./text.ts";

const { revokeApiTokens: say, sections } = words;

const revokeWorkspaceApiTokens = graphql(`
  mutation RevokeWorkspaceApiTokens($input: RevokeWorkspaceApiTokensInput!) {
    revokeWorkspaceApiTokens(input: $input) {
      workspace {
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

const counted = (count: number): string =>
  count === 0 ? say.none : count === 1 ? say.countedOne : say.counted(plural(count, "API token"));

/** The act that stops every API token of a workspace. */
export function RevokeApiTokens({
  workspaceId,
  place,
  count,
  isOn,
  locked,
}: {
  workspaceId: string;
  /** The workspace's name: typed before it happens. */
  place: string;
  /** How many work now. */
  count: number;
  isOn: boolean;
  locked: string | undefined;
}) {
  const [asked, setAsked] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const revoke = useMutate(revokeWorkspaceApiTokens);
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
    <MarginBlock title={sections.revokeApiTokens.title} help={sections.revokeApiTokens.help}>
      <div className="panel act">
        <div className="grow">
          <p className="small muted">{counted(count)}</p>
        </div>
        <Button
          variant="danger"
          icon="trash"
          disabledReason={locked ?? (count === 0 ? say.none : undefined)}
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
        <p>{counted(count)}</p>
        <p>{say.body}</p>
        {!isOn && <p>{say.off}</p>}
      </ConfirmDialog>
    </MarginBlock>
  );
}

import { type ReactNode, useState } from "react";
import { sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { MarginBlock } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { words } from "./text.ts";

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

/** The act that stops all that a workspace has of a kind, with what it would end. */
export function RevokeAll({
  what,
  workspaceId,
  place,
  standing,
  effects,
  disabledReason,
}: {
  /** Access tokens, or API tokens. */
  what: "revokeTokens" | "revokeApiTokens";
  workspaceId: string;
  /** The workspace's name: typed before it happens. */
  place: string;
  /** How it stands now, beside the act. */
  standing: ReactNode;
  /** What it does, in the question: a paragraph each; what is not known is left out. */
  effects: readonly (string | undefined)[];
  disabledReason: string | undefined;
}) {
  const [asked, setAsked] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const revokeTokens = useMutate(revokeWorkspaceTokens);
  const revokeApiTokens = useMutate(revokeWorkspaceApiTokens);
  const say = words[what];
  const confirm = async () => {
    setPending(true);
    const done = await (what === "revokeTokens" ? revokeTokens : revokeApiTokens)({ workspaceId });
    setPending(false);
    setError(done.ok ? undefined : sentence(done.failures[0]));
    if (!done.ok) return;
    setAsked(false);
    toast(say.done);
  };
  return (
    <MarginBlock title={words.sections[what].title} help={words.sections[what].help}>
      <div className="panel act">
        <div className="grow">
          <p className="small muted">{standing}</p>
        </div>
        <Button
          variant="danger"
          icon="trash"
          disabledReason={disabledReason}
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
        {effects.map((effect) => effect && <p key={effect}>{effect}</p>)}
      </ConfirmDialog>
    </MarginBlock>
  );
}

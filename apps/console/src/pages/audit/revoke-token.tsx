import { useState } from "react";
import type { TokenRowFragment } from "../../gql/graphql.ts";
import { mayNot } from "../../may-not.ts";
import { sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { words } from "./text.ts";

const RevokeToken = graphql(`
  mutation RevokeToken($input: RevokeTokenInput!) {
    revokeToken(input: $input) {
      revokedTokenId
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

/** The workspace of a token, and what the viewer may do in it. */
export interface TokenPlace {
  readonly id: string;
  readonly viewerPermissions: readonly string[];
}

/** Whether a decision of the log is about a token that still lives by its own word. */
export const isLivingAt = ({ outcome, expiresAt }: TokenRowFragment, now: number): boolean =>
  outcome === "ISSUED" && expiresAt != null && Date.parse(expiresAt) > now;

/** The button that takes one living token back, and its question. */
export function RevokeTokenButton({ entry, workspace }: { entry: TokenRowFragment; workspace: TokenPlace }) {
  const { revoke: say } = words.tokens;
  const [asked, setAsked] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const revoke = useMutate(RevokeToken);
  const confirm = async () => {
    setPending(true);
    const done = await revoke({ workspaceId: workspace.id, id: entry.id });
    setPending(false);
    if (!done.ok) return setError(sentence(done.failures[0]));
    setAsked(false);
    toast(say.done);
  };
  return (
    <>
      <Button
        variant="danger"
        icon="trash"
        disabledReason={mayNot(workspace.viewerPermissions, "token:revoke")}
        onPress={() => setAsked(true)}
      >
        {say.act}
      </Button>
      <ConfirmDialog
        open={asked}
        title={say.title}
        confirm={say.act}
        destructive
        pending={pending}
        error={error}
        onConfirm={() => void confirm()}
        onCancel={() => setAsked(false)}
      >
        <p>{say.effect}</p>
        <p>{say.offline}</p>
      </ConfirmDialog>
    </>
  );
}

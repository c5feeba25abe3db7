import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useQuery } from "urql";
import { trouble } from "../../server/trouble.ts";
import { Sheet } from "../../ui/sheet.tsx";
import { ErrorState, Skeleton } from "../../ui/states.tsx";
import { ApiTokenDetail, type ListedToken } from "./documents.ts";
import { EditSheet } from "./edit-sheet.tsx";
import { RevokeDialog } from "./revoke-dialog.tsx";
import { words } from "./text.ts";
import { TokenSheet } from "./token-sheet.tsx";
import { WithClient } from "./with-client.tsx";

const { peek: say } = words;

/** What is open for one token of the list. */
export type TokenAct = "see" | "edit" | "revoke";

/** A token of this workspace: the list's, or, where the address names one beyond it, the server's. */
function useToken(id: string, listed: ListedToken | undefined) {
  const { workspace = "" } = useParams({ strict: false });
  const [{ data, error }] = useQuery({ query: ApiTokenDetail, variables: { id }, pause: listed !== undefined });
  const node = data?.node?.__typename === "ApiToken" ? data.node : undefined;
  const isHere = !node?.client?.workspace || node.client.workspace.slug === workspace;
  const token = listed ?? (isHere ? node : undefined);
  return { token, missing: data !== undefined && !token, failed: error && trouble(error).failure };
}

/** One token beside the workspace's list, and what can be done with it. */
export function TokenPeek({
  id,
  listed,
  start = "see",
  mayWrite,
  onClose,
}: {
  id: string;
  listed: ListedToken | undefined;
  start?: TokenAct;
  mayWrite: boolean;
  onClose: () => void;
}) {
  const [act, setAct] = useState(start);
  const { token, missing, failed } = useToken(id, listed);
  if (!token) {
    return (
      <Sheet open width="peek" title={words.columns.name} onClose={onClose}>
        {missing && <ErrorState what={say.missing} />}
        {failed && <ErrorState what={say.failed} why={failed.message} todo={failed.fix} />}
        {!missing && !failed && <Skeleton rows={8} />}
      </Sheet>
    );
  }
  if (act === "revoke") return <RevokeDialog token={token} onClose={onClose} />;
  if (act === "edit" && token.client) {
    return (
      <WithClient id={token.client.id} title={words.editing.title(token.name)} onClose={onClose}>
        {(client) => <EditSheet token={token} client={client} onClose={onClose} />}
      </WithClient>
    );
  }
  return (
    <TokenSheet
      token={token}
      client={token.client}
      mayWrite={mayWrite}
      onEdit={() => setAct("edit")}
      onRevoke={() => setAct("revoke")}
      onClose={onClose}
    />
  );
}

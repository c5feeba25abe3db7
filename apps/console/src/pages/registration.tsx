import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { mayNot } from "../may-not.ts";
import { usePage } from "../server/page.tsx";
import { Button } from "../ui/button.tsx";
import { KeyValueList } from "../ui/key-value-list.tsx";
import { NotYours } from "../ui/not-yours.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Banner } from "../ui/states.tsx";
import { CreateSheet } from "./registration/create-sheet.tsx";
import { RegistrationPage, type RegistrationWorkspace, type Token } from "./registration/documents.ts";
import { RevokeDialog } from "./registration/revoke.tsx";
import { words } from "./registration/text.ts";
import { TokenTable } from "./registration/token-table.tsx";

const NEEDED = ["initial-access-token:write", "client:write", "client-secret:write", "client-grant:write"];

/** Why this person cannot make a token here. */
function lockedBy({ kind, viewerPermissions }: RegistrationWorkspace): string | undefined {
  if (kind !== "CUSTOM") return words.special;
  const lacking = NEEDED.find((permission) => !viewerPermissions.includes(permission));
  return lacking === undefined ? undefined : mayNot(viewerPermissions, lacking);
}

/** Opens and closes the sheet by the address; once a token is made, the address no longer says so. */
function useSheet() {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  const { new: wanted } = useSearch({ strict: false }) as { new?: string };
  const navigate = useNavigate();
  const [shown, setShown] = useState(false);
  const to = "/t/$tenant/w/$workspace/registration" as const;
  // The sheet's own moves: its guard has asked by then, or nothing is lost.
  const go = (search: { new?: string }, replace: boolean) =>
    navigate({ to, params: { tenant, workspace }, search, replace, ignoreBlocker: true });
  const leave = async () => {
    if (wanted !== undefined) await go({}, true);
  };
  return {
    isWanted: wanted === "token",
    /** A token is on the screen: nothing but its own sheet may close it. */
    shown,
    open: () => void go({ new: "token" }, false),
    made: async () => {
      setShown(true);
      await leave();
    },
    close: () => {
      setShown(false);
      void leave();
    },
  };
}

function Tokens({
  workspace,
  tokens,
  held,
}: {
  workspace: RegistrationWorkspace;
  tokens: readonly Token[];
  held: readonly string[];
}) {
  const sheet = useSheet();
  const [revoking, setRevoking] = useState<Token | null>(null);
  const locked = lockedBy(workspace);
  const endpoint = `${workspace.issuer}/oauth2/register`;
  return (
    <>
      <PageHead
        title={words.title}
        actions={
          <Button variant="primary" icon="plus" disabledReason={locked} onPress={sheet.open}>
            {words.create}
          </Button>
        }
      >
        {words.lead}
      </PageHead>
      {workspace.kind !== "CUSTOM" && <Banner tone="info">{words.special}</Banner>}
      {sheet.isWanted && locked !== undefined && workspace.kind === "CUSTOM" && <Banner tone="warn">{locked}</Banner>}
      <TokenTable
        tokens={tokens}
        locked={mayNot(workspace.viewerPermissions, "initial-access-token:write")}
        onRevoke={setRevoking}
      />
      {workspace.initialAccessTokens?.pageInfo.hasNextPage && <p className="small muted">{words.more}</p>}
      {tokens.length > 0 && (
        <div className="key-facts">
          <KeyValueList items={[{ label: words.endpoint, value: endpoint, mono: true, copy: endpoint }]} />
        </div>
      )}
      {(sheet.shown || (sheet.isWanted && locked === undefined)) && (
        <CreateSheet workspace={workspace} endpoint={endpoint} held={held} onMade={sheet.made} onClose={sheet.close} />
      )}
      {revoking && <RevokeDialog token={revoking} onClose={() => setRevoking(null)} />}
    </>
  );
}

/** The tokens with which clients register themselves: how many, until when, with what at most. */
export function Registration() {
  const page = usePage(RegistrationPage, {});
  if (page.wait) return page.wait;
  const { workspace, viewer } = page.data;
  const { initialAccessTokens: tokens, viewerPermissions } = workspace;
  if (!tokens || !viewerPermissions.includes("initial-access-token:read")) return <NotYours what={words.hidden} />;
  return <Tokens workspace={workspace} tokens={tokens.nodes} held={viewer.permissions} />;
}

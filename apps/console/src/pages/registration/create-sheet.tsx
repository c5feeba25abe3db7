import { useParams } from "@tanstack/react-router";
import type { CreateInitialAccessTokenInput } from "../../gql/graphql.ts";
import { isFixed, NewValueSheet } from "../../reveal/new-value-sheet.tsx";
import { useNewValue } from "../../reveal/use-new-value.ts";
import { type RevealedValue, useRevealValue } from "../../reveal/use-reveal-value.tsx";
import { useValueCall } from "../../reveal/use-value-call.ts";
import { useMutate } from "../../server/mutate.ts";
import { AccessPicker } from "../clients/access-picker.tsx";
import { targetsOf } from "../clients/summary.tsx";
import { useApis } from "../clients/use-apis.ts";
import { CreateInitialAccessToken, type RegistrationWorkspace, RevokeInitialAccessToken } from "./documents.ts";
import { snippetsOf } from "./snippets.ts";
import { words } from "./text.ts";
import { TokenForm } from "./token-form.tsx";
import { inputOf, problemsOf, useDraft } from "./use-draft.ts";

const { sheet: say } = words;
const FIELDS = ["name", "uses", "expiresAt", "methods"];

/** Asks for the token until it is there: where asking stands, and what came of it. */
function useNewToken(endpoint: string, onMade: () => Promise<void>) {
  const call = useValueCall(
    useMutate(CreateInitialAccessToken),
    useMutate(RevokeInitialAccessToken),
    (made) => made.initialAccessToken?.id,
  );
  const show = (value: string, { name }: CreateInitialAccessTokenInput): RevealedValue => ({
    name,
    value,
    others: [{ label: words.endpoint, value: endpoint, mono: true, copy: endpoint }],
    snippets: snippetsOf(value, endpoint),
  });
  return useNewValue(call, show, ({ name }) => say.madeUnseen(name), onMade);
}

/** Makes a token that registers clients, with what they get at most; then, in the same sheet, shows it once. */
export function CreateSheet({
  workspace,
  endpoint,
  held,
  onMade,
  onClose,
}: {
  workspace: RegistrationWorkspace;
  endpoint: string;
  /** What the person holds in the whole tenant. */
  held: readonly string[];
  /** Before the token is shown: the address must no longer say that one is to be made. */
  onMade: () => Promise<void>;
  onClose: () => void;
}) {
  const { workspace: slug = "", tenant = "" } = useParams({ strict: false });
  const { draft, change, isTouched } = useDraft();
  const { stage, failures, setFailures, revealed, submit } = useNewToken(endpoint, onMade);
  const first = workspace.resources?.nodes ?? [];
  const hasMore = workspace.resources?.pageInfo.hasNextPage ?? false;
  const apis = useApis(slug, first, hasMore, draft.scopes);
  const reveal = useRevealValue(revealed, words.reveal, onClose);
  const send = () => {
    const now = Date.now();
    const problems = isFixed(stage) ? [] : problemsOf(draft, now);
    if (problems.length > 0) return setFailures(problems);
    const ceiling = targetsOf(draft.scopes, apis.all).map(({ id, scopes }) => ({
      resourceId: id,
      scopes: [...scopes],
    }));
    void submit({ workspaceId: workspace.id, ceiling, ...inputOf(draft, now) });
  };
  const access = (
    <AccessPicker
      shown={apis.shown}
      hasApis={first.length > 0}
      hasMore={hasMore}
      typed={apis.typed}
      onType={apis.setTyped}
      value={draft.scopes}
      onChange={(scopes) => change({ scopes })}
      held={held}
      addApi={
        workspace.viewerPermissions.includes("resource:write")
          ? { to: "/t/$tenant/w/$workspace/apis/new", params: { tenant, workspace: slug } }
          : undefined
      }
    />
  );
  return (
    <NewValueSheet
      say={say}
      stage={stage}
      failures={failures}
      fields={FIELDS}
      isTouched={isTouched}
      reveal={reveal}
      onSend={send}
      onClose={onClose}
    >
      <TokenForm draft={draft} onChange={change} failures={failures} disabled={isFixed(stage)} access={access} />
    </NewValueSheet>
  );
}

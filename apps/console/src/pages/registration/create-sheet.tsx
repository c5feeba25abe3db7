import { useParams } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useIsLeft } from "../../reveal/use-is-left.ts";
import { type Failure, sentence } from "../../server/ask.ts";
import { FormProblems } from "../../server/form-sheet.tsx";
import { text } from "../../text.ts";
import { Button } from "../../ui/button.tsx";
import { type LeaveQuestion, Sheet } from "../../ui/sheet.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { Banner } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { AccessPicker } from "../clients/access-picker.tsx";
import { targetsOf } from "../clients/summary.tsx";
import { useApis } from "../clients/use-apis.ts";
import type { RegistrationWorkspace } from "./documents.ts";
import { words } from "./text.ts";
import { TokenForm } from "./token-form.tsx";
import { inputOf, problemsOf, useDraft } from "./use-draft.ts";
import { type RevealedToken, useRevealToken } from "./use-reveal-token.tsx";
import { type NewToken, type TokenAnswer, useTokenCall } from "./use-token-call.ts";

const { sheet: say } = words;
const FIELDS = ["name", "uses", "expiresAt", "methods"];

type Stage = { readonly at: "draft" | "sending" } | Extract<TokenAnswer, { at: "uncertain" | "lost" }>;

const verbs = { draft: say.submit, sending: say.submit, uncertain: say.retry, lost: say.another };

function questionOf({ at }: Stage, isTouched: boolean): LeaveQuestion | undefined {
  if (at === "sending") return say.making;
  if (at === "uncertain" || at === "lost") return say.unseen;
  return isTouched ? say.draft : undefined;
}

/** Asks for the token until it is there: where asking stands, and what came of it. */
function useNewToken(endpoint: string, onMade: () => Promise<void>) {
  const [stage, setStage] = useState<Stage>({ at: "draft" });
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [revealed, setRevealed] = useState<RevealedToken | null>(null);
  const tokens = useTokenCall();
  const isLeft = useIsLeft();
  const submit = async (input: NewToken) => {
    const before = stage;
    setStage({ at: "sending" });
    const done = await (before.at === "lost" ? tokens.replace(before.id, input) : tokens.make(input));
    if (done.at === "made" && isLeft.current) return toast(say.madeUnseen(input.name));
    setFailures(done.at === "refused" ? done.failures : []);
    if (done.at === "lost" || done.at === "uncertain") return setStage(done);
    if (done.at === "made") await onMade();
    setStage({ at: "draft" });
    if (done.at === "made") setRevealed({ name: input.name, value: done.value, endpoint });
  };
  return { stage, failures, setFailures, revealed, submit };
}

/** What is not known, or known to be lost. */
function Trouble({ stage }: { stage: Stage }) {
  if (stage.at === "draft" || stage.at === "sending") return null;
  return (
    <div role="alert">
      <Banner tone="warn">
        {stage.at === "lost" ? say.lost : say.uncertain}{" "}
        {stage.at === "lost" && stage.failure && sentence(stage.failure)}
      </Banner>
    </div>
  );
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
  const reveal = useRevealToken(revealed, onClose);
  // What was sent is repeated as it was.
  const isFixed = stage.at === "uncertain" || stage.at === "lost";
  const send = () => {
    if (stage.at === "sending" || revealed) return;
    const now = Date.now();
    const problems = isFixed ? [] : problemsOf(draft, now);
    if (problems.length > 0) return setFailures(problems);
    const ceiling = targetsOf(draft.scopes, apis.all).map(({ id, scopes }) => ({
      resourceId: id,
      scopes: [...scopes],
    }));
    void submit({ workspaceId: workspace.id, ceiling, ...inputOf(draft, now) });
  };
  useShortcuts(revealed ? {} : { "mod+Enter": send }, true);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (failures.length > 0) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [failures]);
  return (
    <Sheet
      open
      title={revealed ? words.reveal.title(revealed.name) : say.title}
      onClose={onClose}
      guard={revealed ? reveal.guard : questionOf(stage, isTouched)}
      foot={
        revealed
          ? reveal.foot
          : (close) => (
              <>
                <span className="small muted grow">{say.reveals}</span>
                <Button onPress={close}>{text.dialog.cancel}</Button>
                <Button variant="primary" shortcut="⌘↵" pending={stage.at === "sending"} onPress={send}>
                  {verbs[stage.at]}
                </Button>
              </>
            )
      }
    >
      {revealed ? (
        reveal.body
      ) : (
        <form
          ref={form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <Trouble stage={stage} />
          <FormProblems failures={failures} fields={FIELDS} />
          <TokenForm
            draft={draft}
            onChange={change}
            failures={failures}
            disabled={isFixed}
            access={
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
            }
          />
          <button type="submit" hidden />
        </form>
      )}
    </Sheet>
  );
}

import { useEffect, useRef, useState } from "react";
import type { TypedDocumentNode } from "urql";
import { useIsLeft } from "../../reveal/use-is-left.ts";
import type { Reveal } from "../../reveal/use-reveal.tsx";
import { isUncertain } from "../../reveal/use-secret-call.ts";
import { type Failure, sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { mutationId } from "../../server/mutation-id.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/choices.tsx";
import { KeyValueList } from "../../ui/key-value-list.tsx";
import type { LeaveQuestion } from "../../ui/sheet.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { Banner } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { RevokeInvitation } from "./documents.ts";
import { words } from "./text.ts";

const { link: say } = words;

/** A link that was just made. It lives in the state of the open sheet and nowhere else. */
export interface RevealedLink {
  readonly link: string;
  readonly expiresAt: string;
  /** Set where it was to go by mail. */
  readonly mail?: { readonly problem: string | null } | undefined;
}

export type LinkStage =
  | { readonly at: "draft" | "sending" | "uncertain" }
  /** It is open, and nobody saw it. */
  | { readonly at: "lost"; readonly id: string };

interface LinkPayload {
  readonly invitation?: { readonly id: string; readonly expiresAt: string } | null;
  readonly mailed?: boolean | null;
  readonly mailProblem?: string | null;
}
interface Keyed {
  clientMutationId?: string | null | undefined;
}

/**
 * Makes one link. A call is repeated under its own key, and unchanged, until an answer came; one whose answer was lost is
 * revoked before another is made.
 */
export function useLink<Data, Input extends Keyed>(document: TypedDocumentNode<Data, { input: Input }>) {
  const create = useMutate(document);
  const revoke = useMutate(RevokeInvitation);
  const call = useRef<Input | undefined>(undefined);
  const [stage, setStage] = useState<LinkStage>({ at: "draft" });
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [revealed, setRevealed] = useState<RevealedLink | null>(null);
  const isLeft = useIsLeft();
  const make = async (input: Input): Promise<void> => {
    call.current ??= { ...input, clientMutationId: mutationId() };
    const done = await create(call.current);
    if (!done.ok && isUncertain(done.failures[0])) return setStage({ at: "uncertain" });
    call.current = undefined;
    const { invitation, mailed, mailProblem } = (done.payload ?? {}) as LinkPayload;
    const mail = typeof mailed === "boolean" ? { problem: mailProblem ?? null } : undefined;
    if (done.ok && done.secret !== null && isLeft.current) return toast(say.madeUnseen);
    if (done.ok && done.secret !== null)
      setRevealed({ link: done.secret, expiresAt: invitation?.expiresAt ?? "", mail });
    else if (invitation) return setStage({ at: "lost", id: invitation.id });
    setFailures(done.ok ? [] : done.failures);
    setStage({ at: "draft" });
  };
  const submit = async (input: Input): Promise<void> => {
    const before = stage;
    setStage({ at: "sending" });
    if (before.at === "lost") {
      const revoked = await revoke({ id: before.id });
      if (!revoked.ok) {
        setFailures(revoked.failures);
        return setStage(before);
      }
    }
    await make(input);
  };
  return { stage, failures, setFailures, revealed, submit };
}

/** What is asked before a sheet is left while its link is on the way, or lost. */
export const questionOf = ({ at }: LinkStage, draft: LeaveQuestion | undefined): LeaveQuestion | undefined => {
  if (at === "sending") return say.making;
  return at === "draft" ? draft : say.unseen;
};

/** What the act of the sheet is called by now. */
export const verbOf = ({ at }: LinkStage, submit: string): string =>
  at === "lost" ? say.another : at === "uncertain" ? say.retry : submit;

/** What is not known, or known to be lost. */
export function LinkTrouble({ stage, failures }: { stage: LinkStage; failures: readonly Failure[] }) {
  if (stage.at !== "lost" && stage.at !== "uncertain") return null;
  const [first] = failures;
  return (
    <div role="alert">
      <Banner tone="warn">
        {stage.at === "lost" ? say.lost : say.uncertain} {first && sentence(first)}
      </Banner>
    </div>
  );
}

/** What the sheet shows of a link: once, with when it closes. Drop `revealed` when the sheet closes. */
export function useRevealLink(revealed: RevealedLink | null, warning: string, onDone: () => void): Reveal {
  const [copied, setCopied] = useState(false);
  const [ticked, setTicked] = useState(false);
  const isMailed = revealed?.mail?.problem === null;
  const kept = copied || ticked || isMailed;
  const body = useRef<HTMLDivElement>(null);
  const isOpen = revealed !== null;
  useEffect(() => {
    if (isOpen) body.current?.querySelector<HTMLElement>(".kv button")?.focus();
  }, [isOpen]);
  const finish = () => {
    if (kept) onDone();
  };
  useShortcuts(revealed ? { "mod+Enter": finish } : {}, true);
  if (!revealed) return { guard: undefined, body: null, foot: null };
  const { link, expiresAt, mail } = revealed;
  return {
    guard: kept ? undefined : say.leave,
    body: (
      <div ref={body}>
        {typeof mail?.problem === "string" && (
          <div role="alert">
            <Banner tone="bad">{mail.problem}</Banner>
          </div>
        )}
        {isMailed ? <Banner tone="ok">{say.mailed}</Banner> : <Banner tone="warn">{warning}</Banner>}
        <KeyValueList
          items={[
            {
              label: say.link,
              value: link,
              mono: true,
              copy: () => link,
              strong: true,
              onCopied: () => setCopied(true),
            },
            { label: say.closes, value: <Time at={Date.parse(expiresAt)} /> },
          ]}
        />
      </div>
    ),
    foot: (
      <>
        {!isMailed && (
          <Checkbox checked={ticked} onChange={setTicked}>
            {say.kept}
          </Checkbox>
        )}
        <span className="grow" />
        <Button variant="primary" shortcut="⌘↵" onPress={finish} disabledReason={kept ? undefined : say.notKept}>
          {say.done}
        </Button>
      </>
    ),
  };
}

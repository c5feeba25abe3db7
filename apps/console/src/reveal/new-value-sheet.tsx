import { type ReactNode, useEffect, useRef } from "react";
import { type Failure, sentence } from "../server/ask.ts";
import { FormProblems } from "../server/form-sheet.tsx";
import { text } from "../text.ts";
import { Button } from "../ui/button.tsx";
import { type LeaveQuestion, Sheet } from "../ui/sheet.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { Banner } from "../ui/states.tsx";
import type { Stage } from "./use-new-value.ts";
import type { Reveal } from "./use-reveal.tsx";

/** The words of a sheet that makes something whose value is shown once. */
export interface NewValueWords {
  readonly title: string;
  readonly submit: string;
  readonly retry: string;
  readonly another: string;
  readonly reveals: string;
  readonly uncertain: string;
  readonly lost: string;
  readonly making: LeaveQuestion;
  readonly unseen: LeaveQuestion;
  readonly draft: LeaveQuestion;
}

function questionOf({ at }: Stage, isTouched: boolean, say: NewValueWords): LeaveQuestion | undefined {
  if (at === "sending") return say.making;
  if (at === "uncertain" || at === "lost") return say.unseen;
  return isTouched ? say.draft : undefined;
}

/** What is not known, or known to be lost. */
function Trouble({ stage, say }: { stage: Stage; say: NewValueWords }) {
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

/** What was sent is repeated as it was. */
export const isFixed = ({ at }: Stage): boolean => at === "uncertain" || at === "lost";

/** A form that makes something; then, in the same sheet, its value, once. */
export function NewValueSheet({
  say,
  title = say.title,
  stage,
  failures,
  fields,
  isTouched,
  reveal,
  disabledReason,
  onSend,
  onClose,
  children,
}: {
  say: NewValueWords;
  title?: string;
  stage: Stage;
  failures: readonly Failure[];
  /** The members whose failures stand at a field. */
  fields: readonly string[];
  isTouched: boolean;
  /** Once there is something to show. */
  reveal: (Reveal & { readonly title: string }) | null;
  /** Why it cannot be sent now. */
  disabledReason?: string | undefined;
  onSend: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (failures.length > 0) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [failures]);
  const send = () => {
    if (stage.at !== "sending" && !reveal && disabledReason === undefined) onSend();
  };
  useShortcuts(reveal ? {} : { "mod+Enter": send }, true);
  const foot = (close: () => void) => (
    <>
      <span className="small muted grow">{say.reveals}</span>
      <Button onPress={close}>{text.dialog.cancel}</Button>
      <Button
        variant="primary"
        shortcut="⌘↵"
        pending={stage.at === "sending"}
        disabledReason={disabledReason}
        onPress={send}
      >
        {stage.at === "lost" ? say.another : stage.at === "uncertain" ? say.retry : say.submit}
      </Button>
    </>
  );
  return (
    <Sheet
      open
      title={reveal?.title ?? title}
      onClose={onClose}
      guard={reveal ? reveal.guard : questionOf(stage, isTouched, say)}
      foot={reveal ? reveal.foot : foot}
    >
      {reveal?.body ?? (
        <form
          ref={form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <Trouble stage={stage} say={say} />
          <FormProblems failures={failures} fields={fields} />
          {children}
          <button type="submit" hidden />
        </form>
      )}
    </Sheet>
  );
}

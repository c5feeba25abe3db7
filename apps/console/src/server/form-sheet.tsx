import { useEffect, useId, useRef } from "react";
import { text } from "../text.ts";
import { Button } from "../ui/button.tsx";
import { Sheet, type SheetProps } from "../ui/sheet.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { Banner } from "../ui/states.tsx";
import { type Failure, otherProblems } from "./ask.ts";

/** What no field of a form shows, on top of it. */
export function FormProblems({
  failures,
  fields,
}: {
  failures: readonly Failure[];
  /** The members that show their own. */
  fields: readonly string[];
}) {
  const problems = otherProblems(failures, fields);
  if (problems.length === 0) return null;
  return (
    <div role="alert">
      {problems.map((problem) => (
        <Banner key={problem} tone="bad">
          {problem}
        </Banner>
      ))}
    </div>
  );
}

const NONE: readonly never[] = [];

interface FormSheetProps extends Pick<SheetProps, "title" | "onClose" | "guard" | "width" | "children"> {
  /** What its one act is called. */
  submit: string;
  onSubmit: () => void;
  pending: boolean;
  /** Why it cannot be sent now. */
  disabledReason?: string | undefined;
  /** Why it was refused. */
  failures?: readonly Failure[];
  /** The members whose failures stand at a field. */
  fields?: readonly string[];
  /** The way out beside the act. */
  cancel?: string;
}

/** A sheet that is one form with one act, sent by its button, by Enter or by ⌘↵; a refusal leads to the first field that is wrong. */
export function FormSheet({
  submit,
  onSubmit,
  pending,
  disabledReason,
  failures = NONE,
  fields = NONE,
  cancel = text.dialog.cancel,
  children,
  ...sheet
}: FormSheetProps) {
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (failures.length > 0) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [failures]);
  const send = () => {
    if (!pending && disabledReason === undefined) onSubmit();
  };
  useShortcuts({ "mod+Enter": send }, true);
  return (
    <Sheet
      {...sheet}
      open
      foot={(close) => (
        <>
          <span className="grow" />
          <Button onPress={close}>{cancel}</Button>
          <Button
            variant="primary"
            type="submit"
            form={id}
            shortcut="⌘↵"
            pending={pending}
            disabledReason={disabledReason}
          >
            {submit}
          </Button>
        </>
      )}
    >
      <form
        id={id}
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <FormProblems failures={failures} fields={fields} />
        {children}
      </form>
    </Sheet>
  );
}

import { useBlocker } from "@tanstack/react-router";
import { useEffect, useEffectEvent } from "react";
import { text } from "../../text.ts";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import type { LeaveQuestion } from "../../ui/sheet.tsx";

/** Asks before unsaved changes of a page are lost: by a link, by back, by closing the tab. */
export function LeaveGuard({ dirty, question }: { dirty: boolean; question: LeaveQuestion }) {
  const blocker = useBlocker({
    shouldBlockFn: () => dirty,
    enableBeforeUnload: () => dirty,
    disabled: !dirty,
    withResolver: true,
  });
  const blocked = blocker.status === "blocked" ? blocker : null;
  // Saved while the question stood: nothing is lost any more.
  const goOn = useEffectEvent(() => blocked?.proceed());
  useEffect(() => {
    if (!dirty) goOn();
  }, [dirty]);
  return (
    <ConfirmDialog
      open={blocked !== null}
      title={question.title}
      confirm={question.leave}
      cancel={text.dialog.stay}
      destructive
      onCancel={() => blocked?.reset()}
      onConfirm={() => blocked?.proceed()}
    >
      <p>{question.body}</p>
    </ConfirmDialog>
  );
}

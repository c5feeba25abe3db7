import { useBlocker } from "@tanstack/react-router";
import { type ReactNode, useEffect, useEffectEvent, useId, useState } from "react";
import { text } from "../text.ts";
import { IconButton } from "./button.tsx";
import { ConfirmDialog } from "./dialog.tsx";
import { Modal } from "./modal.tsx";

/** The question asked before anything in a sheet is lost. */
export interface LeaveQuestion {
  title: string;
  body: string;
  leave: string;
}

export interface SheetProps {
  open: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Sticks to the foot: the acts of the sheet. As a function it gets the way out, which asks first. */
  foot?: ReactNode | ((close: () => void) => ReactNode);
  /** While set, no way out (Escape, outside, close, back, another page, closing the tab) is taken unasked. */
  guard?: LeaveQuestion | undefined;
  width?: "sheet" | "peek" | "nav-sheet";
}

interface Asked {
  leave: () => void;
  stay: () => void;
}

/** Holds back navigation and tab closing while a sheet is guarded, and keeps what waits for the answer. */
function useLeaveGuard(question: string | undefined) {
  const guarded = question !== undefined;
  const [asked, setAsked] = useState<Asked | null>(null);
  const blocker = useBlocker({
    shouldBlockFn: () => guarded,
    enableBeforeUnload: () => guarded,
    disabled: !guarded,
    withResolver: true,
  });
  const byRouter = blocker.status === "blocked" ? { leave: blocker.proceed, stay: blocker.reset } : null;
  const drop = useEffectEvent(() => {
    (asked ?? byRouter)?.stay();
    setAsked(null);
  });
  // Something else would be lost now than what was asked about: it must be seen first.
  useEffect(() => drop(), [question]);
  return { asked: asked ?? byRouter, setAsked };
}

/** A sheet from the right over the page: create, reveal, peek. Focus stays inside and goes back to its opener. */
export function Sheet({ open, title, onClose, children, foot, guard, width = "sheet" }: SheetProps) {
  const titleId = useId();
  const guarded = open && guard !== undefined;
  const { asked, setAsked } = useLeaveGuard(open ? guard?.title : undefined);
  const requestClose = () => {
    if (guarded) setAsked({ leave: onClose, stay: () => undefined });
    else onClose();
  };
  return (
    <Modal
      open={open}
      onClose={requestClose}
      className={width === "sheet" ? "sheet" : `sheet ${width}`}
      aria-labelledby={titleId}
    >
      <div className="sheet-head">
        <h2 id={titleId} tabIndex={-1}>
          {title}
        </h2>
        <IconButton icon="close" label={text.dialog.close} onPress={requestClose} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <div className="sheet-body" tabIndex={0}>
        {children}
      </div>
      {foot && <div className="sheet-foot">{typeof foot === "function" ? foot(requestClose) : foot}</div>}
      {guard && (
        <ConfirmDialog
          open={asked !== null}
          title={guard.title}
          confirm={guard.leave}
          cancel={text.dialog.stay}
          destructive
          onCancel={() => {
            asked?.stay();
            setAsked(null);
          }}
          onConfirm={() => {
            setAsked(null);
            asked?.leave();
          }}
        >
          {guard.body}
        </ConfirmDialog>
      )}
    </Modal>
  );
}

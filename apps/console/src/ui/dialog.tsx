import { type ReactNode, useId, useState } from "react";
import { text } from "../text.ts";
import { Button } from "./button.tsx";
import { Problem, TextField } from "./field.tsx";
import { Modal } from "./modal.tsx";

export interface ConfirmDialogProps {
  open: boolean;
  title: string;
  /** The measured effect. */
  children: ReactNode;
  /** Verb and object, as in "Disable ledger-sync". */
  confirm: string;
  destructive?: boolean;
  /** The name to type first, for what cannot be undone. */
  typed?: string;
  pending?: boolean;
  error?: string | undefined;
  /** "Stay" where the question is about leaving. */
  cancel?: string;
  onConfirm: () => void;
  onCancel: () => void;
}

function ConfirmBody(props: ConfirmDialogProps & { titleId: string }) {
  const errorId = useId();
  const [name, setName] = useState("");
  const missing = props.typed !== undefined && name !== props.typed ? text.dialog.type(props.typed) : undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!missing) props.onConfirm();
      }}
    >
      <h2 id={props.titleId}>{props.title}</h2>
      <div className="confirm-body">
        {props.children}
        {props.typed !== undefined && (
          <TextField label={text.dialog.type(props.typed)} value={name} onChange={setName} mono />
        )}
        {props.error && (
          <div role="alert">
            <Problem id={errorId}>{props.error}</Problem>
          </div>
        )}
      </div>
      <div className="actions">
        <Button onPress={props.onCancel} autoFocus>
          {props.cancel ?? text.dialog.cancel}
        </Button>
        <Button
          type="submit"
          variant={props.destructive ? "destroy" : "primary"}
          pending={props.pending ?? false}
          disabledReason={missing}
          aria-describedby={props.error ? errorId : undefined}
        >
          {props.confirm}
        </Button>
      </div>
    </form>
  );
}

/** A question before an act that stops traffic or cannot be undone. Starts on Cancel. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const titleId = useId();
  return (
    <Modal open={props.open} onClose={props.onCancel} className="confirm" role="alertdialog" aria-labelledby={titleId}>
      <ConfirmBody {...props} titleId={titleId} />
    </Modal>
  );
}

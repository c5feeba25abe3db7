import { useId, useState } from "react";
import { AskForm, PasswordField } from "../../session/door.tsx";
import { useAsk } from "../../session/use-ask.ts";
import { account } from "../../text/account.ts";
import { text } from "../../text.ts";
import { Button } from "../../ui/button.tsx";
import { Modal } from "../../ui/modal.tsx";

/** A question that the password answers. */
export function WithPassword<Body>(props: {
  title: string;
  body: string;
  confirm: string;
  destructive?: boolean;
  /** The route that wants the password. */
  path: string;
  onDone: (answer: Body) => void;
  onClose: () => void;
}) {
  const titleId = useId();
  const [password, setPassword] = useState("");
  const asking = useAsk(["password"]);
  const submit = async () => {
    const answer = await asking.send<Body>(props.path, { password });
    if (answer !== null) props.onDone(answer);
  };
  return (
    <Modal open onClose={props.onClose} className="confirm" aria-labelledby={titleId}>
      <AskForm asking={asking} onSubmit={() => void submit()}>
        <h2 id={titleId}>{props.title}</h2>
        <div className="confirm-body">
          <p>{props.body}</p>
          <PasswordField
            label={account.totp.confirmPassword}
            value={password}
            onChange={setPassword}
            error={asking.problem("password")}
            autoComplete="current-password"
            autoFocus
          />
        </div>
        <div className="actions">
          <Button onPress={props.onClose}>{text.dialog.cancel}</Button>
          <Button type="submit" variant={props.destructive ? "destroy" : "primary"} pending={asking.pending}>
            {props.confirm}
          </Button>
        </div>
      </AskForm>
    </Modal>
  );
}

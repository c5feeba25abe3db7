import { useState } from "react";
import { AskForm } from "../../session/door.tsx";
import { useAsk } from "../../session/use-ask.ts";
import { useAccount } from "../../shell/account-shell.tsx";
import { account } from "../../text/account.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { Banner } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";

const words = account.mailbox;

/** Proves that one reads the mail of one's address: a code goes there, and is typed here. */
export function ConfirmMailbox() {
  const { facts, reload } = useAccount();
  const [isSent, setSent] = useState(false);
  const [code, setCode] = useState("");
  const sending = useAsk();
  const confirming = useAsk(["code"]);
  const send = async () => {
    if ((await sending.send("mailbox", {})) === null) return;
    setSent(true);
    toast(words.sent(facts.email));
  };
  const confirm = async () => {
    if ((await confirming.send("mailbox/confirm", { code })) === null) return;
    toast(words.done);
    reload();
  };
  return (
    <>
      <Banner tone="warn">{words.why}</Banner>
      <div className="form-narrow">
        {isSent && (
          <AskForm asking={confirming} onSubmit={() => void confirm()}>
            <TextField
              label={words.code}
              value={code}
              onChange={setCode}
              error={confirming.problem("code")}
              help={words.codeHelp(facts.email)}
              autoComplete="one-time-code"
              autoFocus
            />
            <Button type="submit" pending={confirming.pending}>
              {words.confirm}
            </Button>
          </AskForm>
        )}
        <AskForm asking={sending} onSubmit={() => void send()}>
          <Button type="submit" pending={sending.pending}>
            {isSent ? words.again : words.send}
          </Button>
        </AskForm>
      </div>
    </>
  );
}

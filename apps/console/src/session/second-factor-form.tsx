import { useState } from "react";
import { doors } from "../text/doors.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { AskForm } from "./door.tsx";
import { useAsk } from "./use-ask.ts";

const words = doors.signIn;

/** The code after the password: from the authenticator app, or one of the backup codes. */
export function SecondFactorForm({ onDone, onAgain }: { onDone: () => void; onAgain: () => void }) {
  const [backup, setBackup] = useState(false);
  const [code, setCode] = useState("");
  const asking = useAsk(["code"]);
  const submit = async () => {
    const path = backup ? "sign-in/backup-code" : "sign-in/totp";
    if (await asking.send(path, { code: code.trim() })) onDone();
  };
  const change = () => {
    setBackup(!backup);
    setCode("");
    asking.clear();
  };
  return (
    <>
      <p className="door-lead">{backup ? words.backupLead : words.secondLead}</p>
      <AskForm asking={asking} onSubmit={() => void submit()}>
        <TextField
          key={backup ? "backup" : "app"}
          label={backup ? words.backupCode : words.code}
          name="code"
          value={code}
          onChange={setCode}
          error={asking.problem("code")}
          inputMode={backup ? "text" : "numeric"}
          autoComplete="one-time-code"
          mono
          autoFocus
        />
        <Button type="submit" variant="primary" pending={asking.pending}>
          {words.submit}
        </Button>
      </AskForm>
      <div className="door-ways">
        <Button variant="quiet" onPress={change}>
          {backup ? words.useApp : words.useBackup}
        </Button>
        <Button variant="quiet" onPress={onAgain}>
          {words.again}
        </Button>
      </div>
    </>
  );
}

import { useState } from "react";
import { useAccount } from "../../shell/account-shell.tsx";
import { account } from "../../text/account.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { MarginBlock } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { TotpSheet } from "./totp-sheet.tsx";
import { WithPassword } from "./with-password.tsx";

const words = account.totp;

/** The authenticator app as a second factor, and the backup codes for when it is not at hand. */
export function Totp() {
  const { facts, reload } = useAccount();
  const [doing, setDoing] = useState<"set-up" | "codes" | "remove" | null>(null);
  const close = () => {
    setDoing(null);
    reload();
  };
  return (
    <MarginBlock title={words.title} help={words.help}>
      <p className="gap-below">
        <Badge status={facts.hasTotp ? "active" : "off"}>{facts.hasTotp ? words.on : words.off}</Badge>{" "}
        <span className="muted">{facts.hasTotp ? words.onWords : words.offWords}</span>
      </p>
      <div className="actions wrap">
        {!facts.hasTotp && <Button onPress={() => setDoing("set-up")}>{words.setUp}</Button>}
        {facts.hasTotp && <Button onPress={() => setDoing("codes")}>{words.newCodes}</Button>}
        {facts.hasTotp && (
          <Button variant="danger" onPress={() => setDoing("remove")}>
            {words.remove}
          </Button>
        )}
      </div>
      {(doing === "set-up" || doing === "codes") && <TotpSheet what={doing} onClose={close} />}
      {doing === "remove" && (
        <WithPassword
          title={words.remove}
          body={words.removeBody}
          confirm={words.remove}
          destructive
          path="totp/remove"
          onClose={close}
          onDone={() => {
            toast(words.removed);
            close();
          }}
        />
      )}
    </MarginBlock>
  );
}

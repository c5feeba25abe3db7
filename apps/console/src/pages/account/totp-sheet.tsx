import { useEffect, useRef, useState } from "react";
import { AskForm } from "../../session/door.tsx";
import { useAsk } from "../../session/use-ask.ts";
import { account } from "../../text/account.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/choices.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { TextField } from "../../ui/field.tsx";
import { KeyValueList } from "../../ui/key-value-list.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { toast } from "../../ui/toast.tsx";
import { QrCode } from "./qr-code.tsx";
import { WithPassword } from "./with-password.tsx";

const words = account.totp;

/** What the server shows once. */
interface Shown {
  uri?: string;
  backupCodes: readonly string[];
}

const keyOf = (uri: string) => new URL(uri).searchParams.get("secret") ?? "";
const spaced = (key: string) => key.replace(/(.{4})(?=.)/g, "$1 ");

function Codes({
  codes,
  onKept,
  onDone,
}: {
  codes: readonly string[];
  onKept: (kept: boolean) => void;
  onDone: () => void;
}) {
  const [kept, setKept] = useState(false);
  const lead = useRef<HTMLParagraphElement>(null);
  useEffect(() => lead.current?.focus(), []);
  const keep = (value: boolean) => {
    setKept(value);
    onKept(value);
  };
  return (
    <>
      {/* The field that had the focus is gone. */}
      <p className="gap-below" ref={lead} tabIndex={-1}>
        {words.codesLead}
      </p>
      <ul className="codes mono">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="actions wrap gap-below">
        <CopyButton
          value={() => codes.join("\n")}
          what={words.codesWhat}
          look="secondary"
          onCopied={() => keep(true)}
        />
        <Checkbox checked={kept} onChange={keep}>
          {words.kept}
        </Checkbox>
      </div>
      <Button variant="primary" onPress={onDone} disabledReason={kept ? undefined : words.keepFirst}>
        {words.done}
      </Button>
    </>
  );
}

function Verify({ uri, onDone }: { uri: string; onDone: () => void }) {
  const [code, setCode] = useState("");
  const asking = useAsk(["code"]);
  const submit = async () => {
    if ((await asking.send("totp/verify", { code: code.trim() })) !== null) onDone();
  };
  return (
    <AskForm asking={asking} onSubmit={() => void submit()}>
      <h3 className="gap-below">{words.scan}</h3>
      <QrCode words={uri} label={words.qr} />
      <KeyValueList items={[{ label: words.key, value: spaced(keyOf(uri)), mono: true, copy: () => keyOf(uri) }]} />
      <h3 className="gap-below">{words.verify}</h3>
      <TextField
        label={words.code}
        value={code}
        onChange={setCode}
        error={asking.problem("code")}
        inputMode="numeric"
        autoComplete="one-time-code"
        mono
        autoFocus
      />
      <Button type="submit" variant="primary" pending={asking.pending}>
        {words.activate}
      </Button>
    </AskForm>
  );
}

/** From the password to an active second factor, or to new backup codes. What is shown once lives here only. */
export function TotpSheet({ what, onClose }: { what: "set-up" | "codes"; onClose: () => void }) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [active, setActive] = useState(what === "codes");
  const [kept, setKept] = useState(false);
  const title = what === "codes" ? words.newCodes : words.setUp;
  if (!shown) {
    return (
      <WithPassword<Shown>
        title={title}
        body={what === "codes" ? words.newCodesBody : words.help}
        confirm={words.next}
        path={what === "codes" ? "backup-codes" : "totp"}
        onClose={onClose}
        onDone={setShown}
      />
    );
  }
  const verified = () => {
    toast(words.activated);
    setActive(true);
  };
  return (
    <Sheet
      open
      title={active ? words.codes : title}
      onClose={onClose}
      width="peek"
      guard={active && !kept ? words.guard : undefined}
    >
      {active || !shown.uri ? (
        <Codes codes={shown.backupCodes} onKept={setKept} onDone={onClose} />
      ) : (
        <Verify uri={shown.uri} onDone={verified} />
      )}
    </Sheet>
  );
}

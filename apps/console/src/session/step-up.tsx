import { useEffect, useId, useState } from "react";
import { ask } from "../server/ask.ts";
import { text } from "../text.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Modal } from "../ui/modal.tsx";
import { Banner } from "../ui/states.tsx";
import type { AccountFacts } from "./account-facts.ts";
import { AskForm, PasswordField } from "./door.tsx";
import { hasPasskeys, passkeySignIn } from "./passkey.ts";
import { inOwnWindow, onBack } from "./sso.ts";
import { answerStepUp } from "./step-up-request.ts";
import { useAsk, words } from "./use-ask.ts";

const phrases = text.stepUp;

/** For somebody without a password here: their provider asks, in a window of its own. */
function AtProvider({ name }: { name: string }) {
  const titleId = useId();
  const [pending, setPending] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => onBack(() => answerStepUp(true)), []);
  const go = async () => {
    setTrouble(null);
    setPending(true);
    const begun = await inOwnWindow("sso/step-up", {});
    setPending(false);
    if (!begun.ok) setTrouble(words(begun));
  };
  return (
    <Modal open onClose={() => answerStepUp(false)} className="confirm" aria-labelledby={titleId}>
      <h2 id={titleId}>{phrases.title}</h2>
      <div className="confirm-body">
        {trouble && <Banner tone="bad">{trouble}</Banner>}
        <p>{phrases.sso(name)}</p>
      </div>
      <div className="actions">
        <span className="grow" />
        <Button onPress={() => answerStepUp(false)}>{text.dialog.cancel}</Button>
        <Button variant="primary" pending={pending} onPress={() => void go()}>
          {phrases.ssoConfirm(name)}
        </Button>
      </div>
    </Modal>
  );
}

/** Asks who is there once more before a dangerous act; what waited for it goes on by itself. */
export function StepUp() {
  const titleId = useId();
  const [facts, setFacts] = useState<AccountFacts | null>(null);
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [byPasskey, setByPasskey] = useState<string | null>(null);
  const asking = useAsk(["password", "code"]);
  // Also where the facts did not come: then the server's refusal tells that a code is wanted.
  const wantsCode = facts?.hasTotp || code !== "" || asking.problem("code") !== undefined;
  useEffect(() => {
    void ask<AccountFacts>("account").then((answer) => answer.ok && setFacts(answer.body));
  }, []);
  if (facts?.sso) return <AtProvider name={facts.sso.name} />;
  const byKey = async () => {
    const answer = await passkeySignIn();
    if (answer.ok) answerStepUp(true);
    else setByPasskey(words(answer));
  };
  const submit = async () => {
    const done = await asking.send("step-up", { password, ...(wantsCode ? { code } : {}) });
    if (done) answerStepUp(true);
  };
  return (
    <Modal open onClose={() => answerStepUp(false)} className="confirm" aria-labelledby={titleId}>
      <AskForm asking={asking} onSubmit={() => void submit()}>
        <h2 id={titleId}>{phrases.title}</h2>
        <div className="confirm-body">
          <p>{phrases.why}</p>
          {byPasskey && (
            <div role="alert">
              <Banner tone="bad">{byPasskey}</Banner>
            </div>
          )}
          {/* The browser's store of passwords looks for whose it is. */}
          <input type="email" autoComplete="username" value={facts?.email ?? ""} readOnly hidden />
          <PasswordField
            label={text.field.password}
            value={password}
            onChange={setPassword}
            autoComplete="current-password"
            error={asking.problem("password")}
            autoFocus
          />
          {wantsCode && (
            <TextField
              label={text.field.code}
              value={code}
              onChange={setCode}
              inputMode="numeric"
              autoComplete="one-time-code"
              error={asking.problem("code")}
              mono
            />
          )}
        </div>
        <div className="actions">
          {hasPasskeys() && facts !== null && facts.passkeys.length > 0 && (
            <Button variant="quiet" icon="key" onPress={() => void byKey()}>
              {phrases.passkey}
            </Button>
          )}
          <span className="grow" />
          <Button onPress={() => answerStepUp(false)}>{text.dialog.cancel}</Button>
          <Button type="submit" variant="primary" pending={asking.pending}>
            {phrases.confirm}
          </Button>
        </div>
      </AskForm>
    </Modal>
  );
}

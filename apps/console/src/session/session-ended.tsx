import { useEffect, useEffectEvent, useId, useState } from "react";
import { ask } from "../server/ask.ts";
import { text } from "../text.ts";
import { Button } from "../ui/button.tsx";
import { Modal } from "../ui/modal.tsx";
import type { AccountFacts } from "./account-facts.ts";
import { tenantIn } from "./leave.ts";
import { answerSessionEnded, knownPerson } from "./regain.ts";
import { SecondFactorForm } from "./second-factor-form.tsx";
import { SignInForm } from "./sign-in-form.tsx";
import { onBack } from "./sso.ts";
import { SsoButtons, useSsoProviders } from "./sso-ways.tsx";

const words = text.sessionEnded;

/** Over the page while its session is gone: the same person signs in, and what waited goes on. */
export function SessionEnded() {
  const titleId = useId();
  const [second, setSecond] = useState(false);
  const person = knownPerson() ?? "";
  const providers = useSsoProviders(tenantIn(location.pathname.slice("/console".length)));
  const done = async () => {
    const answer = await ask<AccountFacts>("account");
    // Somebody else's passkey: nothing of the former person's page may stay.
    if (!answer.ok || answer.body.email !== person) location.reload();
    else answerSessionEnded(true);
  };
  const hear = useEffectEvent(() => void done());
  useEffect(() => onBack(hear), []);
  return (
    <Modal open onClose={() => undefined} className="confirm" role="alertdialog" aria-labelledby={titleId}>
      <h2 id={titleId}>{words.title}</h2>
      <div className="confirm-body">
        <p>{words.body}</p>
        {!second && <SsoButtons providers={providers ?? []} going="in-window" />}
        {second ? (
          <SecondFactorForm onDone={() => void done()} onAgain={() => setSecond(false)} />
        ) : (
          <SignInForm person={person} onSecond={() => setSecond(true)} onDone={() => void done()} />
        )}
      </div>
      <div className="actions">
        <Button variant="quiet" onPress={() => answerSessionEnded(false)}>
          {words.leave}
        </Button>
      </div>
    </Modal>
  );
}

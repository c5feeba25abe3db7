import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { ask } from "../server/ask.ts";
import { Door, Host } from "../session/door.tsx";
import { enter, tenantIn } from "../session/leave.ts";
import { OriginWarning } from "../session/origin-warning.tsx";
import { SecondFactorForm } from "../session/second-factor-form.tsx";
import { SignInForm } from "../session/sign-in-form.tsx";
import { NameTenant, SsoButtons, useSsoProviders } from "../session/sso-ways.tsx";
import { doors } from "../text/doors.ts";
import { Button, ButtonLink } from "../ui/button.tsx";

const words = doors.signIn;

/** A passkey, or e-mail and password and where wanted a second factor; then on to where the person was going. */
export function SignIn() {
  const { next } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const [second, setSecond] = useState(false);
  const [isNaming, setNaming] = useState(false);
  const providers = useSsoProviders(tenantIn(next));
  const [origin, setOrigin] = useState(location.origin);
  const [sendsMail, setSendsMail] = useState<boolean | null>(null);
  useEffect(() => {
    void ask<{ needed: boolean; origin: string; sendsMail: boolean }>("set-up").then((answer) => {
      setSendsMail(answer.ok && answer.body.sendsMail);
      if (!answer.ok) return;
      setOrigin(answer.body.origin);
      if (answer.body.needed) void navigate({ to: "/setup", replace: true });
    });
  }, [navigate]);
  const done = () => enter(next);
  if (second)
    return (
      <Door key="second" title={words.second}>
        <SecondFactorForm onDone={done} onAgain={() => setSecond(false)} />
        <Host />
      </Door>
    );
  if (isNaming)
    return (
      <Door key="sso" title={doors.sso.title}>
        <NameTenant going={{ next }} onBack={() => setNaming(false)} />
        <Host />
      </Door>
    );
  // The ways in stand where they are from the start: none comes between somebody and what they are about to press.
  if (providers === null || sendsMail === null) return <Door title={words.title}>{null}</Door>;
  return (
    <Door key="ways" title={words.title}>
      <OriginWarning origin={origin} path="/sign-in" />
      <SsoButtons providers={providers} going={{ next }} />
      <SignInForm onSecond={() => setSecond(true)} onDone={done} />
      <div className="door-ways">
        {sendsMail && (
          <ButtonLink variant="quiet" to={{ to: "/forgotten-password" }}>
            {words.forgotten}
          </ButtonLink>
        )}
        {providers.length === 0 && (
          <Button variant="quiet" onPress={() => setNaming(true)}>
            {doors.sso.open}
          </Button>
        )}
      </div>
      {!sendsMail && <p className="door-foot">{words.forgottenNoMail}</p>}
      <Host />
    </Door>
  );
}

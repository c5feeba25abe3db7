import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { ask } from "../server/ask.ts";
import { Door, Host } from "../session/door.tsx";
import { enter } from "../session/leave.ts";
import { OriginWarning } from "../session/origin-warning.tsx";
import { SecondFactorForm } from "../session/second-factor-form.tsx";
import { SignInForm } from "../session/sign-in-form.tsx";
import { SsoWays } from "../session/sso-ways.tsx";
import { doors } from "../text/doors.ts";

const words = doors.signIn;

/** A passkey, or e-mail and password and where wanted a second factor; then on to where the person was going. */
export function SignIn() {
  const { next } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const [second, setSecond] = useState(false);
  const [origin, setOrigin] = useState(location.origin);
  useEffect(() => {
    void ask<{ needed: boolean; origin: string }>("set-up").then((answer) => {
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
  return (
    <Door title={words.title}>
      <OriginWarning origin={origin} path="/sign-in" />
      <SignInForm onSecond={() => setSecond(true)} onDone={done} />
      <SsoWays next={next} />
      <p className="door-foot">{words.forgotten}</p>
      <Host />
    </Door>
  );
}

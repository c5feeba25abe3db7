import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { ask } from "../server/ask.ts";
import { AskForm, Door, Host, PasswordField } from "../session/door.tsx";
import { enter } from "../session/leave.ts";
import { OriginWarning } from "../session/origin-warning.tsx";
import { hasPasskeys, passkeySignIn } from "../session/passkey.ts";
import { useAsk, words as wordsOf } from "../session/use-ask.ts";
import { doors } from "../text/doors.ts";
import { text } from "../text.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Banner } from "../ui/states.tsx";
import { SecondFactor } from "./sign-in/second-factor.tsx";

const words = doors.signIn;

type SignedIn = { done: true } | { done: false; secondFactors: readonly string[] };

function Passkey({ onDone }: { onDone: () => void }) {
  const [pending, setPending] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  if (!hasPasskeys()) return null;
  const press = async () => {
    setPending(true);
    const answer = await passkeySignIn();
    setPending(false);
    if (answer.ok) onDone();
    else setTrouble(wordsOf(answer));
  };
  return (
    <div className="door-passkey">
      {trouble && (
        <div role="alert">
          <Banner tone="bad">{trouble}</Banner>
        </div>
      )}
      <Button icon="key" pending={pending} onPress={() => void press()}>
        {words.passkey}
      </Button>
      <p className="door-or">{words.or}</p>
    </div>
  );
}

function Password({ onSecond, onDone }: { onSecond: () => void; onDone: () => void }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const asking = useAsk(["email", "password"]);
  const submit = async () => {
    const answer = await asking.send<SignedIn>("sign-in", { email: email.trim(), password });
    if (answer) (answer.done ? onDone : onSecond)();
  };
  return (
    <AskForm asking={asking} onSubmit={() => void submit()}>
      <TextField
        label={words.email}
        type="email"
        name="email"
        value={email}
        onChange={setEmail}
        error={asking.problem("email")}
        autoComplete="username"
        autoFocus
      />
      <PasswordField
        label={text.field.password}
        name="password"
        value={password}
        onChange={setPassword}
        error={asking.problem("password")}
        autoComplete="current-password"
      />
      <Button type="submit" variant="primary" pending={asking.pending}>
        {words.submit}
      </Button>
    </AskForm>
  );
}

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
  if (second) return <SecondFactor onDone={done} onAgain={() => setSecond(false)} />;
  return (
    <Door title={words.title}>
      <OriginWarning origin={origin} path="/sign-in" />
      <Passkey onDone={done} />
      <Password onSecond={() => setSecond(true)} onDone={done} />
      <p className="door-foot">{words.forgotten}</p>
      <Host />
    </Door>
  );
}

import { useState } from "react";
import { doors } from "../text/doors.ts";
import { text } from "../text.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Banner } from "../ui/states.tsx";
import { AskForm, PasswordField } from "./door.tsx";
import { hasPasskeys, passkeySignIn } from "./passkey.ts";
import { useAsk, words as wordsOf } from "./use-ask.ts";

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

function Password({
  person,
  onSecond,
  onDone,
}: {
  person: string | undefined;
  onSecond: () => void;
  onDone: () => void;
}) {
  const [email, setEmail] = useState(person ?? "");
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
        disabled={person !== undefined}
        autoFocus={person === undefined}
      />
      <PasswordField
        label={text.field.password}
        name="password"
        value={password}
        onChange={setPassword}
        error={asking.problem("password")}
        autoComplete="current-password"
        autoFocus={person !== undefined}
      />
      <Button type="submit" variant="primary" pending={asking.pending}>
        {words.submit}
      </Button>
    </AskForm>
  );
}

/** A passkey, or e-mail and password; `person` where only that one may. `onSecond` when a second factor is wanted. */
export function SignInForm({
  person,
  onSecond,
  onDone,
}: {
  person?: string;
  onSecond: () => void;
  onDone: () => void;
}) {
  return (
    <>
      <Passkey onDone={onDone} />
      <Password person={person} onSecond={onSecond} onDone={onDone} />
    </>
  );
}

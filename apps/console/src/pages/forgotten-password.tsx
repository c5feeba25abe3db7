import { useState } from "react";
import { AskForm, Door, Host } from "../session/door.tsx";
import { useAsk } from "../session/use-ask.ts";
import { doors } from "../text/doors.ts";
import { Button, ButtonLink } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";

const words = doors.forgotten;

const Back = () => (
  <div className="door-ways">
    <ButtonLink variant="quiet" to={{ to: "/sign-in" }}>
      {words.back}
    </ButtonLink>
  </div>
);

/** Asks for a link to a new password. What follows says nothing about whether anybody has that address. */
export function ForgottenPassword() {
  const [email, setEmail] = useState("");
  const [sentTo, setSentTo] = useState<string | null>(null);
  const asking = useAsk(["email"]);
  const submit = async () => {
    const to = email.trim();
    if (await asking.send("forgotten-password", { email: to })) setSentTo(to);
  };
  if (sentTo !== null)
    return (
      <Door key="sent" title={words.sentTitle} lead={words.sentLead(sentTo)}>
        <p className="door-lead">{words.sentNext}</p>
        <Back />
        <Host />
      </Door>
    );
  return (
    <Door key="ask" title={words.title} lead={words.lead}>
      <AskForm asking={asking} onSubmit={() => void submit()}>
        <TextField
          label={doors.signIn.email}
          type="email"
          name="email"
          value={email}
          onChange={setEmail}
          error={asking.problem("email")}
          autoComplete="username"
          autoFocus
        />
        <Button type="submit" variant="primary" pending={asking.pending}>
          {words.send}
        </Button>
      </AskForm>
      <Back />
      <p className="door-foot">{words.foot}</p>
      <Host />
    </Door>
  );
}

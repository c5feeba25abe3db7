import { useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { ask } from "../server/ask.ts";
import { AskForm, Door, Host, PasswordField } from "../session/door.tsx";
import { enter } from "../session/leave.ts";
import { SecondFactorForm } from "../session/second-factor-form.tsx";
import { useAsk } from "../session/use-ask.ts";
import { doors } from "../text/doors.ts";
import { text } from "../text.ts";
import { Button, ButtonLink } from "../ui/button.tsx";
import { ErrorState } from "../ui/states.tsx";
import { Time } from "../ui/time.tsx";

const words = doors.forgotten;

/** `POST /console/auth/new-password` */
interface Link {
  email: string;
  expiresAt: string;
}

function Choose({ code, link, onSecond }: { code: string; link: Link; onSecond: () => void }) {
  const [password, setPassword] = useState("");
  const asking = useAsk(["password"]);
  const submit = async () => {
    const set = await asking.send<{ done: boolean }>("new-password/set", { code, password });
    if (set) (set.done ? enter : onSecond)();
  };
  return (
    <Door title={words.chooseTitle} lead={words.chooseLead(link.email)}>
      <AskForm asking={asking} onSubmit={() => void submit()}>
        <input type="email" autoComplete="username" value={link.email} readOnly hidden />
        <PasswordField
          label={words.password}
          value={password}
          onChange={setPassword}
          error={asking.problem("password")}
          help={doors.setUp.passwordHelp}
          autoComplete="new-password"
          autoFocus
        />
        <Button type="submit" variant="primary" pending={asking.pending}>
          {words.set}
        </Button>
      </AskForm>
      <p className="door-foot">
        {doors.invite.ends} <Time at={Date.parse(link.expiresAt)} />
      </p>
      <Host />
    </Door>
  );
}

/** Behind the link that was mailed to whoever forgot their password: a new one, then the second factor where there is one. */
export function NewPassword() {
  const { code } = useParams({ from: "/new-password/$code" });
  const [link, setLink] = useState<Link | "bad" | "failed" | "second" | null>(null);
  const load = async () => {
    const answer = await ask<Link>("new-password", { code });
    if (answer.ok) setLink(answer.body);
    else setLink(answer.status >= 400 && answer.status < 500 ? "bad" : "failed");
  };
  useEffect(() => void load(), [code]);
  if (link === null) return <main className="lone" />;
  if (link === "second")
    return (
      <Door key="second" title={doors.signIn.second} lead={words.setLead}>
        <SecondFactorForm onDone={() => enter()} onAgain={() => location.assign("/console/sign-in")} />
        <Host />
      </Door>
    );
  if (link === "bad")
    return (
      <Door title={doors.invite.bad} lead={words.badLead}>
        <ButtonLink to={{ to: "/forgotten-password" }}>{words.another}</ButtonLink>
      </Door>
    );
  if (link === "failed")
    return (
      <main className="lone">
        <ErrorState
          what={text.error.page}
          why={text.error.offline}
          todo={text.error.offlineTodo}
          onRetry={() => void load()}
        />
      </main>
    );
  return <Choose code={code} link={link} onSecond={() => setLink("second")} />;
}

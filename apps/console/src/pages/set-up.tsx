import { useEffect, useState } from "react";
import { ask } from "../server/ask.ts";
import { AskForm, Door, PasswordField } from "../session/door.tsx";
import { enter } from "../session/leave.ts";
import { OriginWarning } from "../session/origin-warning.tsx";
import { useAsk } from "../session/use-ask.ts";
import { slugOf } from "../slug.ts";
import { doors } from "../text/doors.ts";
import { text } from "../text.ts";
import { Button, ButtonLink } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { ErrorState } from "../ui/states.tsx";
import { IssuerPreview, Step } from "./set-up/step.tsx";

const words = doors.setUp;

/** `GET /console/auth/set-up` */
interface SetUpState {
  needed: boolean;
  tenant: { slug: string; name: string } | null;
  origin: string;
  /** What issuers begin with; `{tenant}` in it stands for the tenant's slug. */
  issuerOrigin: string;
}

const EMPTY = { code: "", tenantName: "", name: "", email: "", password: "" };

function Form({ state }: { state: SetUpState }) {
  const [typed, setTyped] = useState(EMPTY);
  const [ownSlug, setOwnSlug] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const slug = ownSlug ?? slugOf(typed.tenantName);
  const asking = useAsk(["code", "tenantSlug", "tenantName", "name", "email", "password"]);
  const set = (name: keyof typeof EMPTY) => (value: string) => setTyped({ ...typed, [name]: value });
  const submit = async () => {
    setTried(true);
    const { code, tenantName, name, email, password } = typed;
    const tenant = state.tenant ? {} : { tenantSlug: slug, tenantName: tenantName.trim() };
    const body = { code: code.trim(), ...tenant, name: name.trim(), email: email.trim(), password };
    const done = await asking.send<{ tenant: { slug: string } }>("set-up", body);
    if (done) enter(`/t/${done.tenant.slug}?new=workspace`);
  };
  let number = 0;
  const next = () => (number += 1);
  return (
    <AskForm asking={asking} onSubmit={() => void submit()}>
      <Step number={next()} title={words.code}>
        <TextField
          label={words.codeLabel}
          value={typed.code}
          onChange={set("code")}
          help={words.codeHelp}
          error={
            (tried && typed.code.trim() === "" ? words.codeMissing : undefined) ??
            asking.problem("code") ??
            (asking.code === "CODE_INVALID" ? asking.trouble : undefined)
          }
          mono
          autoFocus
        />
      </Step>
      {!state.tenant && (
        <Step number={next()} title={words.names} help={words.namesHelp}>
          <div className="two">
            <TextField
              label={words.tenantName}
              value={typed.tenantName}
              onChange={set("tenantName")}
              error={asking.problem("tenantName")}
              autoComplete="organization"
            />
            <TextField
              label={words.slug}
              value={slug}
              onChange={setOwnSlug}
              error={asking.problem("tenantSlug")}
              mono
            />
          </div>
          <IssuerPreview origin={state.issuerOrigin} tenant={slug} />
        </Step>
      )}
      <Step number={next()} title={words.person} help={state.tenant ? words.joins(state.tenant.name) : undefined}>
        <div className="two">
          <TextField
            label={words.name}
            value={typed.name}
            onChange={set("name")}
            error={asking.problem("name")}
            autoComplete="name"
          />
          <TextField
            label={words.email}
            type="email"
            value={typed.email}
            onChange={set("email")}
            error={asking.problem("email")}
            autoComplete="username"
          />
        </div>
        <PasswordField
          label={words.password}
          value={typed.password}
          onChange={set("password")}
          error={asking.problem("password")}
          help={words.passwordHelp}
          autoComplete="new-password"
        />
      </Step>
      <Button type="submit" variant="primary" pending={asking.pending}>
        {words.submit}
      </Button>
    </AskForm>
  );
}

/** The first person makes the server theirs. Open only while nobody owns it. */
export function SetUp() {
  const [state, setState] = useState<SetUpState | "failed" | null>(null);
  const load = () => void ask<SetUpState>("set-up").then((answer) => setState(answer.ok ? answer.body : "failed"));
  useEffect(load, []);
  if (state === null) return <main className="lone wide" />;
  if (state === "failed") {
    return (
      <main className="lone wide">
        <ErrorState what={text.error.page} why={text.error.offline} todo={text.error.offlineTodo} onRetry={load} />
      </main>
    );
  }
  if (!state.needed) {
    return (
      <Door title={words.done} lead={words.doneLead}>
        <ButtonLink to={{ to: "/sign-in" }} variant="primary">
          {words.signIn}
        </ButtonLink>
      </Door>
    );
  }
  return (
    <Door title={words.title} lead={words.lead} wide>
      <OriginWarning origin={state.origin} path="/setup" />
      <Form state={state} />
    </Door>
  );
}

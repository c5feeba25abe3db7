import { useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { ask } from "../server/ask.ts";
import type { AccountFacts } from "../session/account-facts.ts";
import { AskForm, Door, Host, PasswordField } from "../session/door.tsx";
import { enter } from "../session/leave.ts";
import { SsoButtons, useSsoProviders } from "../session/sso-ways.tsx";
import { useAsk } from "../session/use-ask.ts";
import { doors } from "../text/doors.ts";
import { text } from "../text.ts";
import { Button, ButtonLink } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { ErrorState } from "../ui/states.tsx";
import { Time } from "../ui/time.tsx";

const words = doors.invite;

/** `POST /console/auth/invitation` */
interface Invitation {
  kind: "join" | "reset";
  tenant: { slug: string; name: string };
  email: string | null;
  name: string | null;
  rolesExpireAt: string | null;
  expiresAt: string;
}

interface Found {
  invitation: Invitation;
  viewer: AccountFacts | null;
}

const accepted = async (asking: ReturnType<typeof useAsk>, body: object) => {
  const done = await asking.send<{ tenant: { slug: string } }>("invitation/accept", body);
  if (done) enter(`/t/${done.tenant.slug}`);
};

function Join({ code, invitation }: { code: string; invitation: Invitation }) {
  const [name, setName] = useState(invitation.name ?? "");
  const [email, setEmail] = useState(invitation.email ?? "");
  const [password, setPassword] = useState("");
  const asking = useAsk(["name", "email", "password"]);
  const submit = () => accepted(asking, { code, name: name.trim(), email: email.trim(), password });
  return (
    <AskForm asking={asking} onSubmit={() => void submit()}>
      <TextField
        label={doors.setUp.name}
        value={name}
        onChange={setName}
        error={asking.problem("name")}
        autoComplete="name"
        autoFocus
      />
      <TextField
        label={doors.setUp.email}
        type="email"
        value={email}
        onChange={setEmail}
        error={asking.problem("email")}
        autoComplete="username"
      />
      <PasswordField
        label={doors.setUp.password}
        value={password}
        onChange={setPassword}
        error={asking.problem("password")}
        help={doors.setUp.passwordHelp}
        autoComplete="new-password"
      />
      <Button type="submit" variant="primary" pending={asking.pending}>
        {words.join(invitation.tenant.name)}
      </Button>
    </AskForm>
  );
}

function JoinSignedIn({ code, invitation, viewer }: { code: string; invitation: Invitation; viewer: AccountFacts }) {
  const asking = useAsk();
  return (
    <AskForm asking={asking} onSubmit={() => void accepted(asking, { code })}>
      <p className="door-lead">{words.joinAs(viewer.email)}</p>
      <Button type="submit" variant="primary" pending={asking.pending} autoFocus>
        {words.join(invitation.tenant.name)}
      </Button>
    </AskForm>
  );
}

function Reset({ code, email }: { code: string; email: string | null }) {
  const [password, setPassword] = useState("");
  const asking = useAsk(["password"]);
  return (
    <AskForm asking={asking} onSubmit={() => void accepted(asking, { code, password })}>
      <input type="email" autoComplete="username" value={email ?? ""} readOnly hidden />
      <PasswordField
        label={words.newPassword}
        value={password}
        onChange={setPassword}
        error={asking.problem("password")}
        help={doors.setUp.passwordHelp}
        autoComplete="new-password"
        autoFocus
      />
      <Button type="submit" variant="primary" pending={asking.pending}>
        {words.reset}
      </Button>
    </AskForm>
  );
}

function Welcome({ code, found: { invitation, viewer } }: { code: string; found: Found }) {
  const providers = useSsoProviders(viewer || invitation.kind === "reset" ? undefined : invitation.tenant.slug);
  const ends = (
    <p className="door-foot">
      {invitation.rolesExpireAt && (
        <>
          {words.rolesEnd} <Time at={Date.parse(invitation.rolesExpireAt)} />
          <br />
        </>
      )}
      {words.ends} <Time at={Date.parse(invitation.expiresAt)} />
    </p>
  );
  if (invitation.kind === "reset") {
    const lead = invitation.email ? words.resetLead(invitation.email) : words.resetLeadPlain;
    return (
      <Door title={words.resetTitle} lead={lead}>
        <Reset code={code} email={invitation.email} />
        {ends}
        <Host />
      </Door>
    );
  }
  return (
    <Door title={words.joinTitle(invitation.tenant.name)} lead={viewer ? undefined : words.joinLead}>
      {viewer ? (
        <JoinSignedIn code={code} invitation={invitation} viewer={viewer} />
      ) : (
        <>
          <SsoButtons providers={providers ?? []} going={{ invitation: code }} />
          {providers !== null && providers.length > 0 && <p className="door-or">{doors.signIn.or}</p>}
          <Join code={code} invitation={invitation} />
          <div className="door-ways">
            <ButtonLink
              variant="quiet"
              to={{ to: "/sign-in", search: { next: `/invite/${encodeURIComponent(code)}` } }}
            >
              {words.haveAccount}
            </ButtonLink>
          </div>
        </>
      )}
      {ends}
      <Host />
    </Door>
  );
}

/** Behind the link that an owner, the server's operator or `bootstrap` gave out: join a tenant, or come back into one. */
export function Invite() {
  const { code } = useParams({ from: "/invite/$code" });
  const [found, setFound] = useState<Found | "bad" | "failed" | null>(null);
  const load = async () => {
    const [invitation, account] = await Promise.all([
      ask<Invitation>("invitation", { code }),
      ask<AccountFacts>("account"),
    ]);
    if (invitation.ok) setFound({ invitation: invitation.body, viewer: account.ok ? account.body : null });
    else setFound(invitation.status >= 400 && invitation.status < 500 ? "bad" : "failed");
  };
  useEffect(() => void load(), [code]);
  if (found === null) return <main className="lone" />;
  if (found === "bad") {
    return (
      <Door title={words.bad} lead={words.badLead}>
        <ButtonLink to={{ to: "/sign-in" }}>{doors.setUp.signIn}</ButtonLink>
      </Door>
    );
  }
  if (found === "failed") {
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
  }
  return <Welcome code={code} found={found} />;
}

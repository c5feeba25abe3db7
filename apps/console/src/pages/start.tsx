import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { ask } from "../server/ask.ts";
import type { AccountFacts } from "../session/account-facts.ts";
import { Door } from "../session/door.tsx";
import { signOut } from "../session/leave.ts";
import { words as wordsOf } from "../session/use-ask.ts";
import { recentWorkspaces } from "../shell/recent.ts";
import { doors } from "../text/doors.ts";
import { text } from "../text.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { AppLink } from "../ui/link.tsx";
import { ErrorState } from "../ui/states.tsx";

const words = doors.start;

/** Where the person works: the last workspace here, else their tenant, else the choice of several. */
export function Start() {
  const { choose } = useSearch({ from: "/" });
  const navigate = useNavigate();
  const [facts, setFacts] = useState<AccountFacts | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const go = async () => {
    setTrouble(null);
    const answer = await ask<AccountFacts>("account");
    if (!answer.ok) {
      if (answer.status === 401) {
        const state = await ask<{ needed: boolean }>("set-up");
        return navigate({ to: state.ok && state.body.needed ? "/setup" : "/sign-in", replace: true });
      }
      return setTrouble(wordsOf(answer));
    }
    const { tenants } = answer.body;
    const last = recentWorkspaces().find((one) => tenants.some(({ slug }) => slug === one.tenant));
    const [only] = tenants;
    if (choose === undefined && last) {
      const params = { tenant: last.tenant, workspace: last.slug };
      return navigate({ to: "/t/$tenant/w/$workspace", params, replace: true });
    }
    if (only && tenants.length === 1)
      return navigate({ to: "/t/$tenant", params: { tenant: only.slug }, replace: true });
    setFacts(answer.body);
  };
  useEffect(() => void go(), [choose]);
  if (trouble) {
    return (
      <main className="lone">
        <ErrorState what={words.failed} why={trouble} onRetry={() => void go()} />
      </main>
    );
  }
  if (!facts) return <main className="lone" />;
  const none = facts.tenants.length === 0;
  const { suspended } = facts;
  const [title, lead] = none
    ? suspended.length > 0
      ? [words.suspended, words.suspendedLead]
      : [words.none, words.noneLead]
    : [words.title, words.lead];
  return (
    <Door title={title} lead={lead}>
      <ul className="choose">
        {facts.tenants.map((tenant) => (
          <li key={tenant.id}>
            <AppLink to={{ to: "/t/$tenant", params: { tenant: tenant.slug } }}>
              <b>{tenant.name}</b>
              <code>{tenant.slug}</code>
            </AppLink>
          </li>
        ))}
        {suspended.map(({ slug, name }) => (
          <li key={slug} className="suspended">
            <b>{name}</b>
            <code>{slug}</code>
            <Badge status="off">{words.isSuspended}</Badge>
          </li>
        ))}
      </ul>
      <div className="door-ways">
        <Button variant="quiet" icon="out" onPress={() => void signOut()}>
          {text.frame.signOutOf(facts.email)}
        </Button>
      </div>
    </Door>
  );
}

import { Outlet } from "@tanstack/react-router";
import { createContext, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { type Answer, ask } from "../server/ask.ts";
import type { AccountFacts } from "../session/account-facts.ts";
import { regainSession, rememberPerson } from "../session/regain.ts";
import { words } from "../session/use-ask.ts";
import { account } from "../text/account.ts";
import { Frame } from "../ui/frame/frame.tsx";
import { ErrorState, Skeleton } from "../ui/states.tsx";
import { useAccountMenu } from "./account-menu.ts";
import { useCommands } from "./commands.ts";
import { useStatic } from "./crumbs.ts";
import { accountNav } from "./navigation.ts";

interface Own {
  readonly facts: AccountFacts;
  readonly reload: () => void;
}

const Context = createContext<Own | null>(null);

/** Who is signed in, below `/account`; `reload` after any change of it. */
export function useAccount(): Own {
  const own = useContext(Context);
  if (!own) throw new Error("This page does not stand below /account");
  return own;
}

const NO_WORKSPACES = [] as const;

/** The pages about the person: to be shown, they need no tenant. */
export function AccountShell() {
  const [answer, setAnswer] = useState<Answer<AccountFacts> | null>(null);
  const { nav, crumb } = useStatic();
  const reload = useCallback(() => {
    void ask<AccountFacts>("account").then((next) => {
      if (!next.ok && next.status === 401) return void regainSession().then((isBack) => isBack && reload());
      if (next.ok) rememberPerson(next.body.email);
      setAnswer(next);
    });
  }, []);
  useEffect(reload, []);
  const facts = answer?.ok ? answer.body : null;
  const own = useMemo(() => (facts ? { facts, reload } : null), [facts, reload]);
  return (
    <Frame
      workspace={null}
      workspaces={NO_WORKSPACES}
      recent={NO_WORKSPACES}
      onSwitch={() => undefined}
      viewer={{ name: facts?.name ?? "", email: facts?.email ?? "" }}
      account={useAccountMenu(facts?.email ?? "", (facts?.tenants.length ?? 0) > 1)}
      nav={accountNav}
      current={nav ?? ""}
      crumbs={
        nav === "account"
          ? [{ label: account.title }]
          : [{ label: account.title, to: { to: "/account" } }, { label: crumb ?? "" }]
      }
      commands={useCommands(null, null, NO_WORKSPACES)}
    >
      {answer && !answer.ok ? (
        <ErrorState what={account.failed} why={words(answer)} correlationId={answer.correlationId} onRetry={reload} />
      ) : (
        <Context value={own}>{own ? <Outlet /> : <Skeleton rows={6} />}</Context>
      )}
    </Frame>
  );
}

import { type ReactElement, useState } from "react";
import { plural } from "../../format.ts";
import { mayNot } from "../../may-not.ts";
import { type Failure, sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import type { MenuAction } from "../../ui/menu.tsx";
import { toast } from "../../ui/toast.tsx";
import { DeleteTenant, RestoreTenant, ResumeTenant, SuspendTenant, type TenantRow } from "./documents.ts";
import { stateOf } from "./state.ts";
import { words } from "./text.ts";

const { acts: say } = words;

type Outcome = { readonly ok: true } | { readonly ok: false; readonly failures: readonly [Failure, ...Failure[]] };

/** What the server has seen of the tenant: the measured part of an effect. */
function Traffic({ tenant: { summary } }: { tenant: TenantRow }) {
  if (!summary) return null;
  const { workspaces, clients, issued, refused } = summary;
  return (
    <>
      <p>{issued + refused === 0 ? say.silent : say.traffic(plural(issued, "token"), plural(refused, "request"))}</p>
      <p>{say.stops(plural(workspaces, "workspace"), plural(clients, "client"))}</p>
    </>
  );
}

/** One act of a tenant as its sheet offers it. */
export interface Act {
  readonly action: MenuAction;
  readonly help: string;
}

/**
 * What may be done with a tenant as a whole: reversible at once, or after a question that says what it hits.
 *
 * @param onLink opens what makes a link for its first owner
 */
export function useActs(
  tenant: TenantRow,
  may: readonly string[],
  onLink: () => void,
): { acts: readonly Act[]; dialogs: ReactElement } {
  const [asked, setAsked] = useState<"suspend" | "delete" | null>(null);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const [suspend, resume] = [useMutate(SuspendTenant), useMutate(ResumeTenant)];
  const [remove, restore] = [useMutate(DeleteTenant), useMutate(RestoreTenant)];
  const { id, slug, name } = tenant;
  const state = stateOf(tenant);
  const run = async (call: () => Promise<Outcome>, done: string) => {
    setPending(true);
    setError(undefined);
    const answer = await call();
    setPending(false);
    if (!answer.ok) return asked ? setError(sentence(answer.failures[0])) : toast(sentence(answer.failures[0]));
    toast(done);
    setAsked(null);
  };
  const ask = (what: "suspend" | "delete") => () => {
    setError(undefined);
    setAsked(what);
  };
  const action = (label: string, permission: string, onAction: () => void, danger = false): MenuAction => {
    const locked = mayNot(may, permission);
    return {
      id: label,
      label,
      onAction,
      ...(danger && { danger }),
      ...(locked !== undefined && { disabledReason: locked }),
    };
  };
  const stops: Act = { action: action(say.suspend, "tenant:suspend", ask("suspend"), true), help: say.suspendHelp };
  const goesOn: Act = {
    action: action(say.resume, "tenant:suspend", () => void run(() => resume({ id }), say.resumed(name))),
    help: say.resumeHelp,
  };
  const goes: Act = { action: action(say.remove, "tenant:delete", ask("delete"), true), help: say.removeHelp };
  const comesBack: Act = {
    action: action(say.restore, "tenant:delete", () => void run(() => restore({ id }), say.restored(name))),
    help: say.restoreHelp,
  };
  const lets: Act = { action: action(say.link, "tenant:create", onLink), help: say.linkHelp };
  const working = tenant.summary?.awaitsOwner ? [lets, stops, goes] : [stops, goes];
  const common = { destructive: true, pending, error, onCancel: () => setAsked(null) };
  return {
    acts: { active: working, suspended: [goesOn, goes], deleted: [comesBack] }[state],
    dialogs: (
      <>
        <ConfirmDialog
          {...common}
          open={asked === "suspend"}
          title={say.suspendTitle(name)}
          confirm={say.suspendNamed(name)}
          onConfirm={() => void run(() => suspend({ id }), say.suspended(name))}
        >
          <Traffic tenant={tenant} />
          <p>{say.told}</p>
        </ConfirmDialog>
        <ConfirmDialog
          {...common}
          open={asked === "delete"}
          title={say.removeTitle(name)}
          confirm={say.removeNamed(name)}
          typed={slug}
          onConfirm={() => void run(() => remove({ id, slug }), say.removed(name))}
        >
          <Traffic tenant={tenant} />
          <p>
            <b>{say.grace}</b>
          </p>
        </ConfirmDialog>
      </>
    ),
  };
}

import { type ReactNode, useState } from "react";
import { plural } from "../../format.ts";
import { useMutate } from "../../server/mutate.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { DeleteClients, DisableClients, EnableClients, type ListedClient } from "./documents.ts";
import { busyOf, MOST, refusalOf } from "./many.ts";
import { words } from "./text.ts";
import type { List } from "./use-list.ts";

const { many: say } = words;

type Act = "disable" | "enable" | "delete";

/** What each act makes of a row, and what is said then. */
const done = {
  disable: { patch: { status: "DISABLED" }, said: say.disabled },
  enable: { patch: { status: "ACTIVE" }, said: say.enabled },
  delete: { patch: null, said: say.deleted },
} as const;

interface BulkActsProps {
  readonly workspaceId: string;
  readonly chosen: readonly ListedClient[];
  readonly patch: List["patch"];
  /** Once they are done, nothing is chosen any more. */
  readonly onDone: () => void;
}

/** Does something to all that are chosen; why not, as words. */
function useMany({ workspaceId, chosen, patch, onDone }: BulkActsProps) {
  const acts = {
    disable: useMutate(DisableClients),
    enable: useMutate(EnableClients),
    delete: useMutate(DeleteClients),
  };
  return async (act: Act): Promise<string | undefined> => {
    const answer = await acts[act]({ workspaceId, ids: chosen.map(({ id }) => id) });
    if (!answer.ok) return refusalOf(answer.failures, chosen);
    for (const { id } of chosen) patch(id, done[act].patch);
    toast(done[act].said(plural(chosen.length, "client")));
    onDone();
    return undefined;
  };
}

/** The acts on the clients that are chosen in the list, and the question before what stops traffic or cannot be undone. */
export function useBulkActs(props: BulkActsProps): { readonly bar: ReactNode; readonly question: ReactNode } {
  const { chosen } = props;
  const run = useMany(props);
  const [asked, setAsked] = useState<"disable" | "delete">();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const off = chosen.length > MOST ? say.most : undefined;
  const ask = (act: "disable" | "delete") => {
    setError(undefined);
    setAsked(act);
  };
  const now = async (act: Act) => {
    setPending(true);
    const problem = await run(act);
    setPending(false);
    setError(problem);
    if (problem === undefined) setAsked(undefined);
    else if (act === "enable") toast(problem);
  };
  const count = plural(chosen.length, "client");
  const busy = busyOf(chosen, Date.now());
  const bar = (
    <>
      <Button disabledReason={off} pending={pending} onPress={() => void now("enable")}>
        {say.enable}
      </Button>
      <Button disabledReason={off} onPress={() => ask("disable")}>
        {say.disable}
      </Button>
      <Button disabledReason={off} onPress={() => ask("delete")}>
        {say.delete}
      </Button>
    </>
  );
  const question = asked && (
    <ConfirmDialog
      open
      destructive
      title={asked === "disable" ? say.stop.title(count) : say.remove.title(count)}
      confirm={asked === "disable" ? say.stop.confirm(count) : say.remove.confirm(count)}
      {...(asked === "delete" ? { typed: count } : {})}
      pending={pending}
      error={error}
      onConfirm={() => void now(asked)}
      onCancel={() => setAsked(undefined)}
    >
      <p>{busy === 0 ? say.stop.unused : say.stop.used(plural(busy, "client"))}</p>
      {asked === "delete" && <p>{say.remove.effect}</p>}
    </ConfirmDialog>
  );
  return { bar, question };
}

import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useCallback, useState } from "react";
import { ago } from "../../format.ts";
import { sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { text } from "../../text.ts";
import { copyText } from "../../ui/copy-button.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import type { MenuEntry } from "../../ui/menu.tsx";
import { toast } from "../../ui/toast.tsx";
import { deleteClient, disableClient, enableClient } from "../client/documents.ts";
import type { ListedClient } from "./documents.ts";
import { words } from "./text.ts";
import type { List } from "./use-list.ts";

const DAY = 86_400_000;

const lastUse = ({ summary }: ListedClient) => (summary?.lastUsedAt ? Date.parse(summary.lastUsedAt) : null);

interface Asked {
  readonly act: "disable" | "delete";
  readonly client: ListedClient;
}

export interface RowActs {
  readonly menu: (client: ListedClient) => readonly MenuEntry[];
  readonly open: (client: ListedClient) => void;
  /** The questions before what stops traffic or cannot be undone: draw them once. */
  readonly dialogs: ReactNode;
}

/** The three changes of a row; each says what it did, and what is reversible offers the way back. */
function useChanges(patch: List["patch"]) {
  const disable = useMutate(disableClient);
  const enable = useMutate(enableClient);
  const remove = useMutate(deleteClient);
  const run = async (
    { id, name }: ListedClient,
    act: "disable" | "enable",
    undo = true,
  ): Promise<string | undefined> => {
    const done = await (act === "disable" ? disable : enable)({ id });
    if (!done.ok) return sentence(done.failures[0]);
    patch(id, { status: act === "disable" ? "DISABLED" : "ACTIVE" });
    const back = act === "disable" ? "enable" : "disable";
    const said = act === "disable" ? words.disabled(name) : words.enabled(name);
    const reverse = async () => {
      const failed = await run({ id, name } as ListedClient, back, false);
      if (failed) toast(`${text.toast.undoFailed} ${failed}`);
    };
    toast(undo ? said : text.toast.undone, undo ? reverse : undefined);
    return undefined;
  };
  const removeRow = async ({ id, name }: ListedClient): Promise<string | undefined> => {
    const done = await remove({ id });
    if (!done.ok) return sentence(done.failures[0]);
    patch(id, null);
    toast(words.deleted(name));
    return undefined;
  };
  return { run, removeRow };
}

/** What can be done to a client from its row. */
export function useRowActs(
  params: { tenant: string; workspace: string },
  mayWrite: boolean,
  patch: List["patch"],
): RowActs {
  const navigate = useNavigate();
  const { tenant, workspace } = params;
  const { run, removeRow } = useChanges(patch);
  const [asked, setAsked] = useState<Asked>();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const open = useCallback(
    ({ id }: ListedClient) =>
      void navigate({ to: "/t/$tenant/w/$workspace/clients/$id", params: { tenant, workspace, id } }),
    [navigate, tenant, workspace],
  );
  const ask = (one: Asked) => {
    setError(undefined);
    setAsked(one);
  };
  const atOnce = async (client: ListedClient, act: "disable" | "enable") => {
    const failed = await run(client, act);
    if (failed) toast(failed);
  };
  const confirm = async () => {
    if (!asked) return;
    setPending(true);
    const failed = await (asked.act === "disable" ? run(asked.client, "disable") : removeRow(asked.client));
    setPending(false);
    setError(failed);
    if (!failed) setAsked(undefined);
  };
  const off = mayWrite ? {} : { disabledReason: words.mayNotChange };
  const isBusy = (client: ListedClient) => Date.now() - (lastUse(client) ?? 0) < DAY;
  const menu = useCallback(
    (client: ListedClient): readonly MenuEntry[] => [
      { id: "open", label: words.menu.open, onAction: () => open(client) },
      {
        id: "copy",
        label: words.menu.copy,
        icon: "copy",
        onAction: async () => toast((await copyText(client.clientId)) ? words.copied : text.copy.refused),
      },
      "line",
      client.status === "DISABLED"
        ? {
            id: "enable",
            label: words.menu.enable,
            icon: "power",
            onAction: () => void atOnce(client, "enable"),
            ...off,
          }
        : {
            id: "disable",
            label: words.menu.disable,
            icon: "power",
            onAction: () => (isBusy(client) ? ask({ act: "disable", client }) : void atOnce(client, "disable")),
            ...off,
          },
      {
        id: "delete",
        label: words.menu.delete,
        icon: "trash",
        danger: true,
        onAction: () => ask({ act: "delete", client }),
        ...off,
      },
    ],
    [open, mayWrite, patch],
  );
  const dialogs = asked && (
    <Question
      asked={asked}
      pending={pending}
      error={error}
      onConfirm={() => void confirm()}
      onCancel={() => setAsked(undefined)}
    />
  );
  return { menu, open, dialogs };
}

interface QuestionProps {
  asked: Asked;
  pending: boolean;
  error: string | undefined;
  onConfirm: () => void;
  onCancel: () => void;
}

function Question({ asked: { act, client }, ...rest }: QuestionProps) {
  const used = lastUse(client);
  const when = used === null ? null : ago(used, Date.now());
  const { title, confirm } = words[act];
  const { name } = client;
  return (
    <ConfirmDialog
      open
      destructive
      title={title(name)}
      confirm={confirm(name)}
      {...(act === "delete" ? { typed: name } : {})}
      {...rest}
    >
      {act === "disable" ? (
        <p>{words.disable.effect(when ?? "")}</p>
      ) : (
        <>
          <p>{when === null ? words.delete.unused : words.delete.used(when)}</p>
          <p>{words.delete.effect}</p>
        </>
      )}
    </ConfirmDialog>
  );
}

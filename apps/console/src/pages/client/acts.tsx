import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import type { ClientHeadFragment } from "../../gql/graphql.ts";
import { mayNot } from "../../may-not.ts";
import { sentence } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { text } from "../../text.ts";
import { copyText } from "../../ui/copy-button.tsx";
import { ACTIONS } from "../../ui/frame/frame.tsx";
import type { Command } from "../../ui/frame/types.ts";
import type { MenuAction, MenuEntry } from "../../ui/menu.tsx";
import { toast } from "../../ui/toast.tsx";
import { ActDialogs, type Asked } from "./act-dialogs.tsx";
import {
  deleteClient,
  disableClient,
  enableClient,
  revokeClientRegistration,
  revokeClientTokens,
} from "./documents.ts";
import { lastUse } from "./state.ts";
import { words } from "./text.ts";
import { useClientAddress } from "./use-client.tsx";

const DAY = 86_400_000;

/** The acts on a whole client, each with why it is not allowed, or nothing. */
export interface ClientActs {
  readonly disableOrEnable: MenuAction;
  readonly revokeTokens: MenuAction;
  /** Of a client that registered itself, and may still change that. */
  readonly revokeRegistration: MenuAction | undefined;
  readonly remove: MenuAction;
  /** All of them, for the head's menu. */
  readonly entries: readonly MenuEntry[];
  /** The same for the command palette. */
  readonly commands: readonly Command[];
  /** The questions that they ask: draw them once. */
  readonly dialogs: ReactNode;
}

/** Makes the changes; what is reversible and quiet is done at once, with an undo. */
function useChanges(client: ClientHeadFragment) {
  const { id, name } = client;
  const { tenant, workspace } = useClientAddress();
  const navigate = useNavigate();
  const disable = useMutate(disableClient);
  const enable = useMutate(enableClient);
  const revoke = useMutate(revokeClientTokens);
  const registration = useMutate(revokeClientRegistration);
  const remove = useMutate(deleteClient);
  const { acts } = words;
  const reverse = (change: typeof disable | typeof enable) => async () => {
    const done = await change({ id });
    toast(done.ok ? text.toast.undone : `${text.toast.undoFailed} ${sentence(done.failures[0])}`);
  };
  return {
    disable: async () => {
      const done = await disable({ id });
      if (done.ok) toast(acts.disabled(name), reverse(enable));
      return done;
    },
    enable: async () => {
      const done = await enable({ id });
      if (done.ok) toast(acts.enabled(name), reverse(disable));
      return done;
    },
    tokens: async () => {
      const done = await revoke({ id });
      if (done.ok) toast(acts.tokensRevoked(name));
      return done;
    },
    registration: async () => {
      const done = await registration({ id });
      if (done.ok) toast(acts.registrationRevoked(name));
      return done;
    },
    delete: async () => {
      const done = await remove({ id });
      if (done.ok) {
        toast(acts.deleted(name));
        await navigate({ to: "/t/$tenant/w/$workspace/clients", params: { tenant, workspace } });
      }
      return done;
    },
  };
}

/** What may be done to the client as a whole, as menu entries, commands and the dialogs behind them. */
export function useClientActs(client: ClientHeadFragment, permissions: readonly string[]): ClientActs {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const changes = useChanges(client);
  const { acts, head } = words;
  const { name } = client;
  const ask = (act: Asked) => {
    setError(undefined);
    setAsked(act);
  };
  const confirm = async (act: Asked) => {
    setPending(true);
    const done = await changes[act]();
    setPending(false);
    if (done.ok) setAsked(null);
    else setError(sentence(done.failures[0]));
  };
  const atOnce = async (act: "disable" | "enable") => {
    const done = await changes[act]();
    if (!done.ok) toast(sentence(done.failures[0]));
  };
  const off = (permission: string) => {
    const reason = mayNot(permissions, permission);
    return reason === undefined ? {} : { disabledReason: reason };
  };
  const last = lastUse(client.credentials?.nodes);
  const isQuiet = client.credentials ? !last || Date.now() - last.at > DAY : false;
  const disableOrEnable: MenuAction =
    client.status === "DISABLED"
      ? {
          id: "enable",
          label: acts.enable,
          icon: "power",
          onAction: () => void atOnce("enable"),
          ...off("client:write"),
        }
      : {
          id: "disable",
          label: acts.disable,
          icon: "power",
          onAction: () => (isQuiet ? void atOnce("disable") : ask("disable")),
          ...off("client:write"),
        };
  const revokeTokens: MenuAction = {
    id: "tokens",
    label: acts.revokeTokens,
    icon: "rotate",
    onAction: () => ask("tokens"),
    ...off("token:revoke"),
  };
  const revokeRegistration: MenuAction | undefined =
    client.registration && !client.registration.revokedAt
      ? {
          id: "registration",
          label: acts.revokeRegistration,
          icon: "edit",
          onAction: () => ask("registration"),
          ...off("client-secret:write"),
        }
      : undefined;
  const registrations = revokeRegistration ? [revokeRegistration] : [];
  const remove: MenuAction = {
    id: "delete",
    label: acts.delete,
    icon: "trash",
    danger: true,
    onAction: () => ask("delete"),
    ...off("client:write"),
  };
  const copyLink: MenuAction = {
    id: "link",
    label: head.copyLink,
    icon: "copy",
    onAction: async () => toast((await copyText(location.href)) ? head.linkCopied : text.copy.refused),
  };
  const allowed = [disableOrEnable, revokeTokens, ...registrations, remove].filter(
    (act) => act.disabledReason === undefined,
  );
  const commands = useMemo(
    () =>
      allowed.map(
        (act): Command => ({
          id: `client-${act.id}`,
          label: `${act.label} ${name}`,
          group: ACTIONS,
          ...(act.icon ? { icon: act.icon } : {}),
          run: act.onAction,
        }),
      ),
    [client, permissions],
  );
  return {
    disableOrEnable,
    revokeTokens,
    revokeRegistration,
    remove,
    entries: [copyLink, "line", disableOrEnable, revokeTokens, ...registrations, "line", remove],
    commands,
    dialogs: (
      <ActDialogs
        client={client}
        asked={asked}
        pending={pending}
        error={error}
        onConfirm={(act) => void confirm(act)}
        onCancel={() => setAsked(null)}
      />
    ),
  };
}

import { useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useRef } from "react";
import { setPreference } from "../preferences.ts";
import { signOut } from "../session/leave.ts";
import { text } from "../text.ts";
import { ACTIONS } from "../ui/frame/frame.tsx";
import type { Command, WorkspaceRef } from "../ui/frame/types.ts";
import { useShortcuts } from "../ui/shortcuts.ts";

/** Milliseconds that a key waits until it is known what the person may do here. */
const PATIENCE_MS = 3000;

/**
 * The acts that the palette offers everywhere; those of the page stand before them.
 *
 * @param isComing what the person may do in that workspace is not known yet
 */
export function useCommands(
  tenant: string | null,
  workspace: WorkspaceRef | null,
  may: readonly string[],
  isComing = false,
): readonly Command[] {
  const navigate = useNavigate();
  const words = text.commands;
  const params = { tenant: tenant ?? "", workspace: workspace?.slug ?? "" };
  const createClient = () => void navigate({ to: "/t/$tenant/w/$workspace/clients/new", params });
  const createsClients = workspace !== null && may.includes("client:write");
  const early = useRef(0);
  const keepEarly = () => {
    early.current = Date.now();
  };
  useShortcuts(createsClients ? { c: createClient } : isComing ? { c: keepEarly } : {});
  const catchUp = useEffectEvent(() => {
    if (Date.now() - early.current < PATIENCE_MS) createClient();
    early.current = 0;
  });
  useEffect(() => {
    if (createsClients) catchUp();
  }, [createsClients]);
  const act = (
    id: string,
    label: string,
    icon: Command["icon"] & string,
    run: () => void,
    more: Partial<Command> = {},
  ): Command => ({
    id,
    label,
    icon,
    group: ACTIONS,
    run,
    ...more,
  });
  return [
    ...(createsClients ? [act("act:client", words.createClient, "plus", createClient, { shortcut: "C" })] : []),
    ...(workspace && may.includes("resource:write")
      ? [
          act(
            "act:api",
            words.createApi,
            "plus",
            () => void navigate({ to: "/t/$tenant/w/$workspace/apis/new", params }),
          ),
        ]
      : []),
    ...(tenant && may.includes("workspace:create")
      ? [
          act(
            "act:workspace",
            words.createWorkspace,
            "plus",
            () => void navigate({ to: "/t/$tenant", params, search: { new: "workspace" } }),
          ),
        ]
      : []),
    ...(tenant
      ? [act("act:workspaces", words.workspaces, "columns", () => void navigate({ to: "/t/$tenant", params }))]
      : []),
    ...(tenant && may.includes("invitation:write")
      ? [
          act(
            "act:invite",
            words.invite,
            "plus",
            () => void navigate({ to: "/t/$tenant/members", params, search: { new: "invitation" } }),
          ),
        ]
      : []),
    ...(tenant && may.includes("member:read")
      ? [
          act("act:members", words.members, "people", () => void navigate({ to: "/t/$tenant/members", params }), {
            keywords: words.membersKeywords,
          }),
        ]
      : []),
    ...(tenant && may.includes("tenant:read")
      ? [act("act:tenants", words.tenants, "overview", () => void navigate({ to: "/t/$tenant/tenants", params }))]
      : []),
    ...(tenant && may.includes("tenant:create")
      ? [
          act(
            "act:tenant",
            words.createTenant,
            "plus",
            () => void navigate({ to: "/t/$tenant/tenants", params, search: { new: "tenant" } }),
          ),
        ]
      : []),
    act("act:account", words.account, "settings", () => void navigate({ to: "/account" }), {
      keywords: text.commands.accountKeywords,
    }),
    act("act:light", words.light, "sun", () => setPreference("theme", "light")),
    act("act:dark", words.dark, "moon", () => setPreference("theme", "dark")),
    act("act:sign-out", text.frame.signOut, "out", () => void signOut()),
  ];
}

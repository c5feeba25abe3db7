import { linkOptions } from "@tanstack/react-router";
import { text } from "../text.ts";
import type { NavGroup } from "../ui/frame/types.ts";

/** How many there are, as far as the person may know. */
export interface Counts {
  readonly clients?: number | null | undefined;
  readonly resources?: number | null | undefined;
}

/** The pages of a workspace. */
export function workspaceNav(tenant: string, workspace: string, counts: Counts = {}): readonly NavGroup[] {
  const params = { tenant, workspace };
  const words = text.nav;
  return [
    {
      items: [
        {
          id: "overview",
          label: words.overview,
          icon: "overview",
          key: "o",
          to: linkOptions({ to: "/t/$tenant/w/$workspace", params }),
        },
      ],
    },
    {
      title: words.applications,
      items: [
        {
          id: "clients",
          label: words.clients,
          icon: "client",
          key: "c",
          count: counts.clients ?? undefined,
          to: linkOptions({ to: "/t/$tenant/w/$workspace/clients", params }),
        },
        {
          id: "apis",
          label: words.apis,
          icon: "api",
          key: "a",
          count: counts.resources ?? undefined,
          to: linkOptions({ to: "/t/$tenant/w/$workspace/apis", params }),
        },
      ],
    },
    {
      title: words.observe,
      items: [
        {
          id: "audit",
          label: words.audit,
          icon: "audit",
          key: "l",
          to: linkOptions({ to: "/t/$tenant/w/$workspace/audit", params }),
        },
      ],
    },
  ];
}

/** The pages of a tenant outside its workspaces. */
export const tenantNav = (tenant: string): readonly NavGroup[] => [
  {
    items: [
      {
        id: "workspaces",
        label: text.nav.workspaces,
        icon: "columns",
        key: "w",
        to: linkOptions({ to: "/t/$tenant", params: { tenant } }),
      },
    ],
  },
];

/** The pages about the person. */
export const accountNav: readonly NavGroup[] = [
  {
    items: [{ id: "start", label: text.nav.workspaces, icon: "back", to: linkOptions({ to: "/" }) }],
  },
  {
    title: text.nav.you,
    items: [
      { id: "account", label: text.nav.account, icon: "people", to: linkOptions({ to: "/account" }) },
      { id: "sessions", label: text.nav.sessions, icon: "clock", to: linkOptions({ to: "/account/sessions" }) },
    ],
  },
];

import { linkOptions } from "@tanstack/react-router";
import { text } from "../text.ts";
import type { NavGroup } from "../ui/frame/types.ts";

/** How many there are, as far as the person may know. */
export interface Counts {
  readonly clients?: number | null | undefined;
  readonly resources?: number | null | undefined;
  readonly apiTokens?: number | null | undefined;
}

/** Whether there are API tokens to speak of: they can be made here, or some work still; never where they may not be seen. */
export const hasApiTokens = (isOn: boolean, { apiTokens }: Counts = {}): boolean =>
  apiTokens != null && (isOn || apiTokens > 0);

/** The pages of a workspace. */
export function workspaceNav(
  tenant: string,
  workspace: string,
  counts: Counts = {},
  withApiTokens = true,
): readonly NavGroup[] {
  const params = { tenant, workspace };
  const words = text.nav;
  const apiTokens = {
    id: "api-tokens",
    label: words.apiTokens,
    icon: "token",
    key: "t",
    count: counts.apiTokens ?? undefined,
    to: linkOptions({ to: "/t/$tenant/w/$workspace/api-tokens", params }),
  } as const;
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
        ...(withApiTokens ? [apiTokens] : []),
      ],
    },
    {
      title: words.control,
      items: [
        {
          id: "signing-keys",
          label: words.signingKeys,
          icon: "key",
          key: "k",
          to: linkOptions({ to: "/t/$tenant/w/$workspace/signing-keys", params }),
        },
        {
          id: "registration",
          label: words.registration,
          icon: "edit",
          key: "r",
          to: linkOptions({ to: "/t/$tenant/w/$workspace/registration", params }),
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
        {
          id: "notices",
          label: words.notices,
          icon: "clock",
          key: "n",
          to: linkOptions({ to: "/t/$tenant/w/$workspace/notices", params }),
        },
      ],
    },
    {
      title: words.label,
      items: [
        {
          id: "settings",
          label: words.settings,
          icon: "settings",
          key: "s",
          to: linkOptions({ to: "/t/$tenant/w/$workspace/settings", params }),
        },
      ],
    },
  ];
}

/** The pages of a tenant outside its workspaces, as far as the person may see them. */
export function tenantNav(tenant: string, may: readonly string[]): readonly NavGroup[] {
  const params = { tenant };
  const words = text.nav;
  const members = may.includes("member:read")
    ? [
        {
          id: "members",
          label: words.members,
          icon: "people",
          key: "m",
          to: linkOptions({ to: "/t/$tenant/members", params }),
        } as const,
      ]
    : [];
  const settings = may.includes("tenant-settings:read")
    ? [
        {
          id: "tenant-settings",
          label: words.tenantSettings,
          icon: "settings",
          key: "s",
          to: linkOptions({ to: "/t/$tenant/settings", params }),
        } as const,
      ]
    : [];
  const installation = may.includes("installation-settings:read")
    ? [
        {
          id: "installation",
          label: words.installation,
          icon: "shield",
          key: "i",
          to: linkOptions({ to: "/t/$tenant/installation", params }),
        } as const,
      ]
    : [];
  const tenants = may.includes("tenant:read")
    ? [
        {
          id: "tenants",
          label: words.tenants,
          icon: "overview",
          key: "t",
          to: linkOptions({ to: "/t/$tenant/tenants", params }),
        } as const,
      ]
    : [];
  return [
    {
      items: [
        {
          id: "workspaces",
          label: words.workspaces,
          icon: "columns",
          key: "w",
          to: linkOptions({ to: "/t/$tenant", params }),
        },
        ...members,
        ...settings,
        ...installation,
        ...tenants,
      ],
    },
  ];
}

/** The pages about the person. */
export const accountNav: readonly NavGroup[] = [
  {
    items: [{ id: "start", label: text.nav.workspaces, icon: "back", to: linkOptions({ to: "/" }) }],
  },
  {
    title: text.nav.you,
    items: [
      { id: "account", label: text.nav.account, icon: "people", to: linkOptions({ to: "/account" }) },
      {
        id: "personal-tokens",
        label: text.nav.personalTokens,
        icon: "token",
        to: linkOptions({ to: "/account/personal-tokens" }),
      },
      { id: "sessions", label: text.nav.sessions, icon: "clock", to: linkOptions({ to: "/account/sessions" }) },
    ],
  },
];

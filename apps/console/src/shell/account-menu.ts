import { useNavigate } from "@tanstack/react-router";
import { signOut } from "../session/leave.ts";
import { text } from "../text.ts";
import type { MenuEntry } from "../ui/menu.tsx";

/** The menu behind the person's initials. */
export function useAccountMenu(email: string, hasTenants: boolean): readonly MenuEntry[] {
  const navigate = useNavigate();
  const out = email ? text.frame.signOutOf(email) : text.frame.signOut;
  const choose: MenuEntry = {
    id: "tenants",
    label: text.frame.switchTenant,
    icon: "updown",
    onAction: () => void navigate({ to: "/", search: { choose: "tenant" } }),
  };
  return [
    {
      id: "account",
      label: text.frame.accountSettings,
      icon: "settings",
      onAction: () => void navigate({ to: "/account" }),
    },
    {
      id: "sessions",
      label: text.nav.sessions,
      icon: "clock",
      onAction: () => void navigate({ to: "/account/sessions" }),
    },
    ...(hasTenants ? [choose] : []),
    "line",
    { id: "sign-out", label: out, icon: "out", onAction: () => void signOut() },
  ];
}

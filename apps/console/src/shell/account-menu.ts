import { useNavigate } from "@tanstack/react-router";
import { signOut } from "../session/leave.ts";
import { text } from "../text.ts";
import type { MenuEntry } from "../ui/menu.tsx";

/** The menu behind the person's initials. */
export function useAccountMenu(email: string): readonly MenuEntry[] {
  const navigate = useNavigate();
  const go = (to: "/" | "/account" | "/account/sessions") => () => void navigate({ to });
  return [
    { id: "account", label: text.frame.accountSettings, icon: "settings", onAction: go("/account") },
    { id: "sessions", label: text.nav.sessions, icon: "clock", onAction: go("/account/sessions") },
    "line",
    {
      id: "sign-out",
      label: email ? text.frame.signOutOf(email) : text.frame.signOut,
      icon: "out",
      onAction: () => void signOut(),
    },
  ];
}

import { linkOptions, useParams } from "@tanstack/react-router";
import { TabLinks } from "../../ui/tab-links.tsx";
import { words } from "./text.ts";

/** The parts of "Members & roles", as far as the person may see them. */
export function MemberTabs({
  current,
  may,
}: {
  current: "members" | "roles" | "invitations" | "sign-in" | "former";
  /** What they may do in the whole tenant. */
  may: readonly string[];
}) {
  const { tenant = "" } = useParams({ strict: false });
  const params = { tenant };
  const { tabs: say } = words;
  const signIn = { id: "sign-in", label: say.signIn };
  const invitations = { id: "invitations", label: say.invitations };
  const former = { id: "former", label: say.former };
  return (
    <TabLinks
      label={say.label}
      current={current}
      tabs={[
        { id: "members", label: say.members, to: linkOptions({ to: "/t/$tenant/members", params }) },
        { id: "roles", label: say.roles, to: linkOptions({ to: "/t/$tenant/members/roles", params }) },
        ...(may.includes("invitation:read")
          ? [{ ...invitations, to: linkOptions({ to: "/t/$tenant/members/invitations", params }) }]
          : []),
        ...(may.includes("sso-provider:read")
          ? [{ ...signIn, to: linkOptions({ to: "/t/$tenant/members/sign-in", params }) }]
          : []),
        ...(may.includes("member-account:read")
          ? [{ ...former, to: linkOptions({ to: "/t/$tenant/members/former", params }) }]
          : []),
      ]}
    />
  );
}

import { linkOptions, useNavigate } from "@tanstack/react-router";
import { Button } from "../../ui/button.tsx";
import { words } from "./text.ts";

/** The one act of the page; for who may not, it says why. */
export function CreateClientButton({
  may,
  kind,
  params,
}: {
  may: ReadonlySet<string>;
  kind: string;
  params: { tenant: string; workspace: string };
}) {
  const navigate = useNavigate();
  const closed = kind !== "CUSTOM" && !may.has("client:read");
  const reason = may.has("client:write") ? undefined : closed ? words.closed : words.auditorsCannot;
  return (
    <Button
      variant="primary"
      icon="plus"
      shortcut="C"
      disabledReason={reason}
      onPress={() => void navigate(linkOptions({ to: "/t/$tenant/w/$workspace/clients/new", params }))}
    >
      {words.createClient}
    </Button>
  );
}

import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import type { MenuAction } from "./menu.tsx";

/** One act in a list of those that stop something: what it does in a line, and its button. */
export function ActRow({ act, title, children }: { act: MenuAction; title: string; children: ReactNode }) {
  return (
    <li className="act">
      <div className="grow">
        <b>{title}</b>
        <p className="small muted">{children}</p>
      </div>
      <Button variant={act.danger ? "danger" : "secondary"} disabledReason={act.disabledReason} onPress={act.onAction}>
        {act.label}
      </Button>
    </li>
  );
}

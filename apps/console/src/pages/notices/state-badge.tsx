import { Badge, type Status } from "../../ui/badge.tsx";
import type { Delivery } from "./documents.ts";
import { words } from "./text.ts";

const shapes: Readonly<Record<Delivery["state"], Status>> = {
  WAITING: "transition",
  DELIVERED: "active",
  FAILED: "broken",
};

/** How far a notice has come. */
export function StateBadge({ state, reason }: Pick<Delivery, "state" | "reason">) {
  if (state === "WAITING" && reason !== null) return <Badge status="attention">{words.sent.again}</Badge>;
  return <Badge status={shapes[state]}>{words.sent.states[state]}</Badge>;
}

import { Badge, type Status } from "../../ui/badge.tsx";
import type { Delivery } from "./documents.ts";
import { words } from "./text.ts";

const shapes: Readonly<Record<Delivery["state"], Status>> = {
  WAITING: "transition",
  DELIVERED: "active",
  FAILED: "broken",
};

/** How far a notice has come. */
export const StateBadge = ({ state }: Pick<Delivery, "state">) => (
  <Badge status={shapes[state]}>{words.sent.states[state]}</Badge>
);

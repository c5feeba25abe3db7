import { number } from "../../format.ts";
import type { Status } from "../../ui/badge.tsx";
import type { TenantRow } from "./documents.ts";
import { words } from "./text.ts";

export type State = "active" | "suspended" | "deleted";

/** How a tenant is: a deleted one is suspended too, and more than that. */
export const stateOf = ({ status, deletedAt }: Pick<TenantRow, "status" | "deletedAt">): State =>
  deletedAt ? "deleted" : status === "ACTIVE" ? "active" : "suspended";

export const shapes = { active: "active", suspended: "off", deleted: "broken" } as const satisfies Record<
  State,
  Status
>;

/** `3`, or `3 of 10` where there is a limit. */
export function countWords(count: number | undefined, limit: number | null | undefined): string {
  if (count === undefined) return "";
  return limit == null ? number(count) : words.of(number(count), number(limit));
}

/** Whether a field for a limit says something else than holds now, however it is written. */
export const isOtherLimit = (typed: string, limit: number | null | undefined): boolean =>
  limitOf(typed) !== (limit ?? null);

/** What a field for a limit holds: a whole number, nothing for none; `undefined` where it is neither. */
export function limitOf(typed: string): number | null | undefined {
  const text = typed.replaceAll(/[\s,]/g, "");
  if (text === "") return null;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

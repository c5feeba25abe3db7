import { claimLines, claimsTyped, kinds, type SettingName, type SettingsHere } from "./kinds.ts";

/** What a form holds for one member: words as they were typed, a choice, choices; a setting is `null` while it is inherited. */
export type Typed = string | readonly string[] | null;
export type Draft = Readonly<Record<string, Typed>>;

/** Whether a member of a form is a setting. */
export const isSetting = (name: string): name is SettingName => Object.hasOwn(kinds, name);

/** The form as the server has it: only what this level says itself is not inherited. */
export function draftOf(settings: SettingsHere | null | undefined, names: readonly SettingName[]): Draft {
  const typed = (name: SettingName): Typed => {
    const own = settings?.[name]?.own ?? null;
    if (kinds[name].type === "claims") return own === null ? null : claimLines(own);
    return typeof own === "number" ? String(own) : (own as Typed);
  };
  return Object.fromEntries(names.map((name) => [name, typed(name)]));
}

const isSame = (one: Typed | undefined, other: Typed | undefined): boolean =>
  Array.isArray(one) && Array.isArray(other)
    ? [...one].sort().join() === [...other].sort().join()
    : typeof one === "string" && typeof other === "string"
      ? one.trim() === other.trim()
      : one === other;

/** The members that differ, in the form's order. */
export const changedIn = (before: Draft, after: Draft): readonly string[] =>
  Object.keys(before).filter((member) => !isSame(before[member], after[member]));

/** Of one draft, the members that another one has not in that way. Pure. */
export const apartFrom = (draft: Draft, other: Draft): Draft =>
  Object.fromEntries(Object.entries(draft).filter(([member, typed]) => !isSame(typed, other[member])));

/** The first setting that cannot be sent as it is, and why. */
export function draftProblem(draft: Draft): { member: string; problem: "number" | "methods" } | undefined {
  for (const [member, typed] of Object.entries(draft)) {
    if (!isSetting(member) || typed === null) continue;
    const { type } = kinds[member];
    if (type === "number" && !(typeof typed === "string" && /^\s*\d+\s*$/.test(typed)))
      return { member, problem: "number" };
    if (type === "methods" && typed.length === 0) return { member, problem: "methods" };
  }
  return undefined;
}

/** A member as a mutation takes it. */
export type Sent = number | Typed | ReturnType<typeof claimsTyped>;

/** What of these members a mutation must be told, as the schema wants it; null where nothing changed. */
export function inputOf(
  before: Draft,
  after: Draft,
  isMeant: (member: string) => boolean,
): Record<string, Sent> | null {
  const changed = changedIn(before, after).filter(isMeant);
  if (changed.length === 0) return null;
  const sent = (member: string): Sent => {
    const typed = after[member] ?? null;
    if (!isSetting(member) || typed === null) return typed;
    const { type } = kinds[member];
    if (type === "claims") return claimsTyped(String(typed));
    return type === "number" ? Number(typed) : typed;
  };
  return Object.fromEntries(changed.map((member) => [member, sent(member)]));
}

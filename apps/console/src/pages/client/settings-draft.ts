import type { ClientAuthenticationMethod, SettingLevel } from "../../gql/graphql.ts";

/** The settings that count for a client, each with the level that it comes from. */
export interface Effective {
  readonly accessTokenLifetime: Numeric;
  readonly clientSecretLifetime: Numeric;
  readonly clientSecretLimit: Numeric;
  readonly clientAuthenticationMethods: {
    readonly value: readonly ClientAuthenticationMethod[];
    readonly level: SettingLevel;
  };
}

export interface Numeric {
  readonly value?: number | null;
  readonly level: SettingLevel;
}

const NUMBERS = ["accessTokenLifetime", "clientSecretLifetime", "clientSecretLimit"] as const;
export type NumberName = (typeof NUMBERS)[number];

/** What the form holds. A setting is `null` while it is inherited; numbers are as they were typed. */
export interface Draft {
  readonly name: string;
  readonly description: string;
  readonly clientAuthenticationMethods: readonly ClientAuthenticationMethod[] | null;
  readonly accessTokenLifetime: string | null;
  readonly clientSecretLifetime: string | null;
  readonly clientSecretLimit: string | null;
}

const own = ({ value, level }: Numeric): string | null => (level === "CLIENT" && value != null ? String(value) : null);

/** The form as the server has it: only what is set for the client itself is not inherited. */
export function draftOf(client: { name: string; description: string }, settings: Effective | null | undefined): Draft {
  const methods = settings?.clientAuthenticationMethods;
  return {
    name: client.name,
    description: client.description,
    clientAuthenticationMethods: methods?.level === "CLIENT" ? methods.value : null,
    accessTokenLifetime: settings ? own(settings.accessTokenLifetime) : null,
    clientSecretLifetime: settings ? own(settings.clientSecretLifetime) : null,
    clientSecretLimit: settings ? own(settings.clientSecretLimit) : null,
  };
}

const isWhole = (typed: string): boolean => /^\s*\d+\s*$/.test(typed);

const isSame = (one: Draft[keyof Draft], other: Draft[keyof Draft]): boolean =>
  Array.isArray(one) && Array.isArray(other)
    ? [...one].sort().join() === [...other].sort().join()
    : typeof one === "string" && typeof other === "string"
      ? one.trim() === other.trim()
      : one === other;

/** The members that differ, in the form's order. */
export const changedIn = (before: Draft, after: Draft): readonly (keyof Draft)[] =>
  (Object.keys(before) as (keyof Draft)[]).filter((member) => !isSame(before[member], after[member]));

/** The first member that cannot be sent as it is, and why. */
export function draftProblem(draft: Draft): { member: keyof Draft; problem: "number" | "methods" } | undefined {
  const member = NUMBERS.find((name) => draft[name] !== null && !isWhole(draft[name]));
  if (member) return { member, problem: "number" };
  if (draft.clientAuthenticationMethods?.length === 0)
    return { member: "clientAuthenticationMethods", problem: "methods" };
  return undefined;
}

/** What the two mutations must be told: nothing where nothing changed. */
export function inputsOf(before: Draft, after: Draft) {
  const changed = changedIn(before, after);
  const general = changed.filter((member) => member === "name" || member === "description");
  const settings = changed.filter((member) => member !== "name" && member !== "description");
  const sent = (member: keyof Draft) => {
    const value = after[member];
    return typeof value === "string" ? Number(value) : value;
  };
  return {
    client: general.length > 0 ? Object.fromEntries(general.map((member) => [member, after[member]])) : null,
    settings: settings.length > 0 ? Object.fromEntries(settings.map((member) => [member, sent(member)])) : null,
  };
}

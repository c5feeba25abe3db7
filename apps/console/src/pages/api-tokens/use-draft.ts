import { useState } from "react";
import type { CreateApiTokenInput } from "../../gql/graphql.ts";
import { type Failure, wrongHere } from "../../server/ask.ts";
import { type Ceiling, type Expiry, expiryWrong, firstExpiry, instantOf } from "../expiry/expiry.ts";
import type { TokenClient } from "./documents.ts";
import { choicesOf, permissionsInput } from "./scopes.ts";
import { tokenCeiling } from "./state.ts";
import { words } from "./text.ts";

const { form: say } = words;

/** What was entered so far. */
export interface Draft {
  readonly name: string;
  readonly expiry: Expiry;
  /** Everything that its client may do, or what is chosen. */
  readonly power: "all" | "chosen";
  /** Keys of the scopes chosen. */
  readonly chosen: ReadonlySet<string>;
}

/** The members whose failures stand at a field. */
export const FIELDS = ["name", "expiresAt", "permissions"];

/** Why it cannot be sent yet, by its members. */
export function problemsOf({ name, expiry, power, chosen }: Draft, ceiling: Ceiling, now: number): readonly Failure[] {
  const end = expiryWrong(expiry, ceiling, now);
  return [
    ...(name.trim() === "" ? [wrongHere(say.noName, "name")] : []),
    ...(power === "chosen" && chosen.size === 0 ? [wrongHere(say.noScope, "permissions")] : []),
    ...(end === undefined ? [] : [wrongHere(end, "expiresAt")]),
  ];
}

/** As the server takes it. */
export const inputOf = (
  { name, expiry, power, chosen }: Draft,
  client: TokenClient,
  now: number,
): Omit<CreateApiTokenInput, "clientMutationId"> => ({
  clientId: client.id,
  name: name.trim(),
  expiresAt: instantOf(expiry, now),
  permissions: permissionsInput(power, chosen, choicesOf(client)),
});

const NOTHING: ReadonlySet<string> = new Set();

/** The entries of a sheet that makes a token. */
export function useDraft(client: TokenClient) {
  const ceiling = tokenCeiling(client.settings);
  const [draft, setDraft] = useState<Draft>(() => ({
    name: "",
    expiry: firstExpiry(ceiling.days),
    power: "all",
    chosen: NOTHING,
  }));
  const [isTouched, setTouched] = useState(false);
  const change = (next: Partial<Draft>) => {
    setTouched(true);
    setDraft((before) => ({ ...before, ...next }));
  };
  return { draft, change, isTouched, ceiling };
}

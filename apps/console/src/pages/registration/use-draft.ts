import { useState } from "react";
import type { ClientAuthenticationMethod, CreateInitialAccessTokenInput } from "../../gql/graphql.ts";
import type { Failure } from "../../server/ask.ts";
import { type Expiry, expiryWrong, firstExpiry, instantOf, NO_CEILING } from "../expiry/expiry.ts";
import { words } from "./text.ts";

const { sheet: say } = words;

/** What was entered so far. */
export interface Draft {
  readonly name: string;
  readonly uses: string;
  readonly expiry: Expiry;
  /** Ids of the scopes chosen. */
  readonly scopes: ReadonlySet<string>;
  /** Null: whatever the workspace allows. */
  readonly methods: readonly ClientAuthenticationMethod[] | null;
  /** Days; null: as long as the settings allow. */
  readonly secretLife: number | null;
}

const wrong = (path: string, message: string): Failure => ({ code: "INVALID_INPUT", message, fix: "", path: [path] });

/** Why it cannot be sent yet, by its members. */
export function problemsOf({ name, uses, expiry, methods }: Draft, now: number): readonly Failure[] {
  const end = expiryWrong(expiry, NO_CEILING, now);
  const count = Number(uses);
  return [
    ...(name.trim() === "" ? [wrong("name", say.noName)] : []),
    ...(Number.isInteger(count) && count >= 1 && count <= 10_000 ? [] : [wrong("uses", say.badUses)]),
    ...(end === undefined ? [] : [wrong("expiresAt", end)]),
    ...(methods?.length === 0 ? [wrong("methods", say.noMethod)] : []),
  ];
}

/** As the server takes it, but for the place and the access. */
export const inputOf = (
  { name, uses, expiry, methods, secretLife }: Draft,
  now: number,
): Omit<CreateInitialAccessTokenInput, "workspaceId" | "ceiling"> => ({
  name: name.trim(),
  uses: Number(uses),
  expiresAt: instantOf(expiry, now),
  methods: methods && [...methods],
  clientSecretLifetime: secretLife,
});

/** The entries of the sheet. */
export function useDraft() {
  const [draft, setDraft] = useState<Draft>({
    name: "",
    uses: "1",
    expiry: firstExpiry(null, 7),
    scopes: new Set(),
    methods: null,
    secretLife: null,
  });
  const [isTouched, setTouched] = useState(false);
  const change = (next: Partial<Draft>) => {
    setTouched(true);
    setDraft((before) => ({ ...before, ...next }));
  };
  return { draft, change, isTouched };
}

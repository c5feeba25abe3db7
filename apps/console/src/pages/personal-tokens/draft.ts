import type { PersonalTokenPermissionsInput, UpdatePersonalTokenInput } from "../../gql/graphql.ts";
import type { ScopeGroup } from "../../ui/scope-grid.tsx";
import type { Draft } from "../api-tokens/use-draft.ts";
import { type Ceiling, firstExpiry, instantOf } from "../expiry/expiry.ts";
import type { Own, PersonalToken, Rules, TokenViewer } from "./documents.ts";
import { words } from "./text.ts";

/** What the form holds; while a token is edited its end stays as long as none is chosen. */
export type Edited = Omit<Draft, "expiry"> & { readonly expiry: Draft["expiry"] | null };

/** Until when a new token may live. */
export const ceilingOfRules = ({ longestDays, mayNeverEnd }: Rules): Ceiling => ({
  days: longestDays ?? null,
  from: words.bySettings,
  ...(mayNeverEnd ? {} : { endsBy: words.bySettings }),
});

/** What every person may do for themselves: no token can have it. */
const OWN: readonly string[] = ["personal-token:write", "own-name:write"];

/** What is the person's own, of both types. */
export const ownOf = ({ personalTokens, personalClients }: TokenViewer): readonly Own[] => [
  ...(personalTokens?.nodes ?? []),
  ...(personalClients?.nodes ?? []),
];

const OF_SYSTEM_API = /^(?:tenant|tenant-settings|tenant-token|tenant-api-token|installation-settings):/;

/** Those that tokens of the admin workspace carry: the other API is another workspace's. */
export const ofAdminApi = (held: readonly string[]): readonly string[] =>
  held.filter((name) => !OF_SYSTEM_API.test(name));

/** The permissions that the person holds, to choose from. */
export const groupsOf = (held: readonly string[]): readonly ScopeGroup[] => [
  {
    id: "held",
    name: words.form.group,
    identifier: "",
    scopes: held
      .filter((name) => !OWN.includes(name))
      .toSorted()
      .map((name) => ({ id: name, name, description: "", granted: false })),
  },
];

export const permissionsOf = ({ power, chosen }: Pick<Draft, "power" | "chosen">): PersonalTokenPermissionsInput =>
  power === "all" ? { all: true } : { scopes: [...chosen].toSorted() };

export const newDraft = (rules: Rules): Draft => ({
  name: "",
  expiry: firstExpiry(ceilingOfRules(rules).days),
  power: "all",
  chosen: new Set(),
});

export const editedOf = (token: PersonalToken): Edited => ({
  name: token.name,
  expiry: null,
  power: token.followsPower ? "all" : "chosen",
  chosen: new Set(token.scopes),
});

/** What of a token changes; a member that stays is left out. Undefined: nothing. */
export function changesOf(
  token: PersonalToken,
  edited: Edited,
  now: number,
): Omit<UpdatePersonalTokenInput, "clientMutationId"> | undefined {
  const before = JSON.stringify(permissionsOf(editedOf(token)));
  const permissions = permissionsOf(edited);
  const changes = {
    ...(edited.name.trim() === token.name ? {} : { name: edited.name.trim() }),
    ...(edited.expiry === null ? {} : { expiresAt: instantOf(edited.expiry, now) }),
    ...(JSON.stringify(permissions) === before ? {} : { permissions }),
  };
  return Object.keys(changes).length === 0 ? undefined : { id: token.id, ...changes };
}

import type { UpdateApiTokenInput } from "../../gql/graphql.ts";
import type { ScopeGroup } from "../../ui/scope-grid.tsx";
import { type Expiry, instantOf } from "../expiry/expiry.ts";
import type { ApiToken } from "./documents.ts";
import { chosenIn, permissionsInput } from "./scopes.ts";
import type { Draft } from "./use-draft.ts";

/** A token's form as it stands; the end stays as long as none is chosen. */
export type Edited = Omit<Draft, "expiry"> & { readonly expiry: Expiry | null };

export const editedOf = (token: ApiToken): Edited => ({
  name: token.name,
  expiry: null,
  power: token.followsGrants ? "all" : "chosen",
  chosen: chosenIn(token),
});

const isSame = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((key) => other.has(key));

/** What of a token changes: a member that stays is left out, since the server would check it anew. Undefined: nothing. */
export function changesOf(
  token: ApiToken,
  edited: Edited,
  choices: readonly ScopeGroup[],
  now: number,
): Omit<UpdateApiTokenInput, "clientMutationId"> | undefined {
  const before = editedOf(token);
  const name = edited.name.trim() === token.name ? {} : { name: edited.name.trim() };
  const expiresAt = edited.expiry === null ? {} : { expiresAt: instantOf(edited.expiry, now) };
  const staysSame = edited.power === before.power && (edited.power === "all" || isSame(edited.chosen, before.chosen));
  const permissions = staysSame ? {} : { permissions: permissionsInput(edited.power, edited.chosen, choices) };
  const changes = { ...name, ...expiresAt, ...permissions };
  return Object.keys(changes).length === 0 ? undefined : { id: token.id, ...changes };
}

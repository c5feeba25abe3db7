import type { ApiTokenPermissionsInput } from "../../gql/graphql.ts";
import type { ScopeGroup } from "../../ui/scope-grid.tsx";
import type { ApiToken, TokenClient } from "./documents.ts";

const SEPARATOR = " ";

/** A scope of one API, as a picker knows it. */
export const scopeKey = (resourceId: string, scope: string): string => resourceId + SEPARATOR + scope;

/** What a client may do by its grants, to choose from. */
export const choicesOf = ({ grants }: Pick<TokenClient, "grants">): readonly ScopeGroup[] =>
  (grants ?? []).flatMap(({ resource, scopes }) => {
    if (!resource || scopes.length === 0) return [];
    const { id, name, identifier } = resource;
    const said = new Map((resource.scopes ?? []).map((scope) => [scope.name, scope.description]));
    const rows = scopes.map((scope) => ({
      id: scopeKey(id, scope),
      name: scope,
      description: said.get(scope) ?? "",
      granted: false,
    }));
    return [{ id, name, identifier, scopes: rows }];
  });

/** What a token was narrowed to. */
export const chosenIn = ({ permissions }: Pick<ApiToken, "permissions">): ReadonlySet<string> =>
  new Set(permissions.flatMap(({ resourceId, scopes }) => scopes.map((scope) => scopeKey(resourceId, scope))));

/** The chosen ones among the choices, as the server takes them. */
export function permissionsInput(
  power: "all" | "chosen",
  chosen: ReadonlySet<string>,
  choices: readonly ScopeGroup[],
): ApiTokenPermissionsInput {
  if (power === "all") return { all: true };
  const picked = choices.map(({ id, scopes }) => ({
    resourceId: id,
    scopes: scopes.filter((scope) => chosen.has(scope.id)).map(({ name }) => name),
  }));
  return { chosen: picked.filter(({ scopes }) => scopes.length > 0) };
}

/** Names of what is chosen and not among the choices any more. */
export function withdrawn(chosen: ReadonlySet<string>, choices: readonly ScopeGroup[]): readonly string[] {
  const granted = new Set(choices.flatMap(({ scopes }) => scopes.map(({ id }) => id)));
  return [...chosen].filter((key) => !granted.has(key)).map((key) => key.slice(key.indexOf(SEPARATOR) + 1));
}

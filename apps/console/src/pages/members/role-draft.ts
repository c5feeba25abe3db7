import type { Role } from "./documents.ts";
import { words } from "./text.ts";

export interface ScopeChoice {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** What the form of a role holds. */
export interface RoleForm {
  readonly name: string;
  readonly description: string;
  readonly scopes: ReadonlySet<string>;
}

/** What is about to be made: a new role, a copy of one, or one that changes. */
export type Wanted =
  | { readonly kind: "create"; readonly from?: Role | undefined }
  | { readonly kind: "edit"; readonly role: Role };

/** What the form begins with. A copy holds only what its maker may give; what of the Admin API they do not hold is left out. */
export function draftOf(
  wanted: Wanted,
  ofApi: readonly ScopeChoice[],
  held: readonly string[],
): { readonly draft: RoleForm; readonly leftOut: readonly string[] } {
  const from = wanted.kind === "edit" ? wanted.role : wanted.from;
  const all = from?.scopes ?? [];
  const isBeyond = ({ id, name }: { readonly id: string; readonly name: string }) =>
    wanted.kind === "create" && !held.includes(name) && ofApi.some((scope) => scope.id === id);
  const name = wanted.kind === "edit" ? wanted.role.name : from ? words.roles.copyOf(from.name) : "";
  const scopes = new Set(all.filter((scope) => !isBeyond(scope)).map(({ id }) => id));
  const draft = { name, description: from?.description ?? "", scopes };
  return { draft, leftOut: all.filter(isBeyond).map((scope) => scope.name) };
}

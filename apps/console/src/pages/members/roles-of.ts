import type { Invitation, Member, MembersData } from "./documents.ts";
import { words } from "./text.ts";

type Placed = Pick<NonNullable<Member["assignments"]>[number], "everywhere" | "targetWorkspace"> & {
  readonly role?: { readonly name: string } | null | undefined;
};

/** Where a role counts, in words. */
export const placeOf = ({ everywhere, targetWorkspace }: Omit<Placed, "role">): string =>
  everywhere ? words.everywhere : (targetWorkspace?.name ?? words.hiddenPlace);

/** Roles in a line: the first, and how many more. */
export function rolesLine(all: readonly Placed[] | Invitation["roles"] | null | undefined): string {
  const [first, ...others] = all ?? [];
  if (!first?.role) return words.noRole;
  const more = others.length > 0 ? words.moreRoles(others.length) : "";
  return words.roleAt(first.role.name, placeOf(first)) + more;
}

/** A role that people may have, and whether whoever looks may give it. */
export interface RoleOption {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly kind: "admin" | "system";
  readonly mayGive: boolean;
}

/** The roles of the admin and of the system workspace. Nobody gives more than they hold; an owner holds all of it. */
export function roleOptions({ admin, system, viewer }: MembersData): readonly RoleOption[] {
  const own = admin?.roles?.nodes ?? [];
  const held = new Set(viewer.permissions);
  const holds = (role: (typeof own)[number]) => (role.scopes ?? []).every(({ name }) => held.has(name));
  const isOwner = own.some((role) => role.isBuiltIn && role.name === "owner" && holds(role));
  const option =
    (kind: RoleOption["kind"]) =>
    (role: (typeof own)[number]): RoleOption => ({
      id: role.id,
      name: role.name,
      description: role.description,
      kind,
      mayGive: isOwner || holds(role),
    });
  return [...own.map(option("admin")), ...(system?.roles?.nodes ?? []).map(option("system"))];
}

/** A role as the form holds it: `all` is everywhere, the empty word is not chosen yet. */
export interface RoleDraft {
  readonly roleId: string;
  readonly place: string;
}

export const ALL = "all";
export const NO_ROLE: RoleDraft = { roleId: "", place: "" };

export const isComplete = ({ roleId, place }: RoleDraft): boolean => roleId !== "" && place !== "";

/** As the server takes it. */
export const inputOf = ({ roleId, place }: RoleDraft) => ({
  roleId,
  ...(place === ALL ? { everywhere: true } : { targetWorkspaceId: place }),
});

import type { PersonRoleFragment } from "../../gql/graphql.ts";
import type { WorkspaceKind } from "../../ui/frame/types.ts";
import type { Invitation, Member, MemberAssignment } from "./documents.ts";
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

type Giver = {
  readonly viewer: { readonly permissions: readonly string[] };
  readonly admin?: { readonly viewerPermissions: readonly string[] } | null | undefined;
  readonly system?: { readonly viewerPermissions: readonly string[] } | null | undefined;
};

/** Owners alone reach what is in both special workspaces; who holds a role with the same permissions does not. */
const isOwner = ({ viewer, admin, system }: Giver): boolean =>
  viewer.permissions.includes("member:reset") &&
  [admin, system].every((one) => one?.viewerPermissions.includes("client-grant:write"));

/** The roles of the admin and of the system workspace. Nobody gives more than they hold; only an owner makes an owner. */
export function roleOptions(
  giver: Giver,
  roles: Readonly<Record<RoleOption["kind"], readonly PersonRoleFragment[]>>,
): readonly RoleOption[] {
  const held = new Set(giver.viewer.permissions);
  const owns = isOwner(giver);
  const holds = ({ scopes, isBuiltIn, name }: PersonRoleFragment) =>
    !(isBuiltIn && name === "owner") && (scopes ?? []).every((scope) => held.has(scope.name));
  const option =
    (kind: RoleOption["kind"]) =>
    (role: PersonRoleFragment): RoleOption => ({
      id: role.id,
      name: role.name,
      description: role.description,
      kind,
      mayGive: owns || holds(role),
    });
  return [...roles.admin.map(option("admin")), ...roles.system.map(option("system"))];
}

/** Where they may give a role: what is in the special workspaces only owners open to others. */
export const placesFor = <Place extends { readonly kind: WorkspaceKind }>(
  giver: Giver,
  workspaces: readonly Place[],
): readonly Place[] => (isOwner(giver) ? workspaces : workspaces.filter(({ kind }) => kind === "CUSTOM"));

/** What gives a role again that was just taken back: where it counted, from when on if that lies ahead, and until when. */
export function givenAgain(
  { role, everywhere, targetWorkspace, notBefore, expiresAt = null }: MemberAssignment,
  memberId: string,
  now: number,
) {
  if (!role || !(everywhere || targetWorkspace)) return undefined;
  return {
    roleId: role.id,
    memberId,
    ...(everywhere ? { everywhere } : { targetWorkspaceId: targetWorkspace?.id ?? "" }),
    ...(Date.parse(notBefore) > now ? { notBefore } : {}),
    expiresAt,
  };
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

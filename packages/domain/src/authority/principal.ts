import type { Failure } from "../failure.ts";
import { builtInRoles, type Permission, permissions, type TargetOf, type WorkspaceTarget } from "./permission.ts";

/** One source of power: a direct grant or an active assignment. */
export interface Power {
  readonly scopes: ReadonlySet<string>;
  /** `"all"` is a value of its own; otherwise one workspace's id. */
  readonly target: "all" | string;
  /** The built-in role it comes from, where it does. */
  readonly builtInRole: string | undefined;
}

/** A client with an access token of the tenant's own admin or system workspace. */
export interface ClientPrincipal {
  readonly kind: "client";
  readonly tenantId: string;
  readonly isRootTenant: boolean;
  readonly workspaceId: string;
  readonly clientId: string;
  /** The API its token is for: the token opens only that API's fields. */
  readonly api: "admin" | "system";
  readonly tokenScopes: ReadonlySet<string>;
  /** Set where it came with a static token: that has to live as long as what it does. */
  readonly apiTokenId?: string | undefined;
  /** Set where it is a member's own: it is bounded by that member's power, and does nothing that wants the person. */
  readonly ownerMemberId?: string | undefined;
  readonly powers: readonly Power[];
}

/**
 * A person with a session or a personal token, in one of the tenants they belong to. Both open both APIs; what it may do there is
 * decided by the member's assignments alone.
 */
export interface MemberPrincipal {
  readonly kind: "member";
  readonly tenantId: string;
  readonly isRootTenant: boolean;
  readonly memberId: string;
  readonly userId: string;
  readonly powers: readonly Power[];
  /** When the person last proved who they are; with a token, never. */
  readonly authenticatedAt: Date;
  /** Set where they came with a session. */
  readonly sessionId?: string | undefined;
  /** Set where they came with a personal token instead. */
  readonly personalTokenId?: string | undefined;
  /** What that token was narrowed to; absent: all that the member may. */
  readonly tokenScopes?: ReadonlySet<string> | undefined;
}

/**
 * Who registers a client, or manages its own registration, by a registration token (RFC 7591, RFC 7592). Only
 * `registration/` makes one, for one change, which says by itself how far it goes.
 */
export interface RegistrarPrincipal {
  readonly kind: "registrar";
  readonly tenantId: string;
  readonly isRootTenant: false;
  readonly workspaceId: string;
  /** The initial access token's id, or the client's. */
  readonly id: string;
}

/** What making a client as it was allowed to be takes. */
const registrarPowers: ReadonlySet<Permission> = new Set(["client:write", "resource:read"]);

/** Somebody with a shell on the server: every power in one tenant, audited as `cli`. */
export interface ShellPrincipal {
  readonly kind: "cli";
  readonly tenantId: string;
  readonly isRootTenant: boolean;
}

/** Nobody. A value, never null. */
export interface Anonymous {
  readonly kind: "anonymous";
}

export type SignedIn = ClientPrincipal | MemberPrincipal | ShellPrincipal | RegistrarPrincipal;
export type Principal = Anonymous | SignedIn;

export const anonymous: Anonymous = { kind: "anonymous" };

/** How the audit log and idempotency keys name a principal. */
export function nameOf(principal: SignedIn): string {
  if (principal.kind === "cli") return "cli";
  if (principal.kind === "registrar") return principal.id;
  return principal.kind === "member" ? principal.memberId : principal.clientId;
}

export const isOwner = (power: Power) => power.builtInRole === "owner" && power.target === "all";

function reaches(power: Power, permission: Permission, target: WorkspaceTarget | null): boolean {
  if (!target) return power.target === "all";
  if (power.target !== "all") return power.target === target.workspaceId;
  const isClosed = permissions[permission].isContent === true && target.kind !== "custom";
  return !isClosed || isOwner(power) || power.builtInRole === "operator";
}

/** Whether somebody who holds those scopes has that one: by its name, or along with another one. Pure. */
export const implies = (held: ReadonlySet<string>, permission: string): boolean =>
  held.has(permission) || [...held].some((name) => permissions[name as Permission]?.read === permission);

/** Whether the way the principal came in lets it use the permission at all: a token is for one API and names scopes. */
const carries = (principal: ClientPrincipal | MemberPrincipal, permission: Permission): boolean =>
  (principal.kind === "member" || principal.api === permissions[permission].api) &&
  (principal.tokenScopes === undefined || implies(principal.tokenScopes, permission));

/**
 * Whether the principal holds the permission at that target now: the token's scopes ∩ what grants and assignments
 * say for the workspace concerned. A direct grant counts for all workspaces but opens no closed one.
 */
export function holds<P extends Permission>(principal: Principal, permission: P, target: TargetOf<P>): boolean {
  if (principal.kind === "anonymous") return false;
  if (permissions[permission].target === "installation" && !principal.isRootTenant) return false;
  if (permissions[permission].target === "self")
    return principal.kind === "member" && principal.personalTokenId === undefined;
  if (principal.kind === "cli") return true;
  if (principal.kind === "registrar")
    return target?.workspaceId === principal.workspaceId && registrarPowers.has(permission);
  if (!carries(principal, permission)) return false;
  return principal.powers.some((power) => implies(power.scopes, permission) && reaches(power, permission, target));
}

/** Decides one use of one permission. Pure. `undefined` = allowed. */
export function authorise<P extends Permission>(
  principal: Principal,
  permission: P,
  target: TargetOf<P>,
): Failure | undefined {
  if (principal.kind === "anonymous") return { code: "UNAUTHENTICATED" };
  if (holds(principal, permission, target)) return undefined;
  const { api, isContent } = permissions[permission];
  if (principal.kind === "client" && principal.api !== api) return { code: "WRONG_API", permission, api };
  const open = { workspaceId: target?.workspaceId ?? "", kind: "custom" } as const;
  if (target && target.kind !== "custom" && isContent && holds(principal, permission, open as TargetOf<P>))
    return { code: "WORKSPACE_CLOSED", kind: target.kind };
  return { code: "FORBIDDEN", permission, askRole: api === "system" ? "operator" : "owner or admin" };
}

/** An owner in person, or whose token carries all of the role: a narrower token is for less than owning the tenant. */
const actsAsOwner = (principal: ClientPrincipal | MemberPrincipal): boolean =>
  principal.powers.some(isOwner) &&
  (principal.kind === "member" || principal.api === "admin") &&
  builtInRoles.owner.every((name) => principal.tokenScopes?.has(name) ?? true);

/**
 * The scopes of Mintmark's own APIs among `names` that the principal may not pass on ("nobody grants more than they
 * hold"). For this question an owner holds the whole of the tenant's two APIs, and the root tenant's the installation
 * too: otherwise nobody could rotate or take back the system workspace's first client.
 *
 * @param target where the passed-on power would reach: one workspace or everywhere
 */
export function notHeld(
  principal: Principal,
  names: readonly string[],
  target: WorkspaceTarget | "all",
): readonly string[] {
  if (principal.kind === "cli") return [];
  if (principal.kind === "anonymous" || principal.kind === "registrar") return names;
  const owns = actsAsOwner(principal);
  return names.filter((name) => {
    const declaration = permissions[name as Permission];
    if (!declaration) return true;
    if (owns && (declaration.target !== "installation" || principal.isRootTenant)) return false;
    // What is about the whole tenant is no power at all where it is given for one workspace.
    if (declaration.target === "tenant" && target !== "all") return false;
    const at = declaration.target === "workspace" && target !== "all" ? target : null;
    return !holds(principal, name as Permission, at as never);
  });
}

/** Whether giving this built-in role makes an owner: only an owner does that. */
export const makesOwner = (role: { readonly name: string; readonly isBuiltIn: boolean }): boolean =>
  role.isBuiltIn && role.name === "owner";

export const mayMakeOwners = (principal: Principal): boolean =>
  principal.kind === "cli" || ((principal.kind === "client" || principal.kind === "member") && actsAsOwner(principal));

/** How long after proving who they are a person may do dangerous acts, in milliseconds. */
export const STEP_UP_MS = 15 * 60_000;

/**
 * Whether a dangerous act must wait until the person proves again who they are. The tenant's machines prove it at each
 * token; a member's own has its power from a person, and is not that person.
 */
export const needsStepUp = (principal: SignedIn, now: Date): boolean =>
  principal.kind === "client"
    ? principal.ownerMemberId !== undefined
    : principal.kind === "member" && now.getTime() - principal.authenticatedAt.getTime() > STEP_UP_MS;

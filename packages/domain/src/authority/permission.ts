/**
 * Every power in the product, declared once. A permission is a scope of one of Mintmark's own two APIs, so that
 * machines (by token scope and grant) and people (by role) are decided by the same names.
 */
interface Declaration {
  /** The API whose tokens may use it. */
  readonly api: "admin" | "system";
  /** What must be named to use it: one workspace, the tenant as a whole, or the installation. `self`: every person has it, and no scope gives it. */
  readonly target: "workspace" | "tenant" | "installation" | "self";
  /** Contents of a workspace: in the admin and system workspace only owners and those assigned there reach them. */
  readonly isContent?: true;
  /** The permission that is held along with it; who lacks that one is told "not found". */
  readonly read?: string;
  readonly description: string;
}

const declared = {
  "workspace:read": { api: "admin", target: "workspace", description: "See workspaces and their addresses." },
  "workspace:write": {
    api: "admin",
    target: "workspace",
    read: "workspace:read",
    description: "Rename, suspend and resume workspaces.",
  },
  "workspace:create": { api: "admin", target: "tenant", description: "Create workspaces." },
  "workspace:delete": {
    api: "admin",
    target: "workspace",
    read: "workspace:read",
    description: "Delete workspaces for good.",
  },
  "resource:read": { api: "admin", target: "workspace", description: "See resources and their scopes." },
  "resource:write": {
    api: "admin",
    target: "workspace",
    read: "resource:read",
    description: "Create, change and delete resources and scopes.",
  },
  "role:read": { api: "admin", target: "workspace", description: "See roles and who has them." },
  "role:write": {
    api: "admin",
    target: "workspace",
    read: "role:read",
    description: "Create, change and delete custom roles.",
  },
  "assignment:write": {
    api: "admin",
    target: "workspace",
    read: "role:read",
    description: "Give roles to clients and members, and take them back.",
  },
  "client:read": { api: "admin", target: "workspace", isContent: true, description: "See clients and their access." },
  "client:write": {
    api: "admin",
    target: "workspace",
    isContent: true,
    read: "client:read",
    description: "Create, change, disable and delete clients.",
  },
  "client:approve": {
    api: "admin",
    target: "workspace",
    isContent: true,
    read: "client:read",
    description: "Approve and refuse clients, where a workspace asks for that.",
  },
  "client-secret:read": {
    api: "admin",
    target: "workspace",
    isContent: true,
    description: "See the last four characters, dates and use of client secrets, and clients' public keys.",
  },
  "client-secret:write": {
    api: "admin",
    target: "workspace",
    isContent: true,
    read: "client-secret:read",
    description: "Create, import and revoke client secrets and keys.",
  },
  "client-grant:write": {
    api: "admin",
    target: "workspace",
    isContent: true,
    read: "client:read",
    description: "Grant and withdraw scopes.",
  },
  "api-token:read": {
    api: "admin",
    target: "workspace",
    isContent: true,
    description: "See the names, last four characters, dates, permissions and use of API tokens.",
  },
  "api-token:write": {
    api: "admin",
    target: "workspace",
    isContent: true,
    read: "api-token:read",
    description: "Create, import, change and revoke API tokens.",
  },
  "member:read": { api: "admin", target: "tenant", description: "See who belongs to the tenant, by name and role." },
  "member-account:read": {
    api: "admin",
    target: "tenant",
    description: "See members' e-mail addresses, second factors, what they own and when they were last here.",
  },
  "member:write": {
    api: "admin",
    target: "tenant",
    read: "member:read",
    description: "Give members roles, take them back, and remove members.",
  },
  "member:reset": {
    api: "admin",
    target: "tenant",
    read: "member:read",
    description: "Make links that give members a lost account back.",
  },
  "member:erase": {
    api: "admin",
    target: "tenant",
    read: "member:read",
    description: "Erase what names people who were removed, for good.",
  },
  "invitation:read": { api: "admin", target: "tenant", description: "See invitations that are open." },
  "invitation:write": {
    api: "admin",
    target: "tenant",
    read: "invitation:read",
    description: "Invite people, and revoke invitations.",
  },
  "sso-provider:read": {
    api: "admin",
    target: "tenant",
    description: "See who may say for the tenant who somebody is.",
  },
  "sso-provider:write": {
    api: "admin",
    target: "tenant",
    read: "sso-provider:read",
    description: "Set up single sign-on, require it, and turn it off.",
  },
  "personal-token:write": {
    api: "admin",
    target: "self",
    description: "Make, change and revoke one's own personal tokens.",
  },
  "own-name:write": {
    api: "admin",
    target: "self",
    description: "Change one's own name.",
  },
  "initial-access-token:read": {
    api: "admin",
    target: "workspace",
    description: "See the tokens that register clients.",
  },
  "initial-access-token:write": {
    api: "admin",
    target: "workspace",
    read: "initial-access-token:read",
    description: "Create and revoke tokens that register clients.",
  },
  "token:revoke": {
    api: "admin",
    target: "workspace",
    isContent: true,
    read: "client:read",
    description: "Take back all tokens of a client.",
  },
  "signing-key:rotate": {
    api: "admin",
    target: "workspace",
    isContent: true,
    read: "workspace:read",
    description: "Put the next signing key to work.",
  },
  "signing-key:revoke": {
    api: "admin",
    target: "workspace",
    isContent: true,
    read: "workspace:read",
    description: "Revoke a signing key, and with it every token that it signed.",
  },
  "token-log:read": { api: "admin", target: "workspace", isContent: true, description: "See the token log." },
  "audit:read": { api: "admin", target: "workspace", description: "See the audit log." },
  "settings:read": { api: "admin", target: "workspace", description: "See a workspace's settings." },
  "settings:write": {
    api: "admin",
    target: "workspace",
    read: "settings:read",
    description: "Change a workspace's settings.",
  },
  "tenant-settings:read": { api: "system", target: "tenant", description: "See the tenant's settings." },
  "tenant-settings:write": {
    api: "system",
    target: "tenant",
    read: "tenant-settings:read",
    description: "Change the tenant's settings.",
  },
  "tenant-token:read": {
    api: "system",
    target: "tenant",
    description: "See what a token of any workspace of the tenant is, and why it is no good.",
  },
  "tenant-token:revoke": {
    api: "system",
    target: "tenant",
    read: "tenant-token:read",
    description: "Take back tokens in any workspace of the tenant.",
  },
  "tenant:read": { api: "system", target: "installation", description: "See all tenants of the installation." },
  "tenant:create": {
    api: "system",
    target: "installation",
    read: "tenant:read",
    description: "Create tenants.",
  },
  "tenant:write": {
    api: "system",
    target: "installation",
    read: "tenant:read",
    description: "Rename tenants, and set their limits.",
  },
  "tenant:suspend": {
    api: "system",
    target: "installation",
    read: "tenant:read",
    description: "Suspend and resume tenants.",
  },
  "tenant:delete": {
    api: "system",
    target: "installation",
    read: "tenant:read",
    description: "Delete tenants, and restore them within the grace.",
  },
  "tenant-api-token:write": {
    api: "system",
    target: "installation",
    read: "tenant:read",
    description: "Make and import API tokens for applications of any tenant.",
  },
  "installation-settings:read": {
    api: "system",
    target: "installation",
    description: "See the installation's settings.",
  },
  "installation-settings:write": {
    api: "system",
    target: "installation",
    read: "installation-settings:read",
    description: "Change the installation's settings.",
  },
} as const satisfies Record<string, Declaration>;

export type Permission = keyof typeof declared;
export const permissions: Readonly<Record<Permission, Declaration>> = declared;
export const permissionNames = Object.keys(declared) as Permission[];

export const isPermission = (name: string): name is Permission => Object.hasOwn(declared, name);

/** A workspace as a target: its kind decides whether its contents are closed. */
export interface WorkspaceTarget {
  readonly workspaceId: string;
  readonly kind: "admin" | "system" | "custom";
}

/** Stands for every workspace at once: only what is held everywhere is held there. */
export const anyWorkspace: WorkspaceTarget = { workspaceId: "", kind: "custom" };

/** What a permission must be used on: its declaration fixes it. */
export type TargetOf<P extends Permission> = (typeof declared)[P]["target"] extends "workspace"
  ? WorkspaceTarget
  : null;

const of = (api: "admin" | "system", keep: (name: Permission, declaration: Declaration) => boolean) =>
  permissionNames.filter(
    (name) => permissions[name].api === api && permissions[name].target !== "self" && keep(name, permissions[name]),
  );

/** The scopes that Mintmark's own API of a special workspace has; only the root tenant's system workspace manages the installation. */
export const ownApiScopes = (kind: "admin" | "system", isRootTenant: boolean): readonly Permission[] =>
  of(kind, (_, declaration) => declaration.target !== "installation" || isRootTenant);

const developerWrites: readonly Permission[] = [
  "client:write",
  "client-secret:write",
  "client-grant:write",
  "token:revoke",
  "resource:write",
];
const isRead = (name: Permission) => name.endsWith(":read");
/** Developers see members' names, and no more of people. */
const notForDevelopers: readonly Permission[] = [
  "audit:read",
  "member-account:read",
  "invitation:read",
  "sso-provider:read",
];
/** Besides what ends for good: what opens accounts. Whoever sets up a provider can be anybody whom it knows. */
const ownersOnly: readonly Permission[] = [
  "workspace:delete",
  "signing-key:revoke",
  "member:reset",
  "member:erase",
  "sso-provider:write",
];

/** Built-in roles: which scopes each holds. `owner` … `auditor` live in every admin workspace, `operator` in every system one. */
export const builtInRoles = {
  owner: of("admin", () => true),
  admin: of("admin", (name) => !ownersOnly.includes(name)),
  developer: of(
    "admin",
    (name) => (isRead(name) && !notForDevelopers.includes(name)) || developerWrites.includes(name),
  ),
  auditor: of("admin", isRead),
  operator: of("system", () => true),
} as const satisfies Record<string, readonly Permission[]>;

export type BuiltInRole = keyof typeof builtInRoles;

export type { ClientAuthenticationMethod, SigningAlgorithm } from "@mintmark/token-issuer";
export {
  type Actor,
  type Answer,
  mayRead,
  type ShownOnce,
  shellActor,
  signedIn,
} from "./actor.ts";
export {
  type Assignment,
  type AssignmentFilter,
  createAssignment,
  deleteAssignment,
  getAssignment,
  listAssignments,
} from "./assignment.ts";
export type { AuditEvent } from "./audit.ts";
export { type AuditChange, changesOf } from "./audit-change.ts";
export type { AuditFilter } from "./audit-filter.ts";
export {
  type AuditEntry,
  type ChainFault,
  type ChainLink,
  getAuditEntry,
  listAuditEntries,
  type StoredAuditRow,
  verifyChain,
} from "./audit-log.ts";
export type { AutomationAccess } from "./automation-client.ts";
export { addBootstrapSecrets, type BootstrapResult, bootstrap } from "./bootstrap.ts";
export { deleteClient, disableClient, enableClient, getClient, getClients, updateClient } from "./client.ts";
export {
  addClientAuthority,
  type ClientAuthority,
  getClientAuthority,
  listClientAuthorities,
  removeClientAuthority,
} from "./client-authority.ts";
export {
  type ClientCertificate,
  createClientCertificate,
  getClientCertificate,
  revokeClientCertificate,
} from "./client-certificate.ts";
export {
  type ClientGrant,
  deleteClientGrant,
  getClientGrant,
  grantsOfClients,
  listClientGrants,
  setClientGrant,
} from "./client-grant.ts";
export {
  type ClientKey,
  createClientKey,
  getClientKey,
  revokeClientKey,
} from "./client-key.ts";
export {
  type ClientCounts,
  type ClientFilter,
  type ClientPage,
  type ClientSort,
  type ClientState,
  type ClientSummary,
  clientCounts,
  clientSummaries,
  listClients,
} from "./client-list.ts";
export type { Client } from "./client-row.ts";
export {
  createClientSecret,
  getClientSecret,
  importClientSecret,
  revokeClientSecret,
} from "./client-secret.ts";
export type { ClientSecret } from "./client-secret-row.ts";
export { listConfigurationChanges } from "./configuration-changes.ts";
export type { Credential } from "./credential.ts";
export { type CredentialFilter, listCredentials } from "./credentials.ts";
export { revokeClientTokens } from "./cut-off.ts";
export { recordDroppedCertificate } from "./dropped-certificate.ts";
export {
  describe,
  type Failure,
  type FailureCode,
  type FailureText,
  Refusal,
} from "./failure.ts";
export {
  createFederatedCredential,
  type FederatedCredential,
  getFederatedCredential,
  revokeFederatedCredential,
} from "./federated-credential.ts";
export type { Installation } from "./handle.ts";
export { startHousekeeping } from "./housekeeping.ts";
export { type CorrelationId, type Id, idPrefixes, type Noun, newCorrelationId, newId, nounOf } from "./id.ts";
export { ensureInstallation, isInstalled, type OpenOptions, OriginChanged } from "./installation.ts";
export { acceptInvitation, type InvitationView, readInvitation } from "./invitation.ts";
export { type PostgresIssuerStore, postgresIssuerStore } from "./issuer-store.ts";
export { type JwksFetch, listJwksFetches } from "./jwks-fetches.ts";
export { WrongMasterKey } from "./keyring.ts";
export { clientsLockedOutBy, type LockedOut, type LockedOutClient } from "./locked-out.ts";
export {
  type Membership,
  memberPrincipal,
  membershipsOf,
  type SignedInPerson,
  type ViewingPerson,
  viewerMemberships,
  viewingPerson,
} from "./member.ts";
export {
  type MemberEvent,
  type PersonContext,
  recordMemberEvent,
  userOfEmail,
  userOfPendingSignIn,
} from "./member-event.ts";
export { createClient } from "./new-client.ts";
export { type OwnerReset, resetOwner } from "./owner-reset.ts";
export { DEFAULT_PAGE, LARGEST_PAGE, type Page, type PageRequest } from "./paging.ts";
export {
  type BuiltInRole,
  builtInRoles,
  isPermission,
  ownApiScopes,
  type Permission,
  permissionNames,
  permissions,
  type TargetOf,
  type WorkspaceTarget,
} from "./permission.ts";
export {
  email,
  type HashPassword,
  LONGEST_PASSWORD,
  password,
  SHORTEST_PASSWORD,
  signInTables,
} from "./person.ts";
export { renamePerson } from "./person-name.ts";
export { clientPrincipal, type SignedInClient } from "./powers.ts";
export {
  type Anonymous,
  anonymous,
  authorise,
  type ClientPrincipal,
  holds,
  type MemberPrincipal,
  nameOf,
  type Power,
  type Principal,
  type ShellPrincipal,
  type SignedIn,
  STEP_UP_MS,
} from "./principal.ts";
export type { PulseExchange, TokenPulse } from "./pulse/pulse-exchange.ts";
export { type TokenMinute, tokenMinutes } from "./pulse/token-minutes.ts";
export { allowWatching } from "./pulse/watched-workspace.ts";
export { writeCountedRefusals } from "./refused-act.ts";
export {
  createResource,
  deleteResource,
  getResource,
  getResources,
  listResources,
  type Resource,
  updateResource,
} from "./resource.ts";
export { addResourceServer, listResourceServers, removeResourceServer } from "./resource-server.ts";
export { clientsOfScopes, listResourceGrants, type ResourceUse, useOfResources } from "./resource-use.ts";
export {
  createRole,
  deleteRole,
  getRole,
  getRoles,
  listRoles,
  type Role,
  scopesOfRole,
  updateRole,
} from "./role.ts";
export type { HoldOut } from "./rotation-progress.ts";
export { createScope, deleteScope, getScope, listScopes, type Scope, scopesOfResources, updateScope } from "./scope.ts";
export { claimCode, endPendingSignIns } from "./second-factor.ts";
export {
  cancelSecretRotation,
  extendSecretRotation,
  listSecretRotations,
  retireSecret,
  rotateClientSecret,
  type SecretRotation,
} from "./secret-rotation.ts";
export { type ClientSecretValue, isClientSecretValue } from "./secret-value.ts";
export {
  type EndingSessions,
  endSessions,
  keepProof,
  livingSessions,
  noteStepUp,
  SESSION_LIFETIME_S,
  type Session,
  sessionsOf,
  useSession,
} from "./session.ts";
export { type JoinedMember, newSetUpCode, type SetUpState, setUp, setUpState } from "./set-up.ts";
export type {
  BindingUse,
  Issuance,
  SettingLevel,
  SettingName,
  Settings,
  StatusListUse,
  WhenDatabaseAway,
} from "./settings.ts";
export {
  updateClientSettings,
  updateInstallationSettings,
  updateTenantSettings,
  updateWorkspaceSettings,
} from "./settings-change.ts";
export {
  clientSettings,
  installationSettings,
  type SettingHere,
  type SettingsHere,
  tenantSettings,
  workspaceSettings,
} from "./settings-here.ts";
export { listSigningKeys, type SigningKey } from "./signing-key.ts";
export { revokeSigningKey, rotateSigningKey } from "./signing-key-rotation.ts";
export {
  createTenant,
  getTenant,
  listTenants,
  ownTenant,
  resumeTenant,
  rootTenant,
  suspendTenant,
  type Tenant,
} from "./tenant.ts";
export { type TokenActivity, type TokenHour, tokenActivity } from "./token-activity.ts";
export { listTokenLog, type TokenLogEntry } from "./token-log-list.ts";
export {
  createWorkspace,
  deleteWorkspace,
  getWorkspace,
  getWorkspaces,
  listWorkspaces,
  resumeWorkspace,
  suspendWorkspace,
  updateWorkspace,
  type Workspace,
  workspaceBySlug,
} from "./workspace.ts";
export { listExpiringCredentials, type WorkspaceCounts, workspaceCounts } from "./workspace-counts.ts";
